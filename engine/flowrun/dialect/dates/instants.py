"""Instants as text: milliseconds, ISO 8601 with an offset, RFC 1123."""

import re
from typing import Final

from flowrun.dialect.dates.civil import LAST_YEAR, NANOS_PER_SECOND, SECONDS_PER_DAY, civil_from_days
from flowrun.dialect.dates.fields import Field
from flowrun.dialect.dates.names import NAMES
from flowrun.dialect.dates.parsing import Parsing
from flowrun.dialect.dates.resolution import resolve
from flowrun.dialect.dates.zones import zone
from flowrun.dialect.numbers import LONG_MAX, trim
from flowrun.errors import EvaluationError

_NANOS_PER_MILLISECOND: Final = 1_000_000
_LEAP_SECOND: Final = ("23", "59", "60")

_ISO = re.compile(
    r"""(?P<year> [0-9]{4} | -(?!0+-)[0-9]{4,10} | \+[0-9]{5,10} ) - (?P<month> [0-9]{2} ) - (?P<day> [0-9]{2} ) T
    (?P<hour> [0-9]{2} ) : (?P<minute> [0-9]{2} ) (?: : (?P<second> [0-9]{2} ) (?: \. (?P<fraction> [0-9]{0,9} ) )? )?
    (?: Z | (?P<sign> [+-] ) (?P<hours> [0-9]{2} )
        (?: : (?P<minutes> [0-9]{2} ) (?: : (?P<seconds> [0-9]{2} ) )? )? )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_RFC_1123 = re.compile(
    r"""(?: (?P<weekday> Mon | Tue | Wed | Thu | Fri | Sat | Sun ) ,[ ] )? (?P<day> [0-9]{1,9} ) [ ]
    (?P<month> Jan | Feb | Mar | Apr | May | Jun | Jul | Aug | Sep | Oct | Nov | Dec | [0-9]{1,9} ) [ ]
    (?P<year> [0-9]{1,9} ) [ ]
    (?P<hour> [0-9]{1,9} ) : (?P<minute> [0-9]{1,9} ) (?: : (?P<second> [0-9]{1,9} ) )? [ ]
    (?: GMT | (?P<sign> [+-] ) (?P<hours> [0-9]{2} ) (?: (?P<minutes> [0-9]{2} ) (?P<seconds> [0-9]{2} )? )? )""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_FIELDS: Final = {
    "year": Field.YEAR,
    "day": Field.DAY_OF_MONTH,
    "hour": Field.HOUR,
    "minute": Field.MINUTE,
    "second": Field.SECOND,
}


def format_instant(nanos: int) -> str:
    """As Java prints an Instant: ISO 8601 with `Z`, and 0, 3, 6 or 9 digits of the second's fraction."""
    seconds, nano = divmod(nanos, NANOS_PER_SECOND)
    day, second = divmod(seconds, SECONDS_PER_DAY)
    year, month, day_of_month = civil_from_days(day)
    if abs(year) > LAST_YEAR + 1:
        raise EvaluationError(f"the year {year} is beyond the calendar")
    shown_year = f"{year:04}" if 0 <= year <= 9999 else f"{year:+05}"
    digits = f"{nano:09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    time = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"{shown_year}-{month:02}-{day_of_month:02}T{time}{'.' + digits if digits else ''}Z"


def instant_from_text(text: str) -> int:
    """The moment of a text that stands for an Instant, in nanoseconds since the epoch; raises EvaluationError.

    Milliseconds, ISO 8601 with `Z` or an offset such as `+05:30`, RFC 1123; blanks around it are dropped.
    """
    trimmed = trim(text)
    if trimmed.isascii() and trimmed.isdigit():
        return nanos_of_milliseconds(trimmed)
    found = _ISO.fullmatch(trimmed) or _RFC_1123.fullmatch(trimmed)
    if found is None:
        raise _failure(trimmed)
    try:
        return resolve(_parsing(found), zone("UTC")).whole_moment()
    except EvaluationError as error:
        raise _failure(trimmed, f": {error}") from None


def nanos_of_milliseconds(digits: str) -> int:
    """The moment of milliseconds since the epoch in digits; raises EvaluationError beyond 64 bits."""
    significant = digits.lstrip("0") or "0"
    if len(significant) > 19 or int(significant) > LONG_MAX:
        raise EvaluationError(f"expected milliseconds of at most 64 bits, found {shown(digits)}")
    return int(significant) * _NANOS_PER_MILLISECOND


def shown(text: str) -> str:
    """The text in quotes, cut if it is long."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _failure(text: str, reason: str = "") -> EvaluationError:
    forms = "milliseconds, 2024-02-29T10:15:30Z or Thu, 29 Feb 2024 10:15:30 GMT"
    return EvaluationError(f"expected an instant such as {forms}; found {shown(text)}{reason}")


def _parsing(found: re.Match[str]) -> Parsing:
    parsing = Parsing(found.string, strict=True, case_sensitive=False)
    parts = found.groupdict()
    if (parts["hour"], parts["minute"], parts["second"]) == _LEAP_SECOND:
        parts["second"] = "59"
    for name, field in _FIELDS.items():
        parsing.values[field] = int(parts[name] or 0)
    parsing.values[Field.MONTH] = _number(parts["month"], Field.MONTH)
    if parts.get("weekday"):
        parsing.values[Field.WEEKDAY] = _number(parts["weekday"], Field.WEEKDAY)
    parsing.values[Field.NANO] = int((parts.get("fraction") or "").ljust(9, "0"))
    parsing.values[Field.OFFSET] = _offset(parts)
    return parsing


def _number(text: str, field: Field) -> int:
    if text.isdigit():
        return int(text)
    return next(value for value, name in NAMES[field]["short"].items() if name == text.title())


def _offset(parts: dict[str, str | None]) -> int:
    hours, minutes, seconds = (int(parts[name] or 0) for name in ("hours", "minutes", "seconds"))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise EvaluationError("the offset is beyond 18 hours")
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if parts["sign"] == "-" else 1)
