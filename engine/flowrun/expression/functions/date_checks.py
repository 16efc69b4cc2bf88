"""Whether a text is a date."""

from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.call import call
from flowrun.expression.functions.dates import date_pattern, time_zone
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.types import ResultType, Term

_STRING, _BOOLEAN = ResultType.STRING, ResultType.BOOLEAN

_PATTERN = Argument("pattern", null=NullArgument.FALSE, prepare=date_pattern)
_ZONE = Argument("zone", is_optional=True, prepare=time_zone)
_EXAMPLE = Example("", "")


def _is_valid_date(text: str, pattern_text: str, zone_text: str | None = None) -> bool:
    try:
        pattern = date_pattern(pattern_text)
        zone = None if zone_text is None else time_zone(zone_text)
    except ExpressionError:
        return False
    return pattern.is_valid(trim(text), zone)


_CHECKED_VALID_DATE = Function("isValidDate", _STRING, (_PATTERN, _ZONE), _BOOLEAN, "", _EXAMPLE, lambda *values: None)
_VALID_DATE = Function(
    "isValidDate",
    _STRING,
    (Argument("pattern", null=NullArgument.FALSE), Argument("zone", is_optional=True)),
    _BOOLEAN,
    "",
    _EXAMPLE,
    _is_valid_date,
    NullSubject.FALSE,
)


def _build_is_valid_date(subject: Term, arguments: tuple[Term, ...]) -> Term:
    """What is written as a plain string is checked now; what is wrong only in the data is no valid date."""
    call(_CHECKED_VALID_DATE, subject, arguments, subject.column)
    return call(_VALID_DATE, subject, arguments, subject.column)


def _is_valid_instant(text: str) -> bool:
    from flowrun.dialect.dates import instant_from_text

    trimmed = trim(text)
    try:
        instant_from_text(trimmed)
    except EvaluationError:
        return False
    return not trimmed.isdigit()


FUNCTIONS = (
    Function(
        "isValidDate",
        _STRING,
        (Argument("pattern", null=NullArgument.FALSE), Argument("zone", is_optional=True)),
        _BOOLEAN,
        "Whether the text, without the blanks around it, is a real day by the pattern, and in the zone no time that "
        "the clocks leave out. A pattern or zone out of the data that is none gives false.",
        Example("${day:isValidDate('dd-MM-yyyy')}", "false", {"day": "31-02-2026"}),
        null_subject=NullSubject.FALSE,
        build=_build_is_valid_date,
    ),
    Function(
        "isValidInstant",
        _STRING,
        (),
        _BOOLEAN,
        "Whether the text, without the blanks around it, is an Instant in ISO 8601 (with a zone) or RFC 1123.",
        Example("${at:isValidInstant()}", "true", {"at": "2026-08-04T10:15:30Z"}),
        _is_valid_instant,
        NullSubject.FALSE,
    ),
)
