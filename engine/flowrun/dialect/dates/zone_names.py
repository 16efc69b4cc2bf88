"""The English names of time zones, as Java has them: `EST`, `Eastern Standard Time`, `ET`, `Eastern Time`.

The data is what Java 17 prints and reads for the locale en-US. Where it reads an abbreviation that several zones share
in a way that nobody would expect, the zone that most people mean stands here: `IST` is India's, `BST` Britain's.
"""

import json
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from flowrun.dialect.dates.parsing import NameKind
from flowrun.dialect.dates.zones import is_offset, is_summer_time, zone_id

Length = Literal["short", "long"]

_KINDS: Final[tuple[NameKind, ...]] = ("standard", "summer", "generic")
_PLACES: Final[dict[tuple[NameKind, Length], int]] = {
    ("standard", "short"): 0,
    ("standard", "long"): 1,
    ("summer", "short"): 2,
    ("summer", "long"): 3,
    ("generic", "short"): 4,
    ("generic", "long"): 5,
}


def name_at(zone: tzinfo, seconds: int, *, length: Length, generic: bool) -> str:
    """The name of a zone at a moment, in seconds since the epoch; its id if it has no name."""
    key = zone_id(zone)
    names = None if is_offset(zone) else _names().get(key)
    if names is None:
        return key
    kind: NameKind = "generic" if generic else "summer" if is_summer_time(zone, seconds) else "standard"
    return names[_PLACES[kind, length]]


class ReadableZone(NamedTuple):
    """A text that is read as a zone: its spelling, the id of the zone, and what kind of name it is, if it is one."""

    spelling: str
    key: str
    kind: NameKind | None = None


@cache
def readable_ids() -> dict[str, ReadableZone]:
    """The ids of zones, under the same in upper case."""
    return {key.upper(): ReadableZone(key, key) for key in _names()}


@cache
def readable_zones(length: Length) -> dict[str, ReadableZone]:
    """The ids, and the names of this length, under the same in upper case."""
    found = dict(readable_ids())
    for key, texts in _data()[length].items():
        for text in texts:
            found[text.upper()] = ReadableZone(text, key, _kind(text, key))
    return found


def _kind(text: str, key: str) -> NameKind:
    names = _names().get(key, ())
    place = names.index(text) // 2 if text in names else 0
    return _KINDS[place]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    return {key: tuple(names) for names, keys in _data()["names"] for key in keys}


@cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("zone_names.json").read_text("utf-8"))
    return found
