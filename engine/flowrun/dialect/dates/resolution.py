"""From a text that was read to the moment that it means."""

from dataclasses import dataclass
from datetime import tzinfo

from flowrun.dialect.dates.civil import LAST_YEAR, NANOS_PER_DAY, NANOS_PER_SECOND, SECONDS_PER_DAY, civil_from_days
from flowrun.dialect.dates.date_resolution import day_of_parts, resolve_day
from flowrun.dialect.dates.fields import Field, date_value, time_value
from flowrun.dialect.dates.parsing import NameKind, Parsing
from flowrun.dialect.dates.time_resolution import resolve_time, time_of_clock
from flowrun.dialect.dates.values import Values
from flowrun.dialect.dates.zones import local_offsets
from flowrun.errors import EvaluationError


@dataclass(slots=True)
class Resolution:
    """What a text says: a day, a time of day, or the parts of them that it holds; an offset or zone."""

    values: Values
    day: int | None
    nanos: int | None
    zone: tzinfo
    zone_name: NameKind | None

    def moment(self) -> int:
        """The moment, in nanoseconds since the epoch, where 1970-01-01 00:00 stands for what is missing.

        A time that the clocks skip is later by as much; of a time that comes twice it is the first.
        """
        day = day_of_parts(self.values) if self.day is None else self.day
        nanos = time_of_clock(self.values) if self.nanos is None else self.nanos
        offset = self.values.get(Field.OFFSET)
        if offset is None:
            offset, _ = local_offsets(self.zone, day * SECONDS_PER_DAY + nanos // NANOS_PER_SECOND)
        return _moment(day, nanos, offset)

    def whole_moment(self) -> int:
        """The moment of a text with both date and time; raises EvaluationError if one is missing.

        A zone by its standard name makes a time that comes twice the second.
        """
        if self.day is None or self.nanos is None:
            raise EvaluationError("a date and a time are needed")
        offset = self.values.get(Field.OFFSET)
        if offset is None:
            seconds = self.day * SECONDS_PER_DAY + self.nanos // NANOS_PER_SECOND
            offset, later = local_offsets(self.zone, seconds)
            if later < offset and self.zone_name in ("standard", "generic"):
                offset = later
        return _moment(self.day, self.nanos, offset)


def resolve(parsing: Parsing, zone: tzinfo) -> Resolution:
    """What the text says, in the zone unless it says otherwise; raises EvaluationError where it contradicts itself."""
    values = Values(parsing.values)
    values.check(Field.OFFSET)
    day = resolve_day(values)
    nanos = resolve_time(values, parsing.day_period)
    whole_days = 0
    if nanos == NANOS_PER_DAY:
        nanos, whole_days = 0, 1
    _cross_check(values, day, nanos)
    if day is not None:
        day += whole_days
        if abs(civil_from_days(day)[0]) > LAST_YEAR:
            raise EvaluationError("the date is beyond the calendar")
    return Resolution(values, day, nanos, parsing.zone or zone, parsing.zone_name)


def _cross_check(values: Values, day: int | None, nanos: int | None) -> None:
    """What was not used must agree with what came out: a weekday with its date."""
    for field in list(values):
        derived = date_value(day, field) if day is not None else None
        if derived is None and nanos is not None:
            derived = time_value(nanos, field)
        if derived is not None and values.pop(field) != derived:
            raise EvaluationError(f"the {field} contradicts the rest, which makes it {derived}")


def _moment(day: int, nanos: int, offset: int) -> int:
    return day * NANOS_PER_DAY + nanos - offset * NANOS_PER_SECOND
