"""One flowfile's part in one commit."""

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec import Struct

from flowrun.flowfile import ContentClaim
from flowrun.history.archive import Place
from flowrun.repository.commit import Event
from flowrun.repository.record import NOWHERE, HistoryRecord, Move, Row

NO_CHANGES: Mapping[str, str | None] = {}


class Passage(Struct, frozen=True, kw_only=True):
    """What one commit did to one flowfile.

    `author` is the processor whose work it was (empty: a person's), `relationship` the way by which the flowfile left
    (empty: it was removed, or did not leave), `connection` the queue that it joined (empty: it ended). `born` are its
    first attributes if it is new, else `changes` are those that became different. `content` is False if it is the same
    as before. `reason` says why the work was undone; empty: it was not. `queued_since`, `penalized_until` and
    `attempts` are those in the queue, `cause` says why it is a dead letter. `children` were made of it by the same
    commit, each with the relationship by which it left.
    """

    place: Place
    moment: float
    flowfile: int
    author: str = ""
    relationship: str = ""
    connection: str = ""
    born: Mapping[str, str] | None = None
    changes: Mapping[str, str | None] = NO_CHANGES
    content: ContentClaim | None | bool = False
    reason: str = ""
    queued_since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    entry_date: float = 0.0
    lineage_start: float = 0.0
    cause: str = ""
    events: tuple[Event, ...] = ()
    children: tuple[tuple[int, str], ...] = ()

    @property
    def parents(self) -> tuple[int, ...]:
        """The flowfiles that it was made of, if it is new."""
        return tuple(dict.fromkeys(other for event in self.events for other in event.others))


def passages(place: Place, record: HistoryRecord, names: Sequence[str], wanted: Set[int] | None) -> Iterator[Passage]:
    """The parts that flowfiles have in a record: all of them, or those that are wanted."""
    if wanted is not None and wanted.isdisjoint(_ids(record)):
        return
    reader = _RecordReading(place, record, names)
    for flowfile_id in record.gone:
        if wanted is None or flowfile_id in wanted:
            yield reader.ending(flowfile_id)
    for move in record.moves:
        if wanted is None or move.id in wanted:
            yield reader.entry(move)
    for row in record.rows:
        if wanted is None or row.id in wanted:
            yield reader.entry(row)


def _ids(record: HistoryRecord) -> Iterator[int]:
    yield from record.gone
    yield from (move.id for move in record.moves)
    yield from (row.id for row in record.rows)


class _RecordReading:
    def __init__(self, place: Place, record: HistoryRecord, names: Sequence[str]) -> None:
        self._place = place
        self._record = record
        self._names = names
        self._author = names[record.author] if record.author >= 0 else ""
        self._ways = {i: names[number] for number, ids in record.ways for i in ids}
        self._reasons = {i: reason for reason, ids in record.returned for i in ids}
        self._events: dict[int, list[Event]] = {}
        for event in record.events:
            self._events.setdefault(event.flowfile, []).append(event)
        self._children: dict[int, list[int]] = {}
        for event in record.events:
            for parent in event.others:
                self._children.setdefault(parent, []).append(event.flowfile)
        self._left = {row.id: self._connection(row) for row in record.rows} if self._children else {}

    def ending(self, flowfile_id: int) -> Passage:
        return Passage(
            place=self._place,
            moment=self._record.moment,
            flowfile=flowfile_id,
            author=self._author,
            relationship=self._ways.get(flowfile_id, ""),
            events=tuple(self._events.get(flowfile_id, ())),
            children=self._children_of(flowfile_id),
        )

    def entry(self, entry: Row | Move) -> Passage:
        connection = self._connection(entry)
        reason = self._reasons.get(entry.id, "")
        is_new = isinstance(entry, Row)
        return Passage(
            place=self._place,
            moment=self._record.moment,
            flowfile=entry.id,
            author=self._author,
            relationship="" if reason else self._relationship(entry.id, connection),
            connection=connection,
            born=entry.attributes if isinstance(entry, Row) else None,
            changes=entry.changes if isinstance(entry, Move) else NO_CHANGES,
            content=entry.content,
            reason=reason,
            queued_since=entry.since or self._record.moment,
            penalized_until=entry.penalized_until,
            attempts=entry.attempts,
            entry_date=entry.entry_date,
            lineage_start=entry.lineage_start if isinstance(entry, Row) else 0.0,
            cause=entry.cause,
            events=tuple(self._events.get(entry.id, ())) if is_new or self._events else (),
            children=self._children_of(entry.id) if self._children else (),
        )

    def _connection(self, entry: Row | Move) -> str:
        return "" if entry.queue == NOWHERE else self._names[entry.queue]

    def _children_of(self, flowfile_id: int) -> tuple[tuple[int, str], ...]:
        children = self._children.get(flowfile_id, ())
        return tuple((child, self._relationship(child, self._left.get(child, ""))) for child in children)

    def _relationship(self, flowfile_id: int, connection: str) -> str:
        told = self._ways.get(flowfile_id)
        if told is not None or not self._author:
            return told or ""
        own = f"{self._author} -- "
        return connection[len(own) :].rpartition(" --> ")[0] if connection.startswith(own) else ""
