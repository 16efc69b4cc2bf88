"""The Expression Language: any property's text with any attributes gives a text or a typed error.

The part `text` is the property's; a part whose name begins with `@` is an attribute.
"""

import re
from collections.abc import Iterable, Iterator

from flowrun.expression import Expression, Scope
from flowrun.expression.functions.catalog import FAMILIES, SOURCES, functions
from flowrun.expression.functions.declaration import Function
from flowrun.expression.types import ResultType
from flowrun.parameter_reference import Parameters
from tests.conformance.tables import HERE, Tables
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, check_column, kind

_PARAMETERS = Parameters({"p": "${b}", "half": "${b:append('", "q": "7"}, frozenset({"q"}), unknown_is_null=True)
_VARYING = re.compile("now|random|nextInt|UUID|thread|hostname|ip|getUri|repeat")
_BLANKS = "".join(map(chr, range(33)))

_KINDS = {
    None: "argument",
    ResultType.STRING: "string",
    ResultType.WHOLE_NUMBER: "whole",
    ResultType.NUMBER: "number",
    ResultType.BOOLEAN: "condition",
}
_BY_NAME = {
    "regular expression": "regex",
    "replacement": "replacement",
    "path": "path",
    "pattern": "pattern",
    "zone": "zone",
    "amount": "duration",
    "algorithm": "algorithm",
    "method": "method",
}


def _call(function: Function) -> str:
    rules = [_BY_NAME.get(argument.name, _KINDS[argument.type]) for argument in function.arguments]
    return f"{function.name}({', '.join(f'‹{rule}›' for rule in rules)})"


def _calls() -> dict[str, tuple[str, ...]]:
    declared = [function for family in FAMILIES for function in functions(family)]
    called = [function for function in declared if function.has_subject]
    short = [
        f"{function.name}({', '.join('‹argument›' for _ in range(function.fewest))})"
        for function in called
        if function.fewest < len(function.arguments)
    ]
    return {
        "call": (*map(_call, called), *short, "‹word›(‹argument›)", "‹word›()"),
        "starter": (*map(_call, (each for each in declared if not each.has_subject and each.name not in SOURCES)),),
    }


def _seeds() -> Iterable[Input]:
    for case in Tables(HERE).expressions:
        yield {"text": case["expression"]} | {f"@{name}": value for name, value in case["attributes"].items()}
    for family in FAMILIES:
        for function in functions(family):
            example = function.example
            yield {"text": example.expression} | {f"@{name}": value for name, value in example.attributes.items()}
    yield from _grown()


def _grown() -> Iterator[Input]:
    """Inputs whose parts the grammar makes, many so that they are taken often."""
    for text in ("${a:toUpper()}", "${allAttributes('a', 'b'):join(',')}", "${a:equals(${b})}"):
        for value in ("5", "a,b", "2024-02-29T10:15:30Z", '{"a": [1]}'):
            yield from ({"text": text, "@a": value, "@b": "7"} for _ in range(80))


def _check(made: Input) -> str:
    text = made["text"]
    attributes = {name[1:]: value for name, value in made.items() if name[:1] == "@"}
    expression = attempt(lambda: Expression.parse(text, parameters=_PARAMETERS))
    if not isinstance(expression, Expression):
        check_column(expression, text)
        return kind(expression)
    scope = Scope(attributes, state={"a": "1"})
    found = attempt(lambda: expression.evaluate(scope))
    if isinstance(found, str):
        found.encode()
        if not _VARYING.search(repr(made)):
            assert found == expression.evaluate(scope, quote=str), "another value with quoting that does nothing"
            assert expression.evaluate_boolean(scope) == (found.strip(_BLANKS).lower() == "true")
    return f"{expression.single_result_type} {kind(found)}"


TARGET = Target("expressions", _seeds, Grammar.read("expressions", _calls()), _check)
