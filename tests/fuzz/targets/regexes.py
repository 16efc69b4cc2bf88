"""Java's regular expressions: translation, search, replacement and split.

The library's own search is trusted to end: it looks at the clock. Here it gets less time than in a flow.
"""

import re
from collections.abc import Iterable

from flowrun.dialect.regex import JavaPattern, compile_regex, compile_replacement, quote, split
from tests.conformance.tables import HERE, Tables
from tests.fuzz.golden import golden
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, check_column, kind

_TIMEOUT = 0.2
_CALL = re.compile(r":(?:find|matches|replaceFirst|replaceAll)\(\s*'((?:[^'\\]|\\.)*)'(?:\s*,\s*'((?:[^'\\]|\\.)*)')?")


def _seeds() -> Iterable[Input]:
    tables = Tables(HERE)
    for case in tables.expressions:
        for found in _CALL.finditer(case["expression"]):
            text = next(iter(case["attributes"].values()), "abc")
            yield {"pattern": _unescaped(found[1]), "replacement": _unescaped(found[2] or "$0"), "text": text}
    for case in tables.processors:
        search = case.get("properties", {}).get("Search Value")
        if search is not None:
            replacement = case["properties"].get("Replacement Value", "$1")
            content = (case.get("inputs") or [{}])[0].get("content", "text")
            yield {"pattern": search, "replacement": replacement, "text": content[:2000]}
    for answer in golden("regex"):
        yield {"pattern": answer["pattern"], "text": answer["text"], "replacement": answer.get("replacement", "$0")}
    yield from ({"pattern": "(a)", "replacement": "$1", "text": "abc"} for _ in range(200))


def _unescaped(literal: str) -> str:
    return literal.replace("\\\\", "\\")


def _check(made: Input) -> str:
    text, pattern = made["text"], attempt(lambda: compile_regex(made["pattern"], timeout=_TIMEOUT))
    assert attempt(lambda: compile_regex(quote(text), timeout=_TIMEOUT).fullmatch(text)) is not None
    if not isinstance(pattern, JavaPattern):
        check_column(pattern, made["pattern"])
        return kind(pattern)
    found = attempt(lambda: pattern.search(text))
    whole = attempt(lambda: pattern.fullmatch(text))
    same = attempt(lambda: pattern.sub(text, lambda match: match[0]))
    assert same == text or not isinstance(same, str)
    replaced = attempt(lambda: pattern.sub(text, compile_replacement(made["replacement"], pattern)))
    parts = attempt(lambda: split(pattern, text))
    assert not isinstance(parts, list) or sum(map(len, parts)) <= len(text)
    return " ".join(map(kind, (found, whole, replaced, parts)))


TARGET = Target("regexes", _seeds, Grammar.read("regexes"), _check)
