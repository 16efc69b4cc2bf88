"""Snapshots: all that is true at one moment, from which a start begins."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from flowrun.flowfile import Placement
from flowrun.repository.commit import StateChange
from flowrun.repository.frames import WITH_TABLES
from flowrun.repository.names import Names
from flowrun.repository.record import Record, Row, SnapshotEnd
from flowrun.repository.table import Table, tables_of

PIECE = 1000
"""How many flowfiles a payload holds at most."""

Buffer = bytes | memoryview

_DECODER = msgspec.msgpack.Decoder(list[Table])


def snapshot_payloads(
    names: Names,
    live: Mapping[int, Placement],
    state: Mapping[str, Mapping[str, str]],
    highest_id: int,
    *,
    pieces: Iterable[Buffer] = (),
    count: int = 0,
) -> Iterator[Buffer]:
    """A record with names and states, tables of all flowfiles in pieces, and the end.

    `pieces` are there already, with so many flowfiles as `count` besides those in `live`.
    """
    encode = msgspec.msgpack.Encoder().encode
    states = tuple(StateChange(processor, values) for processor, values in state.items())
    yield encode(Record(0.0, list(names.listed), state=states))
    placements = iter(live.values())
    while piece := list(islice(placements, PIECE)):
        yield encode(tables_of(piece, names))
    yield from pieces
    yield encode(SnapshotEnd(len(live) + count, highest_id))


def find_row(payload: memoryview, version: int, flowfile_id: int) -> Row | None:
    """A flowfile in a piece of a snapshot of that format; None: it is not in this one. Raises msgspec.MsgspecError."""
    if version < WITH_TABLES:
        rows = msgspec.msgpack.decode(payload, type=Record).rows
        return next((row for row in rows if row.id == flowfile_id), None)
    for table in read_tables(payload):
        if flowfile_id in table.ids:
            return table.row(table.ids.index(flowfile_id))
    return None


def read_tables(payload: memoryview) -> list[Table]:
    """The tables of one piece. Raises msgspec.MsgspecError."""
    return _DECODER.decode(payload)
