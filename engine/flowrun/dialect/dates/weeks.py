"""Weeks as the United States count them: from Sunday, and the week of 1 January is the first."""

from flowrun.dialect.dates.civil import civil_from_days, days_from_civil, is_leap, weekday


def localized_weekday(days: int) -> int:
    """1 for Sunday to 7 for Saturday."""
    return weekday(days) % 7 + 1


def week_of_month(days: int) -> int:
    """1 for the week that holds the first of the month."""
    _, _, day = civil_from_days(days)
    return _week(days, day)


def week_and_year(days: int) -> tuple[int, int]:
    """The week of the year, and the year that it belongs to: the week of 1 January is the next year's first."""
    year, _, _ = civil_from_days(days)
    day_of_year = days - days_from_civil(year, 1, 1) + 1
    week = _week(days, day_of_year)
    if week >= _weeks_before_next_year(year):
        return 1, year + 1
    return week, year


def day_of_week_year(year: int, week: int, day: int) -> int:
    """The day of such a week (1 for Sunday), as days since 1970-01-01; a week beyond the year is its last."""
    first = days_from_civil(year, 1, 1)
    week = min(week, _weeks_before_next_year(year) - 1)
    return first - (localized_weekday(first) - 1) + (day - 1) + (week - 1) * 7


def _week(days: int, day: int) -> int:
    """The week of a month or year, of which this is the nth day."""
    return (day - 1 + localized_weekday(days - day + 1) - 1) // 7 + 1


def _weeks_before_next_year(year: int) -> int:
    """The number of the week in which the next 1 January falls."""
    first = localized_weekday(days_from_civil(year, 1, 1))
    return (365 + is_leap(year) + first - 1) // 7 + 1
