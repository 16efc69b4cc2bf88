"""What the text of a setting may mean: functions from text to a value; ValueError says what was expected."""

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import TypeVar

from flowrun.flow.wording import did_you_mean, quoted
from flowrun.prioritizer import Prioritizer
from flowrun.units import data_size, duration

_Word = TypeVar("_Word", bound=str)

_HUNDRED_YEARS = 36525 * 86400.0
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_NIFI_PRIORITIZERS = {
    "firstinfirstout": Prioritizer.FIRST_IN_FIRST_OUT,
    "oldestfirst": Prioritizer.OLDEST_FIRST,
    "oldestflowfilefirst": Prioritizer.OLDEST_FIRST,
    "newestfirst": Prioritizer.NEWEST_FIRST,
    "newestflowfilefirst": Prioritizer.NEWEST_FIRST,
    "priorityattribute": Prioritizer.PRIORITY_ATTRIBUTE,
}


def bounded_duration(text: str) -> float:
    """Seconds, at most a hundred years of them."""
    seconds = duration(text)
    if not seconds <= _HUNDRED_YEARS:
        raise ValueError(f"expected a duration of at most 100 years, found {quoted(text)}")
    return seconds


def bounded_data_size(text: str) -> int:
    """Bytes, at most as many as 63 bits count."""
    try:
        size = data_size(text)
    except OverflowError:
        size = 1 << 63
    if size >= 1 << 63:
        raise ValueError(f"expected a data size of less than 8 million TB, found {quoted(text)}")
    return size


def whole_number(minimum: int) -> Callable[[str], int]:
    """A whole number that is not less than `minimum`."""

    def parse(text: str) -> int:
        digits = text.strip()
        if not _WHOLE_NUMBER.fullmatch(digits) or int(digits) < minimum:
            raise ValueError(f"expected a whole number of {minimum} or more, found {quoted(text)}")
        return int(digits)

    return parse


def one_of(*words: _Word) -> Callable[[str], _Word]:
    """One of a few words, in any case."""

    def parse(text: str) -> _Word:
        for word in words:
            if word == text.strip().lower():
                return word
        raise ValueError(f"expected {' or '.join(words)}, found {quoted(text)}")

    return parse


def prioritizer(text: str) -> Prioritizer:
    """A prioritizer, in NiFi's spellings too: `PriorityAttributePrioritizer`, with or without its Java package."""
    name = text.strip().rpartition(".")[2].lower().removesuffix("prioritizer")
    found = _NIFI_PRIORITIZERS.get(name)
    if found is None:
        names = [choice.value for choice in Prioritizer]
        mend = did_you_mean(text.strip(), names) or f"; expected one of {', '.join(names)}"
        raise ValueError(f"no prioritizer {quoted(text)}{mend}")
    return found


def time_zone(text: str) -> tzinfo:
    """A zone of the IANA database, such as `Europe/London` or `UTC`."""
    from zoneinfo import ZoneInfo, available_timezones  # only flows that name a zone pay for the database

    name = text.strip()
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        pass
    raise ValueError(f"no time zone {quoted(text)}{did_you_mean(name, available_timezones())}")
