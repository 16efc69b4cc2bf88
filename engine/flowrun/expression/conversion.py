"""How a value of one type becomes one of another, when a function states what it wants.

Source: NiFi's evaluators in `…expression.language.evaluation.cast`, and `ExpressionCompiler`, which decides what is
possible at all.
"""

from collections.abc import Callable
from typing import Any

from flowrun.dialect.numbers import format_double, number_from_text, saturate_long, trim
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.scope import Scope
from flowrun.expression.types import Constant, ResultType, Term, Value

_NANOS_PER_MILLISECOND = 1_000_000
_INT_LIMIT = 1 << 31

_BOOLEAN, _STRING, _WHOLE, _DECIMAL, _NUMBER, _DATE, _INSTANT = ResultType


def _identity(value: Any) -> Any:
    return value


def _nothing(value: Any) -> None:
    """NiFi converts neither a Date to an Instant nor the other way: the result is null."""


def boolean_text(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def number_text(value: int | float) -> str:
    """A Number as Java prints a long or a double."""
    return format_double(value) if isinstance(value, float) else str(value)


def boolean_from_text(text: str) -> bool:
    """`true` in any case and with blanks around it; all else is false."""
    return trim(text).lower() == "true"


def whole_number(value: int | float) -> int:
    """A Number without its fraction."""
    return saturate_long(value) if isinstance(value, float) else value


def int_value(value: int) -> int:
    """Java's cast of a long to an int, which functions make of their positions and lengths."""
    return (value + _INT_LIMIT) % (2 * _INT_LIMIT) - _INT_LIMIT


def _whole_number_from_text(text: str) -> int | None:
    number = number_from_text(text)
    return None if number is None else whole_number(number)


def _decimal_from_text(text: str) -> float | None:
    number = number_from_text(text)
    return None if number is None else float(number)


def _milliseconds(nanos: int) -> int:
    return nanos // _NANOS_PER_MILLISECOND


def _nanos(milliseconds: int | float) -> int:
    return whole_number(milliseconds) * _NANOS_PER_MILLISECOND


def _instant_text(nanos: int) -> str:
    from flowrun.dialect.dates import format_instant  # dates cost an import that most flows need not pay

    return format_instant(nanos)


def _instant_from_text(text: str) -> int:
    from flowrun.dialect.dates import instant_from_text

    return instant_from_text(text)


_CONVERSIONS: dict[tuple[ResultType, ResultType], Callable[[Any], Value]] = {
    (_BOOLEAN, _STRING): boolean_text,
    (_WHOLE, _STRING): str,
    (_DECIMAL, _STRING): format_double,
    (_NUMBER, _STRING): number_text,
    (_INSTANT, _STRING): _instant_text,
    (_STRING, _BOOLEAN): boolean_from_text,
    (_STRING, _WHOLE): _whole_number_from_text,
    (_DECIMAL, _WHOLE): saturate_long,
    (_NUMBER, _WHOLE): whole_number,
    (_DATE, _WHOLE): _identity,
    (_INSTANT, _WHOLE): _milliseconds,
    (_STRING, _DECIMAL): _decimal_from_text,
    (_WHOLE, _DECIMAL): float,
    (_NUMBER, _DECIMAL): float,
    (_DATE, _DECIMAL): float,
    (_STRING, _NUMBER): number_from_text,
    (_WHOLE, _NUMBER): _identity,
    (_DECIMAL, _NUMBER): _identity,
    (_DATE, _NUMBER): _identity,
    (_INSTANT, _NUMBER): _milliseconds,
    (_WHOLE, _DATE): _identity,
    (_DECIMAL, _DATE): whole_number,
    (_NUMBER, _DATE): whole_number,
    (_INSTANT, _DATE): _nothing,
    (_STRING, _INSTANT): _instant_from_text,
    (_WHOLE, _INSTANT): _nanos,
    (_DECIMAL, _INSTANT): _nanos,
    (_NUMBER, _INSTANT): _nanos,
    (_DATE, _INSTANT): _nothing,
}


def _date_text(scope: Scope, milliseconds: int) -> str:
    from flowrun.dialect.dates import format_java_date, system_zone

    return format_java_date(milliseconds * _NANOS_PER_MILLISECOND, scope.zone or system_zone())


def _date_from_text(scope: Scope, text: str) -> int:
    from flowrun.dialect.dates import date_from_text, system_zone

    return date_from_text(text, scope.zone or system_zone()) // _NANOS_PER_MILLISECOND


_ZONED_CONVERSIONS: dict[tuple[ResultType, ResultType], Callable[[Scope, Any], Value]] = {
    (_DATE, _STRING): _date_text,
    (_STRING, _DATE): _date_from_text,
}


def convert(term: Term, wanted: ResultType | None) -> Term:
    """The term as one of the wanted type (None: of any), null staying null.

    Raises ExpressionError where no value of the one type can ever become one of the other.
    """
    if wanted is None or term.type is wanted:
        return term
    zoned = _ZONED_CONVERSIONS.get((term.type, wanted))
    if zoned is not None:
        return _zoned_term(term, wanted, zoned)
    conversion = _CONVERSIONS.get((term.type, wanted))
    if conversion is None:
        raise ExpressionError(
            f"{term.name} gives a {term.type.value}, which can't be used as a {wanted.value}", column=term.column
        )
    if term.constant:
        return _folded(term, wanted, conversion)
    return _converted_term(term, wanted, conversion)


def _converted_term(term: Term, wanted: ResultType, conversion: Callable[[Any], Value]) -> Term:
    inner = term.evaluate

    def evaluate(scope: Scope) -> Value:
        value = inner(scope)
        return None if value is None else conversion(value)

    return _following(term, wanted, evaluate)


def _zoned_term(term: Term, wanted: ResultType, conversion: Callable[[Scope, Any], Value]) -> Term:
    inner = term.evaluate

    def evaluate(scope: Scope) -> Value:
        value = inner(scope)
        return None if value is None else conversion(scope, value)

    return _following(term, wanted, evaluate)


def _following(term: Term, wanted: ResultType, evaluate: Callable[[Scope], Value]) -> Term:
    following = Term(wanted, evaluate, column=term.column, name=term.name, depth=term.depth + 1)
    following.reduced = term.reduced
    return following


def _folded(term: Term, wanted: ResultType, conversion: Callable[[Any], Value]) -> Term:
    try:
        value = None if term.value is None else conversion(term.value)
    except EvaluationError:  # a mistake in data is found when it is met, as in NiFi
        return _converted_term(term, wanted, conversion)
    return Constant(wanted, value, column=term.column, name=term.name)
