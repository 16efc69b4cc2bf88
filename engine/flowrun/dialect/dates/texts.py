"""Elements of a pattern that are words: literal text, names of fields, parts of the day."""

from dataclasses import dataclass
from typing import Final

from flowrun.dialect.dates.fields import Field, Moment
from flowrun.dialect.dates.names import NAMES, Style, readable_names
from flowrun.dialect.dates.numerals import Number
from flowrun.dialect.dates.parsing import FAILED, DayPeriod, Parsing

_DAY_PERIODS: Final = (
    DayPeriod(0, 0, "midnight", "mi"),
    DayPeriod(12 * 60, 12 * 60, "noon", "n"),
    DayPeriod(6 * 60, 12 * 60, "in the morning", "in the morning"),
    DayPeriod(12 * 60, 18 * 60, "in the afternoon", "in the afternoon"),
    DayPeriod(18 * 60, 21 * 60, "in the evening", "in the evening"),
    DayPeriod(21 * 60, 6 * 60, "at night", "at night"),
)
_HALVES: Final = (DayPeriod(0, 12 * 60, "AM", "a"), DayPeriod(12 * 60, 24 * 60, "PM", "p"))


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself."""

    text: str

    def format(self, moment: Moment) -> str:
        """The text."""
        return self.text

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read the text."""
        return place + len(self.text) if parsing.has(self.text, place) else FAILED


@dataclass(frozen=True, slots=True)
class Name:
    """A field by its English name: `Jan`, `Monday`, `AD`, `PM`."""

    field: Field
    style: Style

    def format(self, moment: Moment) -> str:
        """The name."""
        return NAMES[self.field][self.style][moment.value(self.field)]

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read a name of this style; unless strict, one of any style, or the number."""
        for name, value in readable_names(self.field, self.style if parsing.strict else None):
            if parsing.has(name, place):
                return parsing.put(self.field, value, place + len(name))
        return FAILED if parsing.strict else Number(self.field, 1, 19, "normal").parse(parsing, place)


@dataclass(frozen=True, slots=True)
class DayPeriodName:
    """The part of the day: `in the morning`, `noon`."""

    narrow: bool

    def format(self, moment: Moment) -> str:
        """The name of the shortest part that the moment is in."""
        minute = moment.second_of_day // 60
        period = next(period for period in _DAY_PERIODS if period.includes(minute))
        return period.narrow if self.narrow else period.short

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read a name; unless strict, of either style."""
        found = [
            (name, period)
            for period in (*_DAY_PERIODS, *_HALVES)
            for name in self._names(period, strict=parsing.strict)
            if parsing.has(name, place)
        ]
        if not found:
            return FAILED
        name, parsing.day_period = max(found, key=lambda item: len(item[0]))
        return place + len(name)

    def _names(self, period: DayPeriod, *, strict: bool) -> tuple[str, ...]:
        if strict:
            return (period.narrow,) if self.narrow else (period.short,)
        return period.short, period.narrow
