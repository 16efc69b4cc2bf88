"""`math`, the way to Java's `Math`."""

from flowrun.expression.functions.declaration import Argument, Example, Function, NullSubject
from flowrun.expression.functions.java_math import call_method
from flowrun.expression.functions.numbers import Number
from flowrun.expression.types import ResultType

_NUMBER = ResultType.NUMBER


def _math(name: str | None) -> Number | None:
    return None if name is None else call_method(name)


def _math_of(subject: Number | None, name: str | None, *others: Number | None) -> Number | None:
    if name is None or subject is None:
        return None
    values = [subject, *(other for other in others if other is not None)]
    return call_method(name, *values) if len(values) == 1 + len(others) else None


_MATH = (
    "A method of Java's `Math`, by name and by the exact types of its values, long or double: `random` without a "
    "subject; `abs`, `max`, `min` for both; `sqrt`, `cbrt`, `ceil`, `floor`, `rint`, `round`, `pow`, `signum`, "
    "`log10`, `hypot` and so on for decimals; `addExact`, `floorMod`, `floorDiv` for whole numbers; `scalb` for a "
    "decimal and a whole number. A method that there is not for these types is an error; null anywhere gives null."
)

FUNCTIONS = (
    Function(
        "math",
        None,
        (Argument("method"),),
        _NUMBER,
        _MATH,
        Example("${math('random'):lt(1)}", "true"),
        _math,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "math",
        _NUMBER,
        (Argument("method"), Argument("value", _NUMBER, is_optional=True)),
        _NUMBER,
        _MATH,
        Example("${size:toDecimal():math('pow', 2.0)}", "6.25", {"size": "2.5"}),
        _math_of,
        NullSubject.SEEN,
    ),
)
