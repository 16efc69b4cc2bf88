"""An outcome that events are asked for by: which flowfiles of a record had it, without looking closer at the others."""

from collections.abc import Iterator, Sequence

from flowrun.history.event import DEAD_LETTERS
from flowrun.repository.commit import EventType
from flowrun.repository.history_index import Block
from flowrun.repository.record import NOWHERE, HistoryRecord, Move, Row

DEAD_LETTER = "dead letter"

_FOLLOWS = frozenset((EventType.CREATE, EventType.ATTRIBUTES_MODIFIED, EventType.ROUTE, EventType.DROP))
"""Types of events that records need not tell."""


class Outcome:
    """An event type, a relationship by which flowfiles leave, or `dead letter`; `names` are the journal's."""

    def __init__(self, word: str, names: Sequence[str]) -> None:
        self._kind: EventType | None = None
        self._ways: set[int] = set()
        if word.lower() == DEAD_LETTER:
            self._queues = {number for number, name in enumerate(names) if name.endswith(DEAD_LETTERS)}
            return
        self._queues = {number for number, name in enumerate(names) if word in _relationships(name)}
        self._ways = {number for number, name in enumerate(names) if name == word}
        if not self._queues and not self._ways:
            self._kind = EventType.__members__.get(word.upper())

    def may_be_in(self, block: Block) -> bool:
        """Whether a flowfile may have had it there."""
        if self._kind is not None:
            return self._kind in _FOLLOWS or self._kind in block.kinds
        return not (self._queues.isdisjoint(block.queues) and self._ways.isdisjoint(block.ways))

    def flowfiles(self, record: HistoryRecord) -> set[int]:
        """Those that may have had it."""
        if self._kind is not None:
            return set(_with_event(record, self._kind))
        queues = self._queues
        found = {move.id for move in record.moves if move.queue in queues}
        found |= {row.id for row in record.rows if row.queue in queues}
        for number, ids in record.ways:
            if number in self._ways:
                found.update(ids)
        return found


def _relationships(connection: str) -> list[str]:
    return connection.partition(" -- ")[2].rpartition(" --> ")[0].split(", ")


def _with_event(record: HistoryRecord, kind: EventType) -> Iterator[int]:
    """Those of which the record says such an event, or from whose part in it such an event follows."""
    yield from (event.flowfile for event in record.events if event.type is kind)
    if kind is EventType.DROP:
        yield from record.gone
        yield from (entry.id for entries in (record.moves, record.rows) for entry in _ended(entries))
    elif kind is EventType.ROLLBACK:
        yield from (flowfile for _, ids in record.returned for flowfile in ids)
    elif kind is EventType.ATTRIBUTES_MODIFIED:
        yield from (move.id for move in record.moves if move.changes)
    elif kind is EventType.CREATE:
        yield from (row.id for row in record.rows)
    elif kind is EventType.ROUTE:
        yield from (move.id for move in record.moves)
        yield from (row.id for row in record.rows)


def _ended(entries: Sequence[Move] | Sequence[Row]) -> Iterator[Move | Row]:
    return (entry for entry in entries if entry.queue == NOWHERE)
