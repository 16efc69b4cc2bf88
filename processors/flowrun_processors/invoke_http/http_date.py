"""Dates as HTTP writes them: `Wed, 05 Aug 2026 10:00:00 GMT`, in English whatever the machine speaks."""

import time
from functools import lru_cache
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=2)
def format_http_date(moment: int) -> str:
    """The date of a moment, given in whole seconds since the epoch."""
    at = time.gmtime(moment)
    clock = f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}"
    return f"{_DAYS[at.tm_wday]}, {at.tm_mday:02} {_MONTHS[at.tm_mon - 1]} {at.tm_year:04} {clock} GMT"


def parse_http_date(text: str) -> float | None:
    """The moment in seconds since the epoch, from any of the three forms that HTTP allows; None if it is no date."""
    from email.utils import mktime_tz, parsedate_tz  # 15 ms, when a server sends a date that matters

    try:
        fields = parsedate_tz(text)
        return None if fields is None else float(mktime_tz(fields))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
