"""JSON: what is read can be printed and read again as the same."""

import json
from collections.abc import Iterable

from flowrun.dialect.json_text import print_json, read_json
from tests.conformance.tables import HERE, Tables
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, TypedError, attempt, kind


def _seeds() -> Iterable[Input]:
    for case in Tables(HERE).processors:
        if case["processor"] == "EvaluateJsonPath":
            yield from ({"text": each["content"][:5000]} for each in case.get("inputs", ()) if "content" in each)
    yield from ({"text": text} for text in ('{"a": [1, 2.50, {"b": null}]}', '"\\ud83d\\ude00"', "[[[[]]]]", "-1.5E+3"))


def _check(made: Input) -> str:
    text = made["text"]
    outcome = attempt(lambda: read_json(text))
    alone = attempt(lambda: read_json(text, trailing=False, maximum_string_length=64))
    of_bytes = attempt(lambda: read_json(text.encode("utf-8", "surrogatepass")))
    attempt(lambda: read_json(text.encode("utf-16-le", "surrogatepass")))
    if isinstance(outcome, TypedError):
        return kind(outcome)
    assert not isinstance(of_bytes, TypedError)
    printed = attempt(lambda: print_json(outcome))
    if isinstance(printed, str):
        json.loads(printed)
        again = read_json(printed)
        assert print_json(again) == printed, "printed otherwise the second time"
        as_written = print_json(outcome, doubles="text")
        assert print_json(read_json(as_written), doubles="text") == as_written, "not printed as it was written"
    return f"{kind(outcome)} {kind(alone)} {kind(printed)}"


TARGET = Target("json_texts", _seeds, Grammar.read("json_texts"), _check)
