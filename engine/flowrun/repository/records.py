"""From commits to the journal's records, and back to what they made true."""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from flowrun.errors import RepositoryError
from flowrun.flowfile import FlowFile, Placement
from flowrun.repository.commit import Commit, StateChange
from flowrun.repository.names import Names
from flowrun.repository.record import NOWHERE, HistoryRecord, Move, Record, Row, SnapshotEnd

__all__ = ["Names", "Record", "RecordReader", "RecordWriter", "SnapshotEnd", "snapshot_records"]

SNAPSHOT_CHUNK = 1000


class RecordWriter:
    """Turns commits into records; `born` are the flowfiles that the last one brought."""

    def __init__(self, names: Names, live: Mapping[int, Placement]) -> None:
        self._names = names
        self._live = live
        self._encoder = msgspec.msgpack.Encoder()
        self.born: list[int] = []

    def encode(self, commit: Commit) -> bytes:
        """The commit's record."""
        known = len(self._names.listed)
        moves: list[Move] = []
        rows: list[Row] = []
        for placement in commit.placed:
            before = self._live.get(placement.flowfile.id)
            if before is None:
                rows.append(self.row(placement, commit.moment))
            else:
                moves.append(self._move(placement, before, commit))
        gone = commit.gone()
        if commit.ended:
            gone = self._end(commit, gone, moves, rows)
        number = self._names.number
        author = number(commit.author) if commit.author else -1
        ways = [(number(relationship), ids) for relationship, ids in commit.ways.items()] if commit.ways else ()
        self.born = [row.id for row in rows] if rows else []
        record = HistoryRecord(
            commit.moment,
            self._names.listed[known:],
            gone,
            moves,
            rows,
            commit.state,
            commit.events,
            author,
            ways,
            tuple(commit.returned.items()) if commit.returned else (),
        )
        return self._encoder.encode(record)

    def _end(self, commit: Commit, gone: list[int], moves: list[Move], rows: list[Row]) -> list[int]:
        """Write down those that ended otherwise than they were; gives those that did not."""
        told = set()
        for flowfile in commit.ended:
            before = self._live.get(flowfile.id)
            if before is None:
                rows.append(self.row(Placement(flowfile, "", commit.moment), commit.moment))
            elif before.flowfile is not flowfile:
                moves.append(self._move(Placement(flowfile, "", commit.moment), before, commit))
                told.add(flowfile.id)
        return [flowfile_id for flowfile_id in gone if flowfile_id not in told] if told else gone

    def _queue(self, placement: Placement) -> int:
        return self._names.number(placement.connection) if placement.connection else NOWHERE

    def row(self, placement: Placement, moment: float) -> Row:
        """The flowfile whole."""
        flowfile = placement.flowfile
        number = self._names.number
        return Row(
            flowfile.id,
            self._queue(placement),
            flowfile.attributes,  # type: ignore[arg-type]  # encoded only
            flowfile.content,
            flowfile.entry_date,
            flowfile.lineage_start,
            0.0 if placement.queued_since == moment else placement.queued_since,
            placement.penalized_until,
            placement.attempts,
            tuple(map(number, placement.origins)) if placement.origins else (),
            placement.cause,
            number(placement.came_by) if placement.came_by else -1,
        )

    def _move(self, placement: Placement, before: Placement, commit: Commit) -> Move:
        flowfile = placement.flowfile
        content = flowfile.content
        return Move(
            flowfile.id,
            self._queue(placement),
            commit.changes.get(flowfile.id, _NO_CHANGES),
            False if content is before.flowfile.content else content,
            0.0 if placement.queued_since == commit.moment else placement.queued_since,
            placement.penalized_until,
            placement.attempts,
            tuple(map(self._names.number, placement.origins)) if placement.origins else (),
            placement.cause,
            self._names.number(placement.came_by) if placement.came_by else -1,
            0.0 if flowfile.entry_date == before.flowfile.entry_date else flowfile.entry_date,
        )


_NO_CHANGES: Mapping[str, str | None] = {}


class RecordReader:
    """Makes records true again, on a map of live placements and of processor states."""

    def __init__(self, names: Names, live: dict[int, Placement], state: dict[str, Mapping[str, str]]) -> None:
        self.highest_id = 0
        self._names = names
        self._live = live
        self._state = state
        self._decoder = msgspec.msgpack.Decoder(Record)

    @property
    def flowfiles(self) -> int:
        """How many live by the records so far."""
        return len(self._live)

    def apply(self, payload: memoryview) -> None:
        """One record. Raises RepositoryError if it can't be."""
        try:
            record = self._decoder.decode(payload)
            self._names.add(record.names)
            for flowfile_id in record.gone:
                self._live.pop(flowfile_id, None)
            for move in record.moves:
                self._apply_move(move, record.moment)
            for row in record.rows:
                self._apply_row(row, record.moment)
        except (msgspec.MsgspecError, KeyError, IndexError) as error:
            raise RepositoryError(f"a record says what can't be: {error!r}") from error
        for change in record.state:
            self._state[change.processor] = change.values

    def _apply_move(self, move: Move, moment: float) -> None:
        if move.queue == NOWHERE:
            del self._live[move.id]
            return
        before = self._live[move.id].flowfile
        attributes = before.attributes
        if move.changes:
            merged = {**attributes, **move.changes}
            attributes = {name: value for name, value in merged.items() if value is not None}
        content = before.content if isinstance(move.content, bool) else move.content
        flowfile = FlowFile(move.id, attributes, content, move.entry_date or before.entry_date, before.lineage_start)
        self._place(flowfile, move, moment)

    def _apply_row(self, row: Row, moment: float) -> None:
        self.highest_id = max(self.highest_id, row.id)
        if row.queue == NOWHERE:
            return
        flowfile = FlowFile(row.id, row.attributes, row.content, row.entry_date, row.lineage_start)
        self._place(flowfile, row, moment)

    def _place(self, flowfile: FlowFile, entry: Row | Move, moment: float) -> None:
        names = self._names.listed
        self._live[flowfile.id] = Placement(
            flowfile,
            names[entry.queue],
            entry.since or moment,
            entry.penalized_until,
            entry.attempts,
            tuple(names[number] for number in entry.origins) if entry.origins else (),
            entry.cause,
            names[entry.came_by] if entry.came_by >= 0 else "",
        )


def snapshot_records(
    names: Names, live: Mapping[int, Placement], state: Mapping[str, Mapping[str, str]], highest_id: int
) -> Iterator[bytes]:
    """The records of a snapshot: names and states, all flowfiles in pieces, and the end."""
    encode = msgspec.msgpack.Encoder().encode
    writer = RecordWriter(names, {})
    states = tuple(StateChange(processor, values) for processor, values in state.items())
    yield encode(Record(0.0, list(names.listed), state=states))
    placements = iter(live.values())
    while chunk := list(islice(placements, SNAPSHOT_CHUNK)):
        yield encode(Record(0.0, rows=[writer.row(placement, 0.0) for placement in chunk]))
    yield encode(SnapshotEnd(len(live), highest_id))
