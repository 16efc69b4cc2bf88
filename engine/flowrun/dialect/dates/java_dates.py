"""Dates as text without a pattern, as the Expression Language converts them."""

import re
from datetime import tzinfo
from typing import Final

from flowrun.dialect.dates.date_pattern import DatePattern
from flowrun.dialect.dates.instants import nanos_of_milliseconds, shown
from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError

_JAVA_DATE: Final = "EEE MMM dd HH:mm:ss zzz yyyy"

_MILLISECONDS = re.compile(r"[0-9]+")
_JAVA_DATE_FORM = re.compile(r"(?:[a-zA-Z]{3} ){2}\d{2} \d{2}:\d{2}:\d{2} .*? \d{4}", re.ASCII)
_SLASHED_FORM = re.compile(r"\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}(\.\d{3})?", re.ASCII)


def format_java_date(nanos: int, zone: tzinfo) -> str:
    """As Java prints a Date: `Tue Jun 24 14:31:18 UTC 2014`."""
    return DatePattern.parse(_JAVA_DATE).format(nanos, zone)


def date_from_text(text: str, zone: tzinfo) -> int:
    """The moment of a text that stands for a Date, in nanoseconds since the epoch; raises EvaluationError.

    Milliseconds, `2014/06/24 14:31:18`, the same with `.642`, or a Date as Java prints it; blanks around are dropped.
    """
    trimmed = trim(text)
    if _MILLISECONDS.fullmatch(trimmed):
        return nanos_of_milliseconds(trimmed)
    if _JAVA_DATE_FORM.fullmatch(trimmed):
        return DatePattern.parse(_JAVA_DATE).parse_lenient(trimmed, zone)
    slashed = _SLASHED_FORM.fullmatch(trimmed)
    if slashed is None:
        raise EvaluationError(
            f"expected a date: milliseconds, yyyy/MM/dd HH:mm:ss or {_JAVA_DATE}; found {shown(trimmed)}"
        )
    pattern = "yyyy/MM/dd HH:mm:ss.SSS" if slashed[1] else "yyyy/MM/dd HH:mm:ss"
    return DatePattern.parse(pattern).parse_lenient(trimmed, zone)
