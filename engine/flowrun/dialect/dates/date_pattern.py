"""Patterns of `java.time.format.DateTimeFormatter` for the locale en-US: printing and reading moments."""

from datetime import tzinfo
from functools import lru_cache

from flowrun.dialect.dates.civil import LAST_YEAR, NANOS_PER_SECOND, SECONDS_PER_DAY, date
from flowrun.dialect.dates.elements import Element
from flowrun.dialect.dates.fields import Field, Moment
from flowrun.dialect.dates.parsing import FAILED, Parsing
from flowrun.dialect.dates.pattern_reader import PatternReader
from flowrun.dialect.dates.resolution import resolve
from flowrun.dialect.dates.time_resolution import time_of_clock
from flowrun.dialect.dates.values import Values
from flowrun.dialect.dates.zones import is_offset, local_offsets
from flowrun.errors import EvaluationError

_HOURS = (Field.HOUR, Field.HOUR_OF_HALF_DAY, Field.CLOCK_HOUR_OF_HALF_DAY)
_LEAP_YEAR = 2000


class DatePattern:
    """A date pattern, such as `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`. Moments are nanoseconds since the epoch."""

    def __init__(self, text: str, elements: tuple[Element, ...]) -> None:
        self.text = text
        self._elements = elements

    @staticmethod
    @lru_cache(maxsize=512)
    def parse(text: str) -> "DatePattern":
        """The pattern of a text; raises ExpressionError with the column."""
        return DatePattern(text, PatternReader(text).elements())

    def format(self, nanos: int, zone: tzinfo) -> str:
        """The moment as the clocks of the zone show it; raises EvaluationError where the pattern has no room for it."""
        moment = Moment(nanos, zone)
        if abs(moment.date[0]) > LAST_YEAR:
            raise EvaluationError(f"the year {moment.date[0]} is beyond the calendar")
        return "".join([element.format(moment) for element in self._elements])

    def parse_lenient(self, text: str, zone: tzinfo) -> int:
        """The moment of a text: any case, widths as they come, 1970-01-01 00:00 for what is missing.

        The zone is used if the text has none. A day 29 to 31 after the month's end is its last, 24:00 the next
        midnight. Raises EvaluationError if the whole text does not fit.
        """
        parsing = self._read(text, strict=False)
        try:
            return resolve(parsing, zone).moment()
        except EvaluationError as error:
            raise self._failure(text, str(error)) from None

    def parse_strict(self, text: str, zone: tzinfo) -> int:
        """The moment of a text with a date and a time, in widths and case as the pattern has them.

        The zone is used if the text has none. Raises EvaluationError if the whole text does not fit.
        """
        parsing = self._read(text, strict=True)
        try:
            return resolve(parsing, zone).whole_moment()
        except EvaluationError as error:
            raise self._failure(text, str(error)) from None

    def is_valid(self, text: str, zone: tzinfo | None) -> bool:
        """Whether the text fits, leniently, and its day is one of the calendar, in a leap year if it has none.

        With a zone that is not a mere offset, the time must be one that its clocks show.
        """
        try:
            parsing = self._read(text, strict=False)
            return _is_real(parsing, zone)
        except EvaluationError:
            return False

    def _read(self, text: str, *, strict: bool) -> Parsing:
        parsing = Parsing(text, strict=strict, case_sensitive=strict)
        place = 0
        for element in self._elements:
            place = element.parse(parsing, place)
            if place == FAILED:
                raise self._failure(text)
        if place < len(text):
            raise self._failure(text, f"nothing is left for {text[place : place + 40]!r}")
        return parsing

    def _failure(self, text: str, reason: str = "") -> EvaluationError:
        shown = text if len(text) <= 60 else text[:57] + "..."
        more = f": {reason}" if reason else ""
        return EvaluationError(f"{shown!r} does not fit the date pattern {self.text!r}{more}")


def _is_real(parsing: Parsing, zone: tzinfo | None) -> bool:
    """NiFi's check of the fields as they were read, none of which is derived from another."""
    values = Values(parsing.values)
    if Field.DAY_OF_MONTH not in values or Field.MONTH not in values:
        return True
    values.check(Field.YEAR if Field.YEAR in values else Field.YEAR_OF_ERA)
    year = values.get(Field.YEAR, values.get(Field.YEAR_OF_ERA, _LEAP_YEAR))
    day = date(year, values[Field.MONTH], values[Field.DAY_OF_MONTH])
    if zone is None or is_offset(zone) or not any(field in values for field in _HOURS):
        return True
    hour = values.get(Field.HOUR)
    if hour is None:
        values.check(Field.HALF_DAY, Field.HOUR_OF_HALF_DAY)
        if Field.HOUR_OF_HALF_DAY not in values:
            values.check(Field.CLOCK_HOUR_OF_HALF_DAY)
        half = values.get(Field.HOUR_OF_HALF_DAY, values.get(Field.CLOCK_HOUR_OF_HALF_DAY, 0) % 12)
        hour = values.get(Field.HALF_DAY, 0) * 12 + half
    clock = Values(
        {Field.HOUR: hour, Field.MINUTE: values.get(Field.MINUTE, 0), Field.SECOND: values.get(Field.SECOND, 0)}
    )
    before, after = local_offsets(zone, day * SECONDS_PER_DAY + time_of_clock(clock) // NANOS_PER_SECOND)
    return after <= before
