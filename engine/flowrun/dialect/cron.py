"""CRON expressions as Quartz reads them, seconds first: `0 0/10 * * * ?`. croniter does the search through time.

Sources: Quartz 2.3 `CronExpression` (NiFi 1), Spring's `CronExpression` (NiFi 2).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from datetime import time as time_of_day
from typing import Self

from croniter import CroniterBadDateError, croniter

from flowrun.dialect.cron_days import DayTest, read_days_of_month, read_days_of_week
from flowrun.dialect.cron_fields import (
    HOUR,
    MINUTE,
    MONTH,
    SECOND,
    WEEKDAYS,
    YEAR,
    CronDialect,
    FieldKind,
    FieldReader,
    FieldText,
)
from flowrun.errors import ExpressionError

_FIELDS = "second minute hour day-of-month month day-of-week"
_LONGEST_WAIT = timedelta(days=50 * 366)
_SECOND = timedelta(seconds=1)
_UNIX_WEEKDAY = re.compile(r"(?<![0-9/])[0-7](?![0-9])")
_MACROS = {
    "@YEARLY": "0 0 0 1 1 ?",
    "@ANNUALLY": "0 0 0 1 1 ?",
    "@MONTHLY": "0 0 0 1 * ?",
    "@WEEKLY": "0 0 0 ? * SUN",
    "@DAILY": "0 0 0 * * ?",
    "@MIDNIGHT": "0 0 0 * * ?",
    "@HOURLY": "0 0 * * * ?",
}


@dataclass(frozen=True, slots=True)
class CronExpression:
    """A schedule: which wall-clock seconds of a time zone it means; the system's local time if the zone is None.

    `warnings` names what an author may have meant otherwise, such as a bare day-of-week number. `calendar` is the text
    that croniter searches with, and `day_tests` what a day must hold beyond it.
    """

    text: str
    dialect: CronDialect
    zone: tzinfo | None
    warnings: tuple[str, ...]
    calendar: str
    day_tests: tuple[DayTest, ...]

    @classmethod
    def parse(cls, text: str, *, dialect: CronDialect = "quartz", zone: tzinfo | None = None) -> Self:
        """Read six fields, or seven with a year (Quartz only). Raises ExpressionError with the column.

        The dialects differ in what a bare day-of-week number means: 1 is Sunday to Quartz and Monday to Spring.
        """
        fields = [FieldText(found[0].upper(), found.start() + 1) for found in re.finditer(r"\S+", text)]
        _check_fields(fields, dialect)
        reader = FieldReader(dialect)
        second, minute, hour = (
            _join(reader.read_field(field, kind), kind)
            for field, kind in zip(fields, (SECOND, MINUTE, HOUR), strict=False)
        )
        months = reader.read_field(fields[4], MONTH)
        year = _join(reader.read_field(fields[6], YEAR), YEAR) if len(fields) == 7 else "*"
        days, day_tests = _read_days(reader, fields[3], fields[5], months)
        calendar = f"{second} {minute} {hour} {days} {year}"
        return cls(text, dialect, zone, tuple(reader.warnings), calendar, day_tests)

    def next_after(self, moment: float) -> float | None:
        """The first fire time after a moment, both in seconds since the epoch; None when there is none in 50 years.

        A wall-clock time that the spring change leaves out is not made up for. Of one that the autumn change repeats,
        Quartz takes the second and Spring takes both.
        """
        try:
            start = datetime.fromtimestamp(moment, self.zone).replace(tzinfo=None, microsecond=0)
            if self.dialect == "quartz":
                return self._first_real(start, fold=1)
            times = [self._first_real(start, fold=start.fold)]
            if start.fold == 0 and self._is_repeated(start):
                times.append(self._first_real(self._before_repetition(start), fold=1))
        except (OverflowError, OSError, ValueError):
            return None
        return min((time for time in times if time is not None), default=None)

    def _first_real(self, start: datetime, *, fold: int) -> float | None:
        """The first fire time after a wall-clock time; `fold` chooses between two of the same wall-clock time."""
        start = start.replace(fold=0)
        search = croniter(self.calendar, start, ret_type=datetime, day_or=False, second_at_beginning=True)
        while True:
            try:
                wall = search.get_next()
            except CroniterBadDateError:
                return None
            day = self._first_day(wall.date())
            if day is None:
                return None
            if day != wall.date():
                search.set_current(datetime.combine(day, time_of_day.min) - _SECOND)
                continue
            time = self._time(wall, fold)
            if datetime.fromtimestamp(time, self.zone).replace(tzinfo=None, fold=0) == wall:
                return time
            # The clocks skip this time. They change on whole minutes, so the rest of the minute is skipped as well.
            search.set_current(wall.replace(second=59))

    def _first_day(self, day: date) -> date | None:
        """The day itself, or the next one that holds all tests."""
        end = day + _LONGEST_WAIT
        while day < end:
            if all(test(day) for test in self.day_tests):
                return day
            day += timedelta(days=1)
        return None

    def _time(self, wall: datetime, fold: int) -> float:
        return wall.replace(tzinfo=self.zone, fold=fold).timestamp()

    def _is_repeated(self, wall: datetime) -> bool:
        return self._time(wall, 0) < self._time(wall, 1)

    def _before_repetition(self, wall: datetime) -> datetime:
        """The last second before the wall-clock times that come twice, one of which is given."""
        start = wall.replace(second=0)
        while self._is_repeated(start):
            start -= timedelta(minutes=1)
        return start.replace(second=59)


def _read_days(
    reader: FieldReader, day_of_month: FieldText, day_of_week: FieldText, months: set[int]
) -> tuple[str, tuple[DayTest, ...]]:
    """Day of month, month and day of week for croniter, or `* * *` and tests where it cannot tell the days."""
    by_month = None if day_of_month.text in "?*" else read_days_of_month(reader, day_of_month)
    by_week = None if day_of_week.text in "?*" else read_days_of_week(reader, day_of_week)
    rules = [rule for rule in (by_month, by_week) if rule is not None]
    month = _join(months, MONTH)
    if len(rules) == 2 or any(rule.numbers is None for rule in rules):
        return "* * *", (lambda day: day.month in months, *(rule.allows for rule in rules))
    days = [",".join(map(str, sorted(rule.numbers))) if rule and rule.numbers else "*" for rule in (by_month, by_week)]
    return f"{days[0]} {month} {days[1]}", ()


def _check_fields(fields: list[FieldText], dialect: CronDialect) -> None:
    most = 7 if dialect == "quartz" else 6
    if fields and fields[0].text.startswith("@"):
        mend = _MACROS.get(fields[0].text)
        raise fields[0].error(f"six fields ({_FIELDS})" + (f", which would be {mend!r}" if mend else ""))
    if len(fields) == 5:
        mend = _six_fields(*(field.text for field in fields))
        raise ExpressionError(f"expected six fields ({_FIELDS}), found five{mend}", column=fields[0].column)
    if not 6 <= len(fields) <= most:
        column = fields[most].column if len(fields) > most else None
        year = " and perhaps a year" if dialect == "quartz" else ""
        raise ExpressionError(f"expected six fields ({_FIELDS}){year}, found {len(fields) or 'none'}", column=column)
    if dialect == "quartz" and (fields[3].text == "?") == (fields[5].text == "?"):
        raise ExpressionError(
            f"expected ? in one of day-of-month and day-of-week{_mend_days(fields)}", column=fields[5].column
        )


def _mend_days(fields: list[FieldText]) -> str:
    texts = [field.text for field in fields]
    if texts[3] == "?":
        return ", found it in both"
    if "*" not in (texts[3], texts[5]):
        return ", found both given"
    texts[5 if texts[5] == "*" else 3] = "?"
    return f"; it is {' '.join(texts)!r}"


def _six_fields(minute: str, hour: str, day: str, month: str, weekday: str) -> str:
    """How to write five fields of a Unix crontab, where days of the week count from Sunday = 0."""
    names = list(WEEKDAYS)
    if weekday == "*":
        weekday = "?"
    elif day == "*":
        day, weekday = "?", _UNIX_WEEKDAY.sub(lambda found: names[int(found[0]) % 7], weekday)
    else:
        return ""
    return f"; with seconds first it is '0 {minute} {hour} {day} {month} {weekday}'"


def _join(numbers: Collection[int], kind: FieldKind) -> str:
    every = kind.highest - kind.lowest + 1
    return "*" if len(numbers) == every else ",".join(map(str, sorted(numbers)))
