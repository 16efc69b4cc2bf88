"""What a journal record says: a commit in few bytes, by differences from what lived before."""

from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec
from msgspec import Struct

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository.commit import Commit, Event, StateChange

SNAPSHOT_CHUNK = 1000


class Row(Struct, array_like=True, omit_defaults=True, gc=False):
    """A flowfile in a queue, whole. `queue`, `origins` and `came_by` (-1: none) are numbers of names; `since` 0: the
    record's moment."""

    id: int
    queue: int
    attributes: dict[str, str]
    content: ContentClaim | None
    entry_date: float
    lineage_start: float
    since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[int, ...] = ()
    cause: str = ""
    came_by: int = -1


class Move(Struct, array_like=True, omit_defaults=True, gc=False):
    """A flowfile that lived before, in a queue again; `content` False, `entry_date` 0: the same as before."""

    id: int
    queue: int
    changes: Mapping[str, str | None] = {}
    content: ContentClaim | None | bool = False
    since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[int, ...] = ()
    cause: str = ""
    came_by: int = -1
    entry_date: float = 0.0


class Record(Struct, array_like=True, omit_defaults=True):
    """One commit. `names` get the next numbers, in order."""

    moment: float
    names: list[str] = []
    gone: list[int] = []
    moves: list[Move] = []
    rows: list[Row] = []
    state: tuple[StateChange, ...] = ()
    events: tuple[Event, ...] = ()


class SnapshotEnd(Struct, array_like=True):
    """The last record of a snapshot: how many flowfiles it holds, and the highest id ever used."""

    flowfiles: int
    highest_id: int


class Names:
    """Names of connections and sources by number, so that a record need not spell them."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        """The name's number; a new name gets the next one."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.listed)
            self.listed.append(name)
        return found

    def add(self, names: list[str]) -> None:
        """Names that a record brings."""
        for name in names:
            self.number(name)

    def forget_after(self, count: int) -> None:
        """Take back the names that a record would have brought, since it was not written."""
        for name in self.listed[count:]:
            del self._numbers[name]
        del self.listed[count:]


class RecordWriter:
    """Turns commits into records."""

    def __init__(self, names: Names, live: Mapping[int, Placement]) -> None:
        self._names = names
        self._live = live
        self._encoder = msgspec.msgpack.Encoder()

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
        record = Record(
            commit.moment,
            self._names.listed[known:],
            commit.gone(),
            moves,
            rows,
            commit.state,
            commit.events,
        )
        return self._encoder.encode(record)

    def row(self, placement: Placement, moment: float) -> Row:
        """The flowfile whole."""
        flowfile = placement.flowfile
        number = self._names.number
        return Row(
            flowfile.id,
            number(placement.connection),
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
            self._names.number(placement.connection),
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
