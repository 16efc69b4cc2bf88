"""What has been read of a text so far."""

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final, Literal

from flowrun.dialect.dates.fields import Field

FAILED: Final = -1
"""The place that is returned where a text does not fit."""

NameKind = Literal["standard", "summer", "generic"]


@dataclass(frozen=True, slots=True)
class DayPeriod:
    """A part of the day, such as `in the morning`, in minutes; it may go beyond midnight."""

    begin: int
    end: int
    short: str
    narrow: str

    @property
    def length(self) -> int:
        """Minutes that it lasts; none for midnight and noon."""
        return (self.end - self.begin) % 1440

    @property
    def middle(self) -> int:
        """The minute of the day in its middle."""
        return (self.begin + self.length // 2) % 1440

    def includes(self, minute: int) -> bool:
        """Whether the minute of the day is in it; 24:00 is in midnight."""
        if self.begin == self.end:
            return minute == self.begin or (self.begin == 0 and minute == 1440)
        if self.begin > self.end:
            return minute >= self.begin or minute < self.end
        return self.begin <= minute < self.end


@dataclass(slots=True)
class Parsing:
    """A text that is read, how, and what was found in it.

    `strict`: as wide as the pattern says. Otherwise names of every length and numbers of every width fit.
    """

    text: str
    strict: bool
    case_sensitive: bool
    values: dict[Field, int] = field(default_factory=dict)
    zone: tzinfo | None = None
    zone_name: NameKind | None = None
    day_period: DayPeriod | None = None

    def put(self, name: Field, value: int, place: int) -> int:
        """Note a value, and return the place after it; fails if the field has another value already."""
        return place if self.values.setdefault(name, value) == value else FAILED

    def has(self, expected: str, place: int) -> bool:
        """Whether the text goes on so, in any case unless `case_sensitive`."""
        found = self.text[place : place + len(expected)]
        if found == expected:
            return True
        return not self.case_sensitive and len(found) == len(expected) and all(map(_same_letter, found, expected))

    def copy(self) -> "Parsing":
        """The same, to go on with one's own findings."""
        return Parsing(
            self.text, self.strict, self.case_sensitive, dict(self.values), self.zone, self.zone_name, self.day_period
        )

    def restore(self, other: "Parsing") -> None:
        """Forget what was found since the copy was taken."""
        self.values, self.zone = other.values, other.zone
        self.zone_name, self.day_period = other.zone_name, other.day_period


def _same_letter(one: str, other: str) -> bool:
    return one.upper() == other.upper() or one.lower() == other.lower()
