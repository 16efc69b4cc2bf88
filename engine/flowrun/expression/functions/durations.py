"""Adding to Dates and Instants."""

import re
from typing import TYPE_CHECKING, NamedTuple

from flowrun.dialect.numbers import LONG_MAX
from flowrun.errors import ExpressionError
from flowrun.expression.functions.dates import time_zone, zone_of
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument
from flowrun.expression.functions.java_text import shown
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType

if TYPE_CHECKING:
    from datetime import tzinfo

_STRING, _DATE, _INSTANT = ResultType.STRING, ResultType.DATE, ResultType.INSTANT

_NANOS_PER_MILLISECOND = 1_000_000
_MOST_DIGITS = 19
_DURATION = re.compile(
    r"\s* ([0-9]+) \s+ (nanosecond|second|minute|hour|day|week|month|year) s? \s*",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class Duration(NamedTuple):
    """So many of one unit, which is in lower case and singular."""

    amount: int
    unit: str


def duration(text: str) -> Duration:
    """`2 weeks`: a whole number, a blank, a unit. Raises ExpressionError."""
    found = _DURATION.fullmatch(text)
    digits = found[1].lstrip("0") or "0" if found else ""
    if found is None or len(digits) > _MOST_DIGITS or int(digits) > LONG_MAX:
        raise ExpressionError(
            "expected a whole number, a blank and a unit from nanosecond to year, such as '2 weeks', "
            f"found {shown(text)}"
        )
    return Duration(int(digits), found[2].lower())


def _added(nanos: int, amount: int, unit: str, zone: "tzinfo") -> int:
    from flowrun.dialect.dates import add_duration  # dates cost an import that most flows need not pay

    return add_duration(nanos, amount, unit, zone)


def _plus(scope: Scope, milliseconds: int, span: Duration, zone: "tzinfo | None" = None) -> int:
    nanos = _added(milliseconds * _NANOS_PER_MILLISECOND, span.amount, span.unit, zone_of(scope, zone))
    return nanos // _NANOS_PER_MILLISECOND


def _minus(scope: Scope, milliseconds: int, span: Duration, zone: "tzinfo | None" = None) -> int:
    return _plus(scope, milliseconds, Duration(-span.amount, span.unit), zone)


def _plus_instant(nanos: int, span: Duration) -> int:
    return _added(nanos, span.amount, span.unit, time_zone("UTC"))


def _minus_instant(nanos: int, span: Duration) -> int:
    return _added(nanos, -span.amount, span.unit, time_zone("UTC"))


_AMOUNT = Argument("amount", null=NullArgument.ERROR, prepare=duration)
_ZONE = Argument("zone", is_optional=True, prepare=time_zone)
_FORM = (
    "An amount is a whole number, a blank and a unit from nanosecond to year, singular or plural. "
    "Days and larger units follow the calendar"
)
_OF_DATE = f" {_FORM} in the zone, or the system's: the time of day stays, and a day that a month has not is its last."
_OF_INSTANT = f" {_FORM} in UTC."

FUNCTIONS = (
    Function(
        "plusDuration",
        _DATE,
        (_AMOUNT, _ZONE),
        _DATE,
        "The Date so much later." + _OF_DATE,
        Example(
            "${day:toDate('yyyy-MM-dd', 'UTC'):plusDuration('1 month', 'UTC'):format('yyyy-MM-dd', 'UTC')}",
            "2024-02-29",
            {"day": "2024-01-31"},
        ),
        _plus,
        sees_scope=True,
    ),
    Function(
        "minusDuration",
        _DATE,
        (_AMOUNT, _ZONE),
        _DATE,
        "The Date so much earlier." + _OF_DATE,
        Example(
            "${day:toDate('yyyy-MM-dd', 'UTC'):minusDuration('2 weeks', 'UTC'):format('yyyy-MM-dd', 'UTC')}",
            "2024-01-17",
            {"day": "2024-01-31"},
        ),
        _minus,
        sees_scope=True,
    ),
    Function(
        "plusInstantDuration",
        _INSTANT,
        (_AMOUNT,),
        _INSTANT,
        "The Instant so much later." + _OF_INSTANT,
        Example("${at:plusInstantDuration('90 minutes')}", "2026-08-04T11:30:00Z", {"at": "2026-08-04T10:00:00Z"}),
        _plus_instant,
    ),
    Function(
        "minusInstantDuration",
        _INSTANT,
        (_AMOUNT,),
        _INSTANT,
        "The Instant so much earlier." + _OF_INSTANT,
        Example(
            "${at:minusInstantDuration('1 nanosecond')}",
            "2026-08-04T09:59:59.999999999Z",
            {"at": "2026-08-04T10:00:00Z"},
        ),
        _minus_instant,
    ),
)
