"""Parameters: where the references stand in a text, what replaces them, and the way back to the text as written."""

from collections.abc import Iterable

from flowrun.errors import ExpressionError
from flowrun.parameter_reference import Parameters, expression_spans, references, substitute, substitution
from tests.conformance.tables import HERE, Tables
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, check_column, kind


def _seeds() -> Iterable[Input]:
    for case in Tables(HERE).expressions:
        if case.get("parameters"):
            yield {"text": case["expression"], "value": next(iter(case["parameters"].values()))}
    yield from ({"text": "a #{p} ${b:append('#{q}')}", "value": "x"} for _ in range(60))


def _check(made: Input) -> str:
    text, value = made["text"], made["value"]
    _check_spans(text)
    found = references(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(text[each.start : each.start + 2] == "#{" and text[each.end - 1] == "}" for each in found)
    strict = attempt(lambda: substitution(text, Parameters({"p": value})))
    if isinstance(strict, ExpressionError):
        check_column(strict, text)
    parameters = Parameters({"p": value, "q": "7"}, frozenset({"q"}), unknown_is_null=True)
    replaced = substitution(text, parameters)
    assert substitute(text, parameters) == (replaced.text if "#{" in text else text)
    for offset in range(0, len(replaced.text), len(replaced.text) // 50 + 1):
        origin, reference = replaced.origin(offset)
        assert text[origin] == (replaced.text[offset] if reference is None else "#")
    return f"{len(found)} references {kind(strict)}"


def _check_spans(text: str) -> None:
    end = 0
    for start, behind in expression_spans(text):
        assert end <= start < behind, "spans overlap"
        assert text[behind - 1] == "}"
        end = behind
    # Where a run of dollar signs goes on behind a brace, NiFi's count of them leads to a place before the escaped ones.
    assert all(0 <= start < behind <= len(text) for start, behind in expression_spans(text, escaped=True))


TARGET = Target("parameters", _seeds, Grammar.read("parameters"), _check)
