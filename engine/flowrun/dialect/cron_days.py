"""The two day fields of a CRON expression: weekday numbers, `L`, `W` and `#`.

Quartz source: `CronExpression.storeExpressionVals` and `getTimeAfter`. Spring source: `QuartzCronField`.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from flowrun.dialect.cron_fields import (
    DAY_OF_MONTH,
    WEEKDAY_NAMES,
    WEEKDAYS,
    FieldKind,
    FieldReader,
    FieldText,
)

DayTest: TypeAlias = Callable[[date], bool]

_QUARTZ_WEEKDAY = FieldKind("day of week", 1, 7, {name: number + 1 for name, number in WEEKDAYS.items()})
_SPRING_WEEKDAY = FieldKind("day of week", 1, 7, {name: number or 7 for name, number in WEEKDAYS.items()})
_SPRING_FROM_SUNDAY = FieldKind("day of week", 0, 7, WEEKDAYS)

_SPECIAL_DAY = re.compile(r"L(?:-(?P<offset>[0-9]{1,2}))?(?P<last_weekday>W)?|(?P<day>[0-9]{1,2})W")
_SPECIAL_WEEKDAY = re.compile(r"(?P<weekday>[0-9]{1,2}|[A-Z]{3})(?:(?P<last>L)|#(?P<nth>[0-9]{1,2}))")
_BARE_NUMBER = re.compile(r"(?<!#)(?<![0-9/#])[0-9]+")


@dataclass(frozen=True, slots=True)
class DayRule:
    """The days that one of the two fields allows: any for which one of the tests holds.

    `numbers`: the days of the month, or the weekdays from Sunday = 0, if numbers alone decide; None if `L`, `W` or `#`
    do.
    """

    tests: tuple[DayTest, ...]
    numbers: frozenset[int] | None

    def allows(self, day: date) -> bool:
        """Whether the field allows a day."""
        return any(test(day) for test in self.tests)


def read_days_of_month(reader: FieldReader, text: FieldText) -> DayRule:
    """The day-of-month field without `?`. Raises ExpressionError with the column."""
    if reader.dialect == "quartz" and "L" in text.text and "," in text.text:
        raise text.error("L alone, not in a list with other days of the month")
    plain: set[int] = set()
    tests: list[DayTest] = []
    for item in text.items():
        found = _SPECIAL_DAY.fullmatch(item.text)
        if found is None:
            plain |= reader.read_item(item, DAY_OF_MONTH)
            continue
        tests.append(_special_day(reader, item, found))
    if tests and len(text.text.split(",")) > 1 and reader.dialect == "quartz":
        reader.warn(f"day of month {text.text}: all of these days are meant here; Quartz takes only the first with W")
    return DayRule((*tests, lambda day: day.day in plain), None if tests else frozenset(plain))


def read_days_of_week(reader: FieldReader, text: FieldText) -> DayRule:
    """The day-of-week field without `?`. Raises ExpressionError with the column."""
    if reader.dialect == "quartz":
        if "L" in text.text and "," in text.text:
            raise text.error("L alone, not in a list with other days of the week")
        if text.text.count("#") > 1:
            raise text.error("one # only")
        if text.text == "L":
            text = FieldText("SAT", text.column)
    kind = _SPRING_WEEKDAY if reader.dialect == "spring" else _QUARTZ_WEEKDAY
    plain: set[int] = set()
    tests: list[DayTest] = []
    for item in text.items():
        found = _SPECIAL_WEEKDAY.fullmatch(item.text)
        if found is None:
            plain |= _read_weekdays(reader, item, kind)
        else:
            (day,) = _read_weekdays(reader, FieldText(found["weekday"], item.column), kind)
            tests.append(_last_weekday(day) if found["last"] else _nth_weekday(day, _read_nth(item, found["nth"])))
        _warn_of_numbers(reader, item)
    return DayRule((*tests, lambda day: day.isoweekday() % 7 in plain), None if tests else frozenset(plain))


def _special_day(reader: FieldReader, item: FieldText, found: re.Match[str]) -> DayTest:
    """What `L`, `LW`, `L-n`, `L-nW` and `nW` say of a day."""
    if found["day"] is None:
        offset = int(found["offset"] or 0)
        if offset > 30 or (reader.dialect == "spring" and found["offset"] and found["last_weekday"]):
            raise item.error("L, LW or L-n with at most 30 days before the last")
        if found["last_weekday"]:
            return lambda day: day == _nearest_weekday(day, _last_day(day) - offset)
        return lambda day: day.day == _last_day(day) - offset
    number = int(found["day"])
    if not 1 <= number <= 31:
        raise item.error("a day 1-31 before W")
    return lambda day: day == _nearest_weekday(day, number)


def _last_day(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _nearest_weekday(month: date, number: int) -> date | None:
    """The Monday to Friday nearest to a day, never outside its month; None if the month has no such day."""
    last = _last_day(month)
    if not 1 <= number <= last:
        return None
    day = month.replace(day=number)
    if day.weekday() == 5:
        return day + timedelta(days=-1 if number > 1 else 2)
    if day.weekday() == 6:
        return day + timedelta(days=1 if number < last else -2)
    return day


def _last_weekday(weekday: int) -> DayTest:
    return lambda day: day.isoweekday() % 7 == weekday and day.day + 7 > _last_day(day)


def _nth_weekday(weekday: int, nth: int) -> DayTest:
    return lambda day: day.isoweekday() % 7 == weekday and (day.day + 6) // 7 == nth


def _read_nth(item: FieldText, text: str) -> int:
    nth = int(text)
    if not 1 <= nth <= 5:
        raise item.error("a number 1-5 after #")
    return nth


def _read_weekdays(reader: FieldReader, item: FieldText, kind: FieldKind) -> set[int]:
    text = item.text
    if kind is _SPRING_WEEKDAY and text.startswith(("SUN-", "7-", "0")):
        # Sunday is 7, but as the beginning of a range it is 0.
        text, kind = "0" + text[text.index("-") :] if "-" in text else text, _SPRING_FROM_SUNDAY
    return {_from_sunday(reader, number) for number in reader.read_item(FieldText(text, item.column), kind)}


def _from_sunday(reader: FieldReader, number: int) -> int:
    return (number - 1 if reader.dialect == "quartz" else number) % 7


def _warn_of_numbers(reader: FieldReader, item: FieldText) -> None:
    for number in _BARE_NUMBER.findall(item.text):
        name = WEEKDAY_NAMES[_from_sunday(reader, int(number))]
        reader.warn(f"day of week {item.text}: {number} is {name} here; write {name[:3].upper()}")
