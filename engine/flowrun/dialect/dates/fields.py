"""The fields of a date and time, and their values at a moment."""

from collections.abc import Callable
from datetime import tzinfo
from enum import StrEnum
from functools import cached_property
from typing import Final

from flowrun.dialect.dates import civil, weeks
from flowrun.dialect.dates.zones import offset_at


class Field(StrEnum):
    """A field, named as in an error message."""

    ERA = "era"
    YEAR_OF_ERA = "year of era"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    DAY_OF_YEAR = "day of year"
    DAY_OF_MONTH = "day of month"
    WEEK_OF_SEVEN = "week of month, counted from its first day"
    WEEKDAY = "day of week"
    LOCALIZED_WEEKDAY = "localized day of week"
    WEEK_OF_MONTH = "week of month"
    WEEK_OF_YEAR = "week of year"
    WEEK_YEAR = "week-based year"
    JULIAN_DAY = "modified Julian day"
    HALF_DAY = "half of day"
    HOUR = "hour"
    CLOCK_HOUR = "hour from 1 to 24"
    HOUR_OF_HALF_DAY = "hour of half day"
    CLOCK_HOUR_OF_HALF_DAY = "hour from 1 to 12"
    MINUTE = "minute"
    SECOND = "second"
    NANO = "nanosecond"
    MILLI_OF_DAY = "millisecond of day"
    NANO_OF_DAY = "nanosecond of day"
    OFFSET = "offset"


JULIAN_DAY_OF_EPOCH: Final = 40_587

