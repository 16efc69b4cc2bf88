"""From the fields of a date that a text holds to the day, as Java's smart resolver does."""

from flowrun.dialect.dates.civil import date, days_from_civil, is_leap, month_length, weekday
from flowrun.dialect.dates.fields import JULIAN_DAY_OF_EPOCH, Field
from flowrun.dialect.dates.values import Values
from flowrun.dialect.dates.weeks import day_of_week_year, localized_weekday, week_of_month

_EPOCH_YEAR = 1970


def resolve_day(values: Values) -> int | None:
    """Days since 1970-01-01; None where the text does not hold a whole date.

    Takes the fields that it uses out of the values; raises EvaluationError where they are out of range or contradict.
    """
    _use_era(values)
    if Field.LOCALIZED_WEEKDAY in values:
        values.check(Field.LOCALIZED_WEEKDAY)
        values[Field.WEEKDAY] = (values.pop(Field.LOCALIZED_WEEKDAY) + 5) % 7 + 1
    for resolve in (_day_of_month, _day_of_year, _day_of_week, _day_of_week_year, _julian_day):
        day = resolve(values)
        if day is not None:
            return day
    return None


def day_of_parts(values: Values) -> int:
    """The day of what the text holds of a date, with 1970-01-01 for the rest."""
    values.check(Field.YEAR, Field.MONTH, Field.DAY_OF_MONTH)
    return date(values.get(Field.YEAR, _EPOCH_YEAR), values.get(Field.MONTH, 1), values.get(Field.DAY_OF_MONTH, 1))


def _use_era(values: Values) -> None:
    values.check(Field.YEAR_OF_ERA, Field.ERA)
    if Field.YEAR_OF_ERA in values:
        year = values.pop(Field.YEAR_OF_ERA)
        era = values.pop(Field.ERA, int(values.get(Field.YEAR, 1) > 0))
        values.put(Field.YEAR, year if era else 1 - year)


def _take(values: Values, *fields: Field) -> list[int] | None:
    """The values of the fields, taken out, if all are there."""
    if not all(field in values for field in fields):
        return None
    values.check(*fields)
    return [values.pop(field) for field in fields]


def _day_of_month(values: Values) -> int | None:
    """A day after the end of the month is its last, if it is at most the 31st."""
    found = _take(values, Field.YEAR, Field.MONTH, Field.DAY_OF_MONTH)
    if found is None:
        return None
    year, month, day = found
    return days_from_civil(year, month, min(day, month_length(year, month)))


def _day_of_year(values: Values) -> int | None:
    if Field.MONTH in values and Field.WEEK_OF_SEVEN in values and Field.WEEKDAY in values:
        return None
    found = _take(values, Field.YEAR, Field.DAY_OF_YEAR)
    if found is None:
        return None
    year, day = found
    return date(year, 1, 1) + day - 1 if day <= 365 + is_leap(year) else date(year, 2, 30)


def _day_of_week(values: Values) -> int | None:
    """A weekday of a week of the month, weeks counted from the first of the month or from Sundays."""
    found = _take(values, Field.YEAR, Field.MONTH, Field.WEEK_OF_SEVEN, Field.WEEKDAY)
    if found is not None:
        year, month, week, day = found
        start = days_from_civil(year, month, 1) + (week - 1) * 7
        return start + (day - weekday(start)) % 7
    found = _take(values, Field.YEAR, Field.MONTH, Field.WEEK_OF_MONTH, Field.WEEKDAY)
    if found is None:
        return None
    year, month, week, day = found
    first = days_from_civil(year, month, 1)
    return first + (week - week_of_month(first)) * 7 + day % 7 + 1 - localized_weekday(first)


def _day_of_week_year(values: Values) -> int | None:
    if Field.YEAR in values:
        return None
    found = _take(values, Field.WEEK_YEAR, Field.WEEK_OF_YEAR, Field.WEEKDAY)
    if found is None:
        return None
    year, week, day = found
    return day_of_week_year(year, week, day % 7 + 1)


def _julian_day(values: Values) -> int | None:
    day = values.pop(Field.JULIAN_DAY, None)
    return None if day is None else day - JULIAN_DAY_OF_EPOCH
