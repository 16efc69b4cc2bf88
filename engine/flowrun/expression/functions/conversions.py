"""Functions that only change a value's type."""

from typing import Any

from flowrun.expression.functions.declaration import Example, Function
from flowrun.expression.types import ResultType


def _same(subject: Any) -> Any:
    return subject


FUNCTIONS = (
    Function(
        "toString",
        ResultType.STRING,
        (),
        ResultType.STRING,
        "The subject as it prints.",
        Example("${size:toNumber():toString():length()}", "2", {"size": "42"}),
        _same,
    ),
    Function(
        "toNumber",
        ResultType.WHOLE_NUMBER,
        (),
        ResultType.WHOLE_NUMBER,
        "The subject as a whole number: a decimal loses its fraction, a Date or Instant is its milliseconds since the "
        "epoch, text that is no number is null.",
        Example("${size:toNumber()}", "12", {"size": " 12.9 "}),
        _same,
    ),
    Function(
        "toDecimal",
        ResultType.DECIMAL,
        (),
        ResultType.DECIMAL,
        "The subject as a decimal; text that is no number is null.",
        Example("${size:toDecimal():divide(4)}", "2.5", {"size": "10"}),
        _same,
    ),
)