RANGES: Final = {
    Field.ERA: (0, 1),
    Field.YEAR_OF_ERA: (1, civil.LAST_YEAR + 1),
    Field.YEAR: (-civil.LAST_YEAR, civil.LAST_YEAR),
    Field.MONTH: (1, 12),
    Field.DAY_OF_YEAR: (1, 366),
    Field.DAY_OF_MONTH: (1, 31),
    Field.WEEK_OF_SEVEN: (1, 5),
    Field.WEEKDAY: (1, 7),
    Field.LOCALIZED_WEEKDAY: (1, 7),
    Field.WEEK_OF_MONTH: (0, 6),
    Field.WEEK_OF_YEAR: (1, 53),
    Field.WEEK_YEAR: (-civil.LAST_YEAR, civil.LAST_YEAR),
    Field.HALF_DAY: (0, 1),
    Field.HOUR: (0, 23),
    Field.CLOCK_HOUR: (1, 24),
    Field.HOUR_OF_HALF_DAY: (0, 11),
    Field.CLOCK_HOUR_OF_HALF_DAY: (1, 12),
    Field.MINUTE: (0, 59),
    Field.SECOND: (0, 59),
    Field.NANO: (0, civil.NANOS_PER_SECOND - 1),
    Field.MILLI_OF_DAY: (0, civil.NANOS_PER_DAY // 1_000_000 - 1),
    Field.NANO_OF_DAY: (0, civil.NANOS_PER_DAY - 1),
    Field.OFFSET: (-18 * 3600, 18 * 3600),
}


class Moment:
    """A moment as the clocks of a zone show it."""

    def __init__(self, nanos: int, zone: tzinfo) -> None:
        self.zone = zone
        self.seconds, self.nano = divmod(nanos, civil.NANOS_PER_SECOND)
        self.offset = offset_at(zone, self.seconds)
        self.day, self.second_of_day = divmod(self.seconds + self.offset, civil.SECONDS_PER_DAY)

    @cached_property
    def date(self) -> tuple[int, int, int]:
        """Year, month, day."""
        return civil.civil_from_days(self.day)

    @property
    def nano_of_day(self) -> int:
        """Nanoseconds since midnight, by the clock."""
        return self.second_of_day * civil.NANOS_PER_SECOND + self.nano

    def value(self, field: Field) -> int:
        """The value of a field."""
        frequent = _FREQUENT.get(field)
        if frequent is not None:
            return frequent(self)
        of_date = _DATE_VALUES.get(field)
        return of_date(self.day) if of_date is not None else _TIME_VALUES[field](self.nano_of_day)


def date_value(day: int, field: Field) -> int | None:
    """The value of a field of the date, given in days since 1970-01-01; None for fields of the time."""
    found = _DATE_VALUES.get(field)
    return None if found is None else found(day)


def time_value(nanos: int, field: Field) -> int | None:
    """The value of a field of the time, given in nanoseconds of the day; None for fields of the date."""
    found = _TIME_VALUES.get(field)
    return None if found is None else found(nanos)


def _year(day: int) -> int:
    return civil.civil_from_days(day)[0]


def _month(day: int) -> int:
    return civil.civil_from_days(day)[1]


def _day_of_month(day: int) -> int:
    return civil.civil_from_days(day)[2]


_DATE_VALUES: Final[dict[Field, Callable[[int], int]]] = {
    Field.ERA: lambda day: int(_year(day) > 0),
    Field.YEAR_OF_ERA: lambda day: _year(day) if _year(day) > 0 else 1 - _year(day),
    Field.YEAR: _year,
    Field.QUARTER: lambda day: (_month(day) + 2) // 3,
    Field.MONTH: _month,
    Field.DAY_OF_YEAR: civil.day_of_year,
    Field.DAY_OF_MONTH: _day_of_month,
    Field.WEEK_OF_SEVEN: lambda day: (_day_of_month(day) - 1) // 7 + 1,
    Field.WEEKDAY: civil.weekday,
    Field.LOCALIZED_WEEKDAY: weeks.localized_weekday,
    Field.WEEK_OF_MONTH: weeks.week_of_month,
    Field.WEEK_OF_YEAR: lambda day: weeks.week_and_year(day)[0],
    Field.WEEK_YEAR: lambda day: weeks.week_and_year(day)[1],
    Field.JULIAN_DAY: lambda day: day + JULIAN_DAY_OF_EPOCH,
}


def _second(nanos: int) -> int:
    return nanos // civil.NANOS_PER_SECOND


_TIME_VALUES: Final[dict[Field, Callable[[int], int]]] = {
    Field.HALF_DAY: lambda nanos: _second(nanos) // 43_200,
    Field.HOUR: lambda nanos: _second(nanos) // 3600,
    Field.CLOCK_HOUR: lambda nanos: _second(nanos) // 3600 or 24,
    Field.HOUR_OF_HALF_DAY: lambda nanos: _second(nanos) // 3600 % 12,
    Field.CLOCK_HOUR_OF_HALF_DAY: lambda nanos: _second(nanos) // 3600 % 12 or 12,
    Field.MINUTE: lambda nanos: _second(nanos) // 60 % 60,
    Field.SECOND: lambda nanos: _second(nanos) % 60,
    Field.NANO: lambda nanos: nanos % civil.NANOS_PER_SECOND,
    Field.MILLI_OF_DAY: lambda nanos: nanos // 1_000_000,
    Field.NANO_OF_DAY: lambda nanos: nanos,
}

_FREQUENT: Final[dict[Field, Callable[[Moment], int]]] = {
    Field.YEAR: lambda moment: moment.date[0],
    Field.YEAR_OF_ERA: lambda moment: moment.date[0] if moment.date[0] > 0 else 1 - moment.date[0],
    Field.MONTH: lambda moment: moment.date[1],
    Field.DAY_OF_MONTH: lambda moment: moment.date[2],
    Field.HOUR: lambda moment: moment.second_of_day // 3600,
    Field.MINUTE: lambda moment: moment.second_of_day // 60 % 60,
    Field.SECOND: lambda moment: moment.second_of_day % 60,
    Field.NANO: lambda moment: moment.nano,
    Field.OFFSET: lambda moment: moment.offset,
}
