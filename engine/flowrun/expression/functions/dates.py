"""Dates and Instants: the time now, reading, printing, checking. A Date has milliseconds, an Instant nanoseconds."""

from typing import TYPE_CHECKING

from flowrun.dialect.numbers import LONG_MAX, LONG_MIN
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.call import call
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument
from flowrun.expression.functions.numbers import quotient
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType, Term

if TYPE_CHECKING:
    from datetime import tzinfo

    from flowrun.dialect.dates import DatePattern

_STRING, _WHOLE, _BOOLEAN = ResultType.STRING, ResultType.WHOLE_NUMBER, ResultType.BOOLEAN
_DATE, _INSTANT = ResultType.DATE, ResultType.INSTANT

_NANOS_PER_MILLISECOND = 1_000_000


def date_pattern(text: str) -> "DatePattern":
    """The compiled pattern."""
    from flowrun.dialect.dates import DatePattern  # dates cost an import that most flows need not pay

    return DatePattern.parse(text)


def time_zone(text: str) -> "tzinfo":
    """The zone of this id."""
    from flowrun.dialect.dates import zone

    return zone(text)


def zone_of(scope: Scope, zone: "tzinfo | None") -> "tzinfo":
    """The zone given, else the scope's, else the system's."""
    if zone is not None:
        return zone
    if scope.zone is not None:
        return scope.zone
    from flowrun.dialect.dates import system_zone

    return system_zone()


def _format(scope: Scope, milliseconds: int, pattern: "DatePattern", zone: "tzinfo | None" = None) -> str:
    return pattern.format(milliseconds * _NANOS_PER_MILLISECOND, zone_of(scope, zone))


def _format_instant(nanos: int, pattern: "DatePattern", zone: "tzinfo") -> str:
    return pattern.format(nanos, zone)


def _same(value: int) -> int:
    return value


def _to_date(scope: Scope, text: str, pattern: "DatePattern", zone: "tzinfo | None" = None) -> int:
    return pattern.parse_lenient(text, zone_of(scope, zone)) // _NANOS_PER_MILLISECOND


def _instant_of(milliseconds: int) -> int:
    return milliseconds * _NANOS_PER_MILLISECOND


def _to_instant(text: str, pattern: "DatePattern", zone: "tzinfo") -> int:
    return pattern.parse_strict(text, zone)


def _since_epoch(nanos: int, per_unit: int, name: str) -> int:
    if not LONG_MIN <= nanos <= LONG_MAX:
        raise EvaluationError(f"{name}(): the Instant is too far from 1970 to be counted in 64 bits")
    return quotient(nanos, per_unit)


def _to_micros(nanos: int) -> int:
    return _since_epoch(nanos, 1000, "toMicros")


def _to_nanos(nanos: int) -> int:
    return _since_epoch(nanos, 1, "toNanos")


_PATTERN = Argument("pattern", null=NullArgument.NULL, prepare=date_pattern)
_ZONE = Argument("zone", is_optional=True, prepare=time_zone)
_EXAMPLE = Example("", "")

_DATE_OF_NUMBER = Function("toDate", _WHOLE, (), _DATE, "", _EXAMPLE, _same)
_DATE_OF_TEXT = Function("toDate", _STRING, (_PATTERN, _ZONE), _DATE, "", _EXAMPLE, _to_date, sees_scope=True)
_INSTANT_OF_NUMBER = Function("toInstant", _WHOLE, (), _INSTANT, "", _EXAMPLE, _instant_of)
_INSTANT_OF_TEXT = Function(
    "toInstant",
    _STRING,
    (
        Argument("pattern", null=NullArgument.NULL, prepare=date_pattern, is_checked=False),
        Argument("zone", null=NullArgument.ERROR, prepare=time_zone, is_checked=False),
    ),
    _INSTANT,
    "",
    _EXAMPLE,
    _to_instant,
)


def _build_to_date(subject: Term, arguments: tuple[Term, ...]) -> Term:
    if arguments and subject.type is _STRING:
        return call(_DATE_OF_TEXT, subject, arguments, subject.column)
    return call(_DATE_OF_NUMBER, subject, (), subject.column)


def _build_to_instant(subject: Term, arguments: tuple[Term, ...]) -> Term:
    if len(arguments) == 1:
        raise ExpressionError(
            "toInstant() takes a pattern and a zone, or no arguments; found 1", column=arguments[0].column
        )
    if arguments and subject.type is _STRING:
        return call(_INSTANT_OF_TEXT, subject, arguments, subject.column)
    return call(_INSTANT_OF_NUMBER, subject, (), subject.column)


FUNCTIONS = (
    Function(
        "toDate",
        None,
        (
            Argument("pattern", null=NullArgument.NULL, is_optional=True),
            Argument("zone", is_optional=True),
        ),
        _DATE,
        "The Date that a text is by the pattern, read with lenient widths and in any case, in the zone or the "
        "system's; a text that does not fit is an error. Without a pattern, and for a number, the milliseconds since "
        "the epoch.",
        Example("${day:toDate('yyyy-MM-dd', 'UTC'):toNumber()}", "1709164800000", {"day": "2024-02-29"}),
        build=_build_to_date,
    ),
    Function(
        "format",
        _DATE,
        (_PATTERN, _ZONE),
        _STRING,
        "The Date in the pattern of Java's `DateTimeFormatter`, in the zone or the system's. A text is converted to a "
        "Date first: milliseconds, `yyyy/MM/dd HH:mm:ss`, or as a Date prints.",
        Example("${ms:format('yyyy-MM-dd HH:mm', 'UTC')}", "2014-06-24 14:31", {"ms": "1403620278642"}),
        _format,
        sees_scope=True,
    ),
    Function(
        "toInstant",
        None,
        (
            Argument("pattern", null=NullArgument.NULL, is_optional=True),
            Argument("zone", null=NullArgument.ERROR, is_optional=True),
        ),
        _INSTANT,
        "The Instant that a text with date and time is by the pattern, read strictly, in the zone; a text, pattern or "
        "zone that does not fit is an error. Without arguments, and for a number, the milliseconds since the epoch.",
        Example(
            "${at:toInstant('yyyy-MM-dd HH:mm:ss', 'Asia/Tokyo')}",
            "2026-08-04T01:15:30Z",
            {"at": "2026-08-04 10:15:30"},
        ),
        build=_build_to_instant,
    ),
    Function(
        "formatInstant",
        _INSTANT,
        (
            Argument("pattern", null=NullArgument.ERROR, prepare=date_pattern, is_checked=False),
            Argument("zone", null=NullArgument.ERROR, prepare=time_zone, is_checked=False),
        ),
        _STRING,
        "The Instant in the pattern, in the zone. A text is converted to an Instant first: milliseconds, or ISO 8601.",
        Example(
            "${at:formatInstant('HH:mm:ss.SSSSSS', 'UTC')}", "10:15:30.123456", {"at": "2024-02-29T10:15:30.123456789Z"}
        ),
        _format_instant,
    ),
    Function(
        "toMicros",
        _INSTANT,
        (),
        _WHOLE,
        "The Instant's microseconds since the epoch.",
        Example("${ms:toInstant():toMicros()}", "1403620278642000", {"ms": "1403620278642"}),
        _to_micros,
        is_exact=True,
    ),
    Function(
        "toNanos",
        _INSTANT,
        (),
        _WHOLE,
        "The Instant's nanoseconds since the epoch.",
        Example("${ms:toInstant():toNanos()}", "1403620278642000000", {"ms": "1403620278642"}),
        _to_nanos,
        is_exact=True,
    ),
)
