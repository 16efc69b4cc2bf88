"""From records and tables back to what was true: the flowfiles that live, and the states of processors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

import msgspec
from msgspec import Raw, Struct

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository.commit import StateChange
from flowrun.repository.names import Names
from flowrun.repository.record import NOWHERE, Move
from flowrun.repository.snapshot import PIECE, read_tables
from flowrun.repository.swap import SwapSpace
from flowrun.repository.table import Table


class EncodedRow(Struct, array_like=True, gc=False):
    """A `Row` whose attributes are as they were written."""

    id: int
    queue: int
    attributes: Raw
    content: ContentClaim | None
    entry_date: float
    lineage_start: float
    since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[int, ...] = ()
    cause: str = ""
    came_by: int = -1


class ReadRecord(Struct, array_like=True):
    """What of a `Record` is true for what lives."""

    moment: float
    names: list[str] = []
    gone: list[int] = []
    moves: list[Move] = []
    rows: list[EncodedRow] = []
    state: tuple[StateChange, ...] = ()


class RecordReader:
    """Applies records in order. What it read is in `live` and `state` after `finish`.

    A row's attributes stay encoded until then: most flowfiles that a journal speaks of have ended since.
    """

    def __init__(
        self,
        names: Names,
        live: dict[int, Placement],
        state: dict[str, Mapping[str, str]],
        *,
        swap: SwapSpace | None = None,
    ) -> None:
        self.highest_id = 0
        self._swap = swap
        self._pieces: list[memoryview] = []
        self._in_pieces = 0
        self._gone: set[int] = set()
        self._names = names
        self._live = live
        self._state = state
        self._rows: dict[int, EncodedRow] = {}
        self._moves: dict[int, Move] = {}
        self._decode = msgspec.msgpack.Decoder(ReadRecord).decode
        self._decode_attributes = msgspec.msgpack.Decoder(dict[str, str]).decode

    @property
    def flowfiles(self) -> int:
        """How many live by what was read so far."""
        return len(self._live) + len(self._rows) + self._in_pieces

    def apply(self, payload: memoryview) -> None:
        """One record. Raises RepositoryError if it can't be."""
        try:
            record = self._decode(payload)
            self._names.add(record.names)
            for flowfile_id in record.gone:
                self._forget(flowfile_id)
            if record.moves:
                self._apply_moves(record.moves, record.moment)
            if record.rows:
                self._apply_rows(record.rows, record.moment)
        except (msgspec.MsgspecError, KeyError, IndexError) as error:
            raise RepositoryError(f"a record says what can't be: {error!r}") from error
        for change in record.state:
            self._state[change.processor] = change.values

    def apply_tables(self, payload: memoryview) -> None:
        """A piece of a snapshot. Raises RepositoryError if it can't be."""
        try:
            tables = read_tables(payload)
            if self._swap is not None and _were_swapped(tables):
                self._pieces.append(payload)
                self._in_pieces += sum(len(table.ids) for table in tables)
                return
            self._take_tables(tables)
        except (msgspec.MsgspecError, ValueError, IndexError) as error:
            raise RepositoryError(f"a piece of a snapshot says what can't be: {error!r}") from error

    def finish(self) -> None:
        """Make true what was read; nothing can be read afterwards. Raises RepositoryError."""
        try:
            self._take_pieces()
            self._take_rows()
            for flowfile_id, move in self._moves.items():
                self._live[flowfile_id] = self._moved(self._live[flowfile_id].flowfile, move)
            self._moves.clear()
        except (msgspec.MsgspecError, KeyError, IndexError) as error:
            raise RepositoryError(f"the records say what can't be: {error!r}") from error

    def _take_tables(self, tables: list[Table]) -> None:
        for table in tables:
            self._live.update(zip(table.ids, table.placements(self._names.listed), strict=True))

    def _take_pieces(self) -> None:
        """What was swapped out stays so, piece by piece, unless a record speaks of one of its flowfiles."""
        touched = self._gone.union(self._moves.keys() - self._rows.keys() - self._live.keys())
        for payload in self._pieces:
            tables = read_tables(payload)
            is_touched = not all(touched.isdisjoint(table.ids) for table in tables)
            if is_touched or self._swap is None or not self._swap.adopt(payload):
                self._take_tables(tables)
        self._pieces.clear()
        for flowfile_id in self._gone:
            self._live.pop(flowfile_id, None)

    def _take_rows(self) -> None:
        """The flowfiles that records brought, as their last moves left them: all at once, which is twice as fast."""
        ids, rows = list(self._rows), list(self._rows.values())
        self._rows.clear()
        entries: list[EncodedRow | Move] = list(map(self._moves.pop, ids, rows))
        attributes = list(map(self._decode_attributes, map(attrgetter("attributes"), rows)))
        for place, entry in enumerate(entries):
            if isinstance(entry, Move):
                row = rows[place]
                if entry.changes:
                    _change(attributes[place], entry.changes)
                if entry.content is False:
                    entry.content = row.content
                if not entry.entry_date:
                    entry.entry_date = row.entry_date
        flowfiles = map(
            FlowFile,
            ids,
            attributes,
            map(attrgetter("content"), entries),
            map(attrgetter("entry_date"), entries),
            map(attrgetter("lineage_start"), rows),
        )
        self._live.update(zip(ids, self._placed(flowfiles, entries), strict=True))

    def _placed(self, flowfiles: Iterable[FlowFile], entries: Sequence[EncodedRow | Move]) -> Iterator[Placement]:
        names = self._names.listed
        origins = {numbers: tuple([names[n] for n in numbers]) for numbers in {entry.origins for entry in entries}}
        came_by = {number: names[number] if number >= 0 else "" for number in {entry.came_by for entry in entries}}
        return map(
            Placement,
            flowfiles,
            map(names.__getitem__, map(attrgetter("queue"), entries)),
            map(attrgetter("since"), entries),
            map(attrgetter("penalized_until"), entries),
            map(attrgetter("attempts"), entries),
            map(origins.__getitem__, map(attrgetter("origins"), entries)),
            map(attrgetter("cause"), entries),
            map(came_by.__getitem__, map(attrgetter("came_by"), entries)),
        )

    def _forget(self, flowfile_id: int) -> None:
        known = self._rows.pop(flowfile_id, None) or self._live.pop(flowfile_id, None)
        if known is None and self._pieces:
            self._gone.add(flowfile_id)
        self._moves.pop(flowfile_id, None)

    def _apply_rows(self, rows: list[EncodedRow], moment: float) -> None:
        self.highest_id = max(self.highest_id, *(row.id for row in rows))
        for row in rows:
            if not row.since:
                row.since = moment
        self._rows.update({row.id: row for row in rows if row.queue != NOWHERE})

    def _apply_moves(self, moves: list[Move], moment: float) -> None:
        latest = self._moves
        for move in moves:
            if move.queue == NOWHERE:
                self._forget(move.id)
                continue
            if not move.since:
                move.since = moment
            before = latest.get(move.id)
            if before is not None:
                _go_on_from(before, move)
            latest[move.id] = move

    def _moved(self, before: FlowFile, move: Move) -> Placement:
        attributes = dict(before.attributes)
        if move.changes:
            _change(attributes, move.changes)
        content = before.content if isinstance(move.content, bool) else move.content
        entry_date = move.entry_date or before.entry_date
        flowfile = FlowFile(before.id, attributes, content, entry_date, before.lineage_start)
        return next(self._placed([flowfile], [move]))


def _were_swapped(tables: list[Table]) -> bool:
    """Whether it is a piece that was swapped out: those in memory are written in smaller ones.

    Flowfiles that keep a source from its next trigger are always read, for they have to be counted.
    """
    queues = {queue for table in tables for queue in table.queues.different}
    origins = {numbers for table in tables for numbers in table.origins.different}
    return len(queues) == 1 and origins == {()} and sum(len(table.ids) for table in tables) > PIECE


def _go_on_from(before: Move, move: Move) -> None:
    """Let the later move say what the earlier one changed, too."""
    if before.changes:
        move.changes = {**before.changes, **move.changes} if move.changes else before.changes
    if move.content is False:
        move.content = before.content
    if not move.entry_date:
        move.entry_date = before.entry_date


def _change(attributes: dict[str, str], changes: Mapping[str, str | None]) -> None:
    """In place, for nobody else has them yet."""
    attributes.update(changes)  # type: ignore[arg-type]  # what is None is removed at once
    if None in changes.values():
        for name, value in changes.items():
            if value is None:
                del attributes[name]
