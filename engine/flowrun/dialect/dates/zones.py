"""Time zones, named as in Java: `Europe/Paris`, `UTC`, `GMT+2`, `+05:30`, `Z`."""

import os
import re
import time
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flowrun.dialect.dates.civil import DAYS_PER_CYCLE, SECONDS_PER_DAY
from flowrun.errors import ExpressionError

_EPOCH: Final = datetime(1970, 1, 1)  # local times are reckoned without a zone
_CYCLE: Final = DAYS_PER_CYCLE * SECONDS_PER_DAY
_FIRST_SECOND: Final = -62_135_596_800 + 2 * SECONDS_PER_DAY
_LAST_SECOND: Final = 253_402_300_799 - 2 * SECONDS_PER_DAY
GREATEST_OFFSET: Final = 18 * 3600

_OFFSET = re.compile(r"([+-])(\d{1,2})(?::(\d\d)(?::(\d\d))?|(\d\d)(\d\d)?)?", re.ASCII)
_REGION = re.compile(r"[A-Za-z][A-Za-z0-9~/._+-]{1,99}", re.ASCII)
_PREFIXED = re.compile(r"(UTC|GMT|UT)([+-].*)?")
_NOT_IN_JAVA: Final = frozenset(("EST", "MST", "HST", "ROC", "Factory", "localtime", "posixrules", "leapseconds"))
_WITHOUT_NEGATIVE_SUMMER: Final = frozenset(("Europe/Dublin", "Eire", "Africa/Casablanca", "Africa/El_Aaiun"))
"""Where the zone data may call the winter the exception; Java calls it the standard time, of offset zero."""


class FixedZone(tzinfo):
    """A zone that is always so many seconds from UTC; no `is_offset` where Java calls it a region: `GMT+02:00`."""

    def __init__(self, seconds: int, key: str, *, is_offset: bool) -> None:
        self.seconds = seconds
        self.key = key
        self.is_offset = is_offset

    def utcoffset(self, when: datetime | None, /) -> timedelta:
        """The offset, at any time."""
        return timedelta(seconds=self.seconds)

    def dst(self, when: datetime | None, /) -> timedelta:
        """No summer time."""
        return timedelta(0)

    def tzname(self, when: datetime | None, /) -> str:
        """The name."""
        return self.key

    def __repr__(self) -> str:
        return f"FixedZone({self.key!r})"


@lru_cache(maxsize=256)
def zone(text: str) -> tzinfo:
    """The zone that Java's `ZoneId.of` gives for the text; raises ExpressionError, also for `EST` and `PST`."""
    if text == "Z" or text[:1] in ("+", "-"):
        return offset_zone(_offset_seconds(text))
    prefixed = _PREFIXED.fullmatch(text)
    if prefixed:
        return prefixed_zone(prefixed[1], _offset_seconds(prefixed[2]) if prefixed[2] else 0)
    if _REGION.fullmatch(text) and text not in _NOT_IN_JAVA and not text.startswith(("posix/", "right/", "SystemV/")):
        found = _region(text)
        if found is not None:
            return found
    raise ExpressionError(
        f"unknown time zone {text!r}; expected a region such as Europe/Paris, UTC, or an offset such as +05:30"
    )


def offset_zone(seconds: int) -> FixedZone:
    """The zone of an offset: `Z`, `+05:30`."""
    return FixedZone(seconds, offset_text(seconds), is_offset=True)


def prefixed_zone(prefix: str, seconds: int) -> FixedZone:
    """The region `UTC`, `GMT` or `UT`, with an offset unless it is zero: `GMT+02:00`."""
    return FixedZone(seconds, prefix + offset_text(seconds) if seconds else prefix, is_offset=False)


def offset_text(seconds: int) -> str:
    """`Z`, `+05:30`, `-00:00:30`."""
    if not seconds:
        return "Z"
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else "+"
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")


def zone_id(zone: tzinfo) -> str:
    """The zone's id, as pattern `VV` prints it."""
    if isinstance(zone, FixedZone | ZoneInfo) and zone.key:
        return zone.key
    return offset_text(offset_at(zone, 0))


def is_offset(zone: tzinfo) -> bool:
    """Whether the zone is a mere offset, which has no name."""
    return isinstance(zone, timezone) or (isinstance(zone, FixedZone) and zone.is_offset)


def offset_at(zone: tzinfo, seconds: int) -> int:
    """Seconds east of UTC at a moment, given in seconds since the epoch."""
    if isinstance(zone, FixedZone):
        return zone.seconds
    return _seconds(datetime.fromtimestamp(_in_range(seconds), zone).utcoffset())


def local_offsets(zone: tzinfo, seconds: int) -> tuple[int, int]:
    """The offsets before and after the change of clocks that a local time falls into; twice the same at other times.

    The local time is in seconds since 1970-01-01 of the wall clock. Where the clocks skip it, the second offset is the
    greater one; where it comes twice, the first.
    """
    if isinstance(zone, FixedZone):
        return zone.seconds, zone.seconds
    local = _EPOCH + timedelta(seconds=_in_range(seconds))
    before = _seconds(local.replace(tzinfo=zone).utcoffset())
    return before, _seconds(local.replace(tzinfo=zone, fold=1).utcoffset())


def is_summer_time(zone: tzinfo, seconds: int) -> bool:
    """Whether the clocks are ahead of the standard time at a moment."""
    if isinstance(zone, FixedZone):
        return False
    when = datetime.fromtimestamp(_in_range(seconds), zone)
    if zone_id(zone) in _WITHOUT_NEGATIVE_SUMMER:
        return _seconds(when.utcoffset()) > 0
    return bool(when.dst())


def system_zone() -> tzinfo:
    """The zone of the environment's `TZ` or, without it, of `/etc/localtime`; UTC where neither says."""
    return _system_zone(os.environ.get("TZ"))


@lru_cache(maxsize=16)
def _system_zone(setting: str | None) -> tzinfo:
    if setting is None:
        parts = Path("/etc/localtime").resolve().as_posix().partition("/zoneinfo/")
        return _region(parts[2]) or zone("UTC")
    name = setting.removeprefix(":")
    try:
        return zone(name or "UTC")
    except ExpressionError:
        return _region(name) or prefixed_zone("GMT", -time.timezone)


def _region(key: str) -> tzinfo | None:
    try:
        return ZoneInfo(key) if key else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _offset_seconds(text: str) -> int:
    """`Z`, `+5`, `+05:30`, `-0530`, `+05:30:15`, within 18 hours; raises ExpressionError."""
    if text == "Z":
        return 0
    found = _OFFSET.fullmatch(text)
    if found and (len(found[2]) == 2 or found.end() == found.end(2)):
        hours, minutes, rest = int(found[2]), int(found[3] or found[5] or 0), int(found[4] or found[6] or 0)
        seconds = hours * 3600 + minutes * 60 + rest
        if minutes < 60 and rest < 60 and seconds <= GREATEST_OFFSET:
            return -seconds if found[1] == "-" else seconds
    raise ExpressionError(f"expected an offset such as +05:30, within 18 hours, found {text!r}")


def _in_range(seconds: int) -> int:
    """A second at which the calendar is the same, and that `datetime` can hold: years 1 to 9999."""
    if seconds < _FIRST_SECOND:
        return seconds + ((_FIRST_SECOND - seconds) // _CYCLE + 1) * _CYCLE
    if seconds > _LAST_SECOND:
        return seconds - ((seconds - _LAST_SECOND) // _CYCLE + 1) * _CYCLE
    return seconds


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * SECONDS_PER_DAY + offset.seconds
