"""Adding to a moment by the calendar of a zone."""

from datetime import tzinfo
from typing import Final

from flowrun.dialect.dates.civil import NANOS_PER_DAY, NANOS_PER_SECOND, SECONDS_PER_DAY, plus_months
from flowrun.dialect.dates.fields import Moment
from flowrun.dialect.dates.zones import local_offsets
from flowrun.errors import EvaluationError

_NANOS: Final = {
    "nanosecond": 1,
    "second": NANOS_PER_SECOND,
    "minute": 60 * NANOS_PER_SECOND,
    "hour": 3600 * NANOS_PER_SECOND,
}
_DAYS: Final = {"day": 1, "week": 7}
_MONTHS: Final = {"month": 1, "year": 12}
_FURTHEST: Final = (1 << 63) * 1_000_000
"""The last nanosecond that a Date, with its milliseconds in 64 bits, can tell of."""


def add_duration(nanos: int, amount: int, unit: str, zone: tzinfo) -> int:
    """The moment so many units later, or earlier if negative; raises EvaluationError beyond what a Date can hold.

    The unit is a word such as `day` or `days`, in any case. Days and larger units keep the time of day that the clocks
    of the zone show; a day that the month has not is its last. Where the clocks skip that time, it is later by as much;
    of a time that comes twice, it is the one of the same offset as before.
    """
    name = unit.lower().removesuffix("s")
    if name in _NANOS:
        return _within(nanos + amount * _NANOS[name])
    moment = Moment(nanos, zone)
    if name in _DAYS:
        day = moment.day + amount * _DAYS[name]
    elif name in _MONTHS:
        day = plus_months(moment.day, amount * _MONTHS[name])
    else:
        raise EvaluationError(f"unknown unit {unit!r}; expected one from nanosecond to year")
    _within(day * NANOS_PER_DAY)
    before, after = local_offsets(zone, day * SECONDS_PER_DAY + moment.second_of_day)
    offset = after if moment.offset == after < before else before
    return _within(day * NANOS_PER_DAY + moment.nano_of_day - offset * NANOS_PER_SECOND)


def _within(nanos: int) -> int:
    if abs(nanos) >= _FURTHEST:
        raise EvaluationError("the moment is beyond what a date can hold")
    return nanos
