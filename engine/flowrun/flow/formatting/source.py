"""A flow file as a tree of stretches: for each key and value, from which character to which it goes."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct, field

from flowrun.errors import Place

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY_LINES = re.compile(r"(?:\r?\n)+\Z")

Event = Any
"""An event of PyYAML, whose type stubs say that its marks may be missing; an event of a parser has both."""


class Stretch(Struct):
    """Text from character `start` up to `end`. An alias is nothing more than that."""

    start: int
    end: int


class Scalar(Stretch):
    """A text; `style` is its quote, `|` or `>`, and empty for a plain one."""

    value: str
    style: str


class Sequence(Stretch):
    """A list."""

    items: list[Stretch] = field(default_factory=list)


class Entry(Struct):
    """A key of a mapping and its value."""

    key: Scalar
    value: Stretch

    @property
    def name(self) -> str:
        """The key's text."""
        return self.key.value


class Mapping(Stretch):
    """Keys and values in the file's order; `in_braces` are those written `{…}`. A key that is an alias is left out."""

    in_braces: bool = False
    entries: list[Entry] = field(default_factory=list)
    has_all: bool = True

    def under(self, name: str) -> Stretch | None:
        """The value of a key."""
        return next((entry.value for entry in self.entries if entry.name == name), None)

    def mapping(self, name: str) -> "Mapping | None":
        """The mapping under a key."""
        found = self.under(name)
        return found if isinstance(found, Mapping) else None

    def mappings(self, name: str) -> "list[tuple[str, Mapping]]":
        """The mappings in the mapping under a key, with their names."""
        found = self.mapping(name)
        entries = found.entries if found is not None else []
        return [(entry.name, entry.value) for entry in entries if isinstance(entry.value, Mapping)]


def read_source(text: str) -> Mapping:
    """The tree of a flow file that has been loaded: its root is a mapping, and its depth is bounded."""
    events = iter(yaml.parse(text, Loader=_LOADER))
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            return _mapping(event, events, text)
    raise ValueError("expected a mapping")


def place_of(index: int, text: str, file: str) -> Place:
    """Where a character of the text stands."""
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _node(event: Event, events: Iterator[Event], text: str) -> Stretch:
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(event, events, text)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(event, events, text)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, text)
    return Stretch(event.start_mark.index, event.end_mark.index)


def _scalar(event: Event, text: str) -> Scalar:
    start, end = event.start_mark.index, event.end_mark.index
    style = event.style or ""
    if style in ("|", ">") and "+" not in text[start:end].partition("\n")[0]:
        empty = _EMPTY_LINES.search(text, start, end)
        end = end if empty is None else empty.start() + len(re.match(r"\r?\n", empty[0])[0])  # type: ignore[index]
    return Scalar(start, end, event.value, style)


def _sequence(event: Event, events: Iterator[Event], text: str) -> Sequence:
    sequence = Sequence(event.start_mark.index, event.end_mark.index)
    for inner in events:
        if isinstance(inner, yaml.SequenceEndEvent):
            sequence.end = _end(inner) if event.flow_style else _end_of(sequence.items, sequence.end)
            break
        sequence.items.append(_node(inner, events, text))
    return sequence


def _mapping(event: Event, events: Iterator[Event], text: str) -> Mapping:
    mapping = Mapping(event.start_mark.index, event.end_mark.index, in_braces=bool(event.flow_style))
    for inner in events:
        if isinstance(inner, yaml.MappingEndEvent):
            values = [entry.value for entry in mapping.entries]
            mapping.end = _end(inner) if event.flow_style else _end_of(values, mapping.end)
            break
        key = _node(inner, events, text)
        value = _node(next(events), events, text)
        if isinstance(key, Scalar):
            mapping.entries.append(Entry(key, value))
        else:
            mapping.has_all = False
    return mapping


def _end(event: Event) -> int:
    index: int = event.end_mark.index
    return index


def _end_of(stretches: list[Stretch], otherwise: int) -> int:
    """Where the text of a list or mapping without brackets ends: before comments and empty lines, unlike YAML's own."""
    return stretches[-1].end if stretches else otherwise
