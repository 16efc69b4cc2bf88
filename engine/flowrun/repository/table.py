"""Flowfiles by columns, as snapshots hold them: what many of them share is written once, and is one object when read.

A column is its different values, and for each flowfile the number of its own; no numbers: all have the one value, or
each has the next. All flowfiles of a table have attributes of the same names, in the same order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Generic, TypeVar

from msgspec import Struct

from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository.names import Names
from flowrun.repository.record import Row

Value = TypeVar("Value")
Mapped = TypeVar("Mapped")
_SAMPLE = 32
"""How many values are looked at: if they all differ, the column is not searched for some that do not."""


class Column(Struct, Generic[Value], array_like=True, omit_defaults=True, frozen=True):
    """The values of one thing, one for each flowfile of the table."""

    different: list[Value]
    numbers: list[int] = []

    def of(self, count: int) -> Iterable[Value]:
        """One for each of so many flowfiles."""
        if self.numbers:
            return map(self.different.__getitem__, self.numbers)
        return self.different if len(self.different) == count else repeat(self.different[0], count)

    def at(self, place: int) -> Value:
        """That of the flowfile at this place."""
        if self.numbers:
            return self.different[self.numbers[place]]
        return self.different[place if len(self.different) > 1 else 0]

    def mapped(self, change: Callable[[Value], Mapped]) -> "Column[Mapped]":
        """The column with every value changed."""
        return Column([change(value) for value in self.different], self.numbers)


class Table(Struct, array_like=True, frozen=True):
    """Flowfiles in queues, whole. `queues`, `origins` and `came_by` (-1: none) are numbers of names."""

    ids: list[int]
    queues: Column[int]
    names: list[str]
    values: list[Column[str]]
    contents: Column[ContentClaim | None]
    entry_dates: Column[float]
    lineage_starts: Column[float]
    since: Column[float]
    penalized_until: Column[float]
    attempts: Column[int]
    origins: Column[tuple[int, ...]]
    causes: Column[str]
    came_by: Column[int]

    def placements(self, names: Sequence[str]) -> Iterator[Placement]:
        """The flowfiles in their queues, `names` by number. Raises IndexError if a number is no name's."""
        count = len(self.ids)
        flowfiles = map(
            FlowFile,
            self.ids,
            self._attributes(),
            self.contents.of(count),
            self.entry_dates.of(count),
            self.lineage_starts.of(count),
        )
        return map(
            Placement,
            flowfiles,
            self.queues.mapped(names.__getitem__).of(count),
            self.since.of(count),
            self.penalized_until.of(count),
            self.attempts.of(count),
            self.origins.mapped(lambda numbers: tuple(names[number] for number in numbers)).of(count),
            self.causes.of(count),
            self.came_by.mapped(lambda number: names[number] if number >= 0 else "").of(count),
        )

    def row(self, place: int) -> Row:
        """The flowfile at this place."""
        return Row(
            self.ids[place],
            self.queues.at(place),
            {name: column.at(place) for name, column in zip(self.names, self.values, strict=True)},
            self.contents.at(place),
            self.entry_dates.at(place),
            self.lineage_starts.at(place),
            self.since.at(place),
            self.penalized_until.at(place),
            self.attempts.at(place),
            self.origins.at(place),
            self.causes.at(place),
            self.came_by.at(place),
        )

    def _attributes(self) -> list[dict[str, str]]:
        count = len(self.ids)
        shared = {name: column.different[0] for name, column in zip(self.names, self.values, strict=True)}
        attributes = [shared.copy() for _ in range(count)]
        for name, column in zip(self.names, self.values, strict=True):
            if len(column.different) > 1:
                for own, value in zip(attributes, column.of(count), strict=True):
                    own[name] = value
        return attributes


def tables_of(placements: Iterable[Placement], names: Names) -> list[Table]:
    """The flowfiles in tables, one for those that have attributes of the same names."""
    alike: dict[tuple[str, ...], list[Placement]] = {}
    for placement in placements:
        alike.setdefault(tuple(placement.flowfile.attributes), []).append(placement)
    return [_table(list(attributes), group, names) for attributes, group in alike.items()]


def _table(attributes: list[str], placements: list[Placement], names: Names) -> Table:
    flowfiles = [placement.flowfile for placement in placements]
    number = names.number
    return Table(
        [flowfile.id for flowfile in flowfiles],
        _column([placement.connection for placement in placements]).mapped(number),
        attributes,
        [_column(values) for values in zip(*(flowfile.attributes.values() for flowfile in flowfiles), strict=True)],
        Column([flowfile.content for flowfile in flowfiles]) if _any_content(flowfiles) else Column([None]),
        _column([flowfile.entry_date for flowfile in flowfiles]),
        _column([flowfile.lineage_start for flowfile in flowfiles]),
        _column([placement.queued_since for placement in placements]),
        _column([placement.penalized_until for placement in placements]),
        _column([placement.attempts for placement in placements]),
        _column([placement.origins for placement in placements]).mapped(lambda found: tuple(map(number, found))),
        _column([placement.cause for placement in placements]),
        _column([placement.came_by for placement in placements]).mapped(lambda name: number(name) if name else -1),
    )


def _any_content(flowfiles: list[FlowFile]) -> bool:
    return any(flowfile.content is not None for flowfile in flowfiles)


def _column(values: Sequence[Value]) -> Column[Value]:
    first = values[0]
    if first == values[-1] and values.count(first) == len(values):
        return Column([first])
    some = values[:: 1 + len(values) // _SAMPLE]
    if len(some) == len(set(some)):
        return Column(list(values))
    numbers = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if 2 * len(numbers) > len(values):
        return Column(list(values))
    return Column(list(numbers), [numbers[value] for value in values])
