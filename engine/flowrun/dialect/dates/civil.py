"""The calendar: proleptic Gregorian days, counted from 1970-01-01, for any year."""

from typing import Final

from flowrun.errors import EvaluationError

SECONDS_PER_DAY: Final = 86_400
NANOS_PER_SECOND: Final = 1_000_000_000
NANOS_PER_DAY: Final = SECONDS_PER_DAY * NANOS_PER_SECOND
DAYS_PER_CYCLE: Final = 146_097
"""Days in 400 years, after which the calendar repeats, weekdays too."""

LAST_YEAR: Final = 999_999_999
_CYCLE_YEARS = 400
_DAYS_TO_EPOCH = 719_468  # from 0000-03-01, where the years of this arithmetic begin
_MONTH_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; month and day must be those of a calendar."""
    year -= month <= 2
    cycle, year_of_cycle = divmod(year, _CYCLE_YEARS)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_cycle = year_of_cycle * 365 + year_of_cycle // 4 - year_of_cycle // 100 + day_of_year
    return cycle * DAYS_PER_CYCLE + day_of_cycle - _DAYS_TO_EPOCH


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of so many days since 1970-01-01."""
    cycle, day_of_cycle = divmod(days + _DAYS_TO_EPOCH, DAYS_PER_CYCLE)
    year_of_cycle = (day_of_cycle - day_of_cycle // 1460 + day_of_cycle // 36_524 - day_of_cycle // 146_096) // 365
    day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    month = (month_from_march + 2) % 12 + 1
    year = year_of_cycle + cycle * _CYCLE_YEARS + (month <= 2)
    return year, month, day_of_year - (153 * month_from_march + 2) // 5 + 1


def date(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; raises EvaluationError for a day that no calendar has."""
    if abs(year) > LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise EvaluationError(f"there is no day {day} in month {month} of the year {year}")
    return days_from_civil(year, month, day)


def is_leap(year: int) -> bool:
    """Whether the year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Days in the month."""
    return _MONTH_LENGTHS[month - 1] + (month == 2 and is_leap(year))


def weekday(days: int) -> int:
    """1 for Monday to 7 for Sunday."""
    return (days + 3) % 7 + 1


def day_of_year(days: int) -> int:
    """1 to 366."""
    return days - days_from_civil(civil_from_days(days)[0], 1, 1) + 1


def plus_months(days: int, months: int) -> int:
    """The same day so many months later; the month's last day if it has none such."""
    year, month, day = civil_from_days(days)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    if abs(year) > LAST_YEAR:
        raise EvaluationError(f"the year {year} is beyond the calendar")
    return days_from_civil(year, month + 1, min(day, month_length(year, month + 1)))
