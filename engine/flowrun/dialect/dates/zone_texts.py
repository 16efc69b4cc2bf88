"""Elements of a pattern that are the time zone: its id or its name."""

from dataclasses import dataclass
from typing import Final

from flowrun.dialect.dates.fields import Field, Moment
from flowrun.dialect.dates.offsets import Offset
from flowrun.dialect.dates.parsing import FAILED, Parsing
from flowrun.dialect.dates.zone_names import Length, ReadableZone, name_at, readable_ids, readable_zones
from flowrun.dialect.dates.zones import GREATEST_OFFSET, offset_zone, prefixed_zone, zone, zone_id
from flowrun.errors import ExpressionError

_OFFSET: Final = Offset(colon=True, minutes_needed=True, seconds=True, zero="Z")
_LONGEST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class ZoneId:
    """The zone's id: `Europe/Paris`, `+05:30`."""

    def format(self, moment: Moment) -> str:
        """The id."""
        return zone_id(moment.zone)

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read an id."""
        return _parse_zone(parsing, place, readable_ids())


@dataclass(frozen=True, slots=True)
class ZoneName:
    """The zone's name at the moment: `EST`, `Eastern Standard Time`; `generic` without regard to summer: `ET`."""

    length: Length
    generic: bool

    def format(self, moment: Moment) -> str:
        """The name."""
        return name_at(moment.zone, moment.seconds, length=self.length, generic=self.generic)

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read a name of this length, or an id."""
        return _parse_zone(parsing, place, readable_zones(self.length))


def _parse_zone(parsing: Parsing, place: int, readable: dict[str, ReadableZone]) -> int:
    text = parsing.text
    if text[place : place + 1] in ("+", "-") and place < len(text):
        return _parse_offset(parsing, "", place)
    if parsing.has("UT", place):
        return _parse_offset(parsing, "UTC" if parsing.has("UTC", place) else "UT", place)
    if parsing.has("GMT0", place):
        parsing.zone = zone("GMT0")
        return place + 4
    if parsing.has("GMT", place):
        return _parse_offset(parsing, "GMT", place)
    for end in range(min(len(text), place + _LONGEST_NAME), place, -1):
        found = readable.get(text[place:end].upper())
        if found and (not parsing.case_sensitive or found.spelling == text[place:end]):
            return _take(parsing, found, end)
    if parsing.has("Z", place):
        parsing.zone = offset_zone(0)
        return place + 1
    return FAILED


def _take(parsing: Parsing, found: ReadableZone, end: int) -> int:
    try:
        parsing.zone = zone(found.key)
    except ExpressionError:  # the zone data of this machine has it not
        return FAILED
    parsing.zone_name = found.kind
    return end


def _parse_offset(parsing: Parsing, prefix: str, place: int) -> int:
    """Read an offset, which may be left out after a prefix such as `GMT`."""
    place += len(prefix)
    attempt = parsing.copy()
    attempt.values.pop(Field.OFFSET, None)
    end = FAILED if prefix and attempt.has("Z", place) else _OFFSET.parse(attempt, place)
    seconds = attempt.values.get(Field.OFFSET, 0)
    if (end == FAILED and not prefix) or abs(seconds) > GREATEST_OFFSET:
        return FAILED
    parsing.zone = prefixed_zone(prefix, seconds) if prefix else offset_zone(seconds)
    return place if end == FAILED else end
