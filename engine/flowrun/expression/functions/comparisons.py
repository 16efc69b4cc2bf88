"""Comparing numbers."""

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.numbers import Number
from flowrun.expression.types import ResultType

_BOOLEAN, _NUMBER = ResultType.BOOLEAN, ResultType.NUMBER


def _compare(operator: Callable[[Any, Any], bool]) -> Callable[[Number, Number], bool]:
    def compare(subject: Number, number: Number) -> bool:
        if type(subject) is not type(number):
            subject, number = float(subject), float(number)
        return operator(subject, number)

    return compare


def _comparison(name: str, operator: Callable[[Any, Any], bool], meaning: str, result: str) -> Function:
    return Function(
        name,
        _NUMBER,
        (Argument("number", _NUMBER, NullArgument.FALSE),),
        _BOOLEAN,
        f"Whether the subject is {meaning} the number. Both are compared as doubles if either is a decimal; a Date or "
        "Instant counts as its milliseconds; what is no number gives false.",
        Example(f"${{fileSize:{name}(1024)}}", result, {"fileSize": "1024"}),
        _compare(operator),
        NullSubject.FALSE,
    )


FUNCTIONS = (
    _comparison("gt", gt, "greater than", "false"),
    _comparison("ge", ge, "greater than or equal to", "true"),
    _comparison("lt", lt, "less than", "false"),
    _comparison("le", le, "less than or equal to", "true"),
)
