"""Snapshots by columns: what comes back is what went in, whatever flowfiles have in common, and shares what it can."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository import Commit, frames
from flowrun.repository.disk import DiskRepository
from flowrun.repository.names import Names
from flowrun.repository.record import Record, Row, SnapshotEnd
from flowrun.repository.record_reader import RecordReader
from flowrun.repository.snapshot import find_row, snapshot_payloads

TEXTS = some.sampled_from(["", "a", "ä", "x" * 40, "\0"])
MOMENTS = some.sampled_from([0.0, 1.5, 1e9])
FLOWFILES = some.builds(
    FlowFile,
    some.just(0),
    some.dictionaries(TEXTS, some.text(max_size=3), max_size=4),
    some.none() | some.builds(ContentClaim, some.just(1), some.integers(0, 9), some.integers(0, 9), some.booleans()),
    MOMENTS,
    MOMENTS,
)
PLACEMENTS = some.builds(
    Placement,
    FLOWFILES,
    TEXTS.filter(bool),
    MOMENTS,
    MOMENTS,
    some.integers(0, 3),
    some.sampled_from([(), ("a",), ("a", "b")]),
    TEXTS,
    TEXTS,
)


@contextmanager
def opened(folder: Path) -> Iterator[DiskRepository]:
    repository = DiskRepository(folder)
    repository.recover()
    try:
        yield repository
    finally:
        repository.close()


def numbered(placements: list[Placement]) -> dict[int, Placement]:
    replace = msgspec.structs.replace
    return {
        number: replace(placement, flowfile=replace(placement.flowfile, id=number))
        for number, placement in enumerate(placements, start=1)
    }


@given(some.lists(PLACEMENTS, max_size=20))
def test_what_comes_back_is_what_went_in(placements: list[Placement]) -> None:
    live = numbered(placements)
    names = Names()
    for name in ("a", "b", *(p.connection for p in live.values()), *(p.came_by for p in live.values())):
        names.number(name)
    first, *pieces, _ = [memoryview(payload) for payload in snapshot_payloads(names, live, {"p": {"k": "v"}}, 99)]
    found: dict[int, Placement] = {}
    state: dict[str, object] = {}

    reader = RecordReader(Names(), found, state)  # type: ignore[arg-type]
    reader.apply(first)
    for piece in pieces:
        reader.apply_tables(piece)
    reader.finish()

    assert found == live
    assert state == {"p": {"k": "v"}}
    for flowfile_id, placement in live.items():
        row = find_row(pieces[0], frames.FORMAT_VERSION, flowfile_id)
        assert row is not None
        assert (row.attributes, names.listed[row.queue]) == (placement.flowfile.attributes, placement.connection)


def test_what_flowfiles_have_in_common_is_one_object_after_a_start(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        for number in range(100):
            attributes = {"uuid": str(number), "kind": "".join(["a", "b"]), "turn": str(number % 3)}
            flowfile = FlowFile(repository.next_id(), attributes)
            repository.commit(Commit(1.0, placed=(Placement(flowfile, "a --> b", 1.0),)))
        repository._snapshot()

    with opened(tmp_path) as repository:
        found = [placement.flowfile.attributes for placement in repository._live.placements.values()]

    assert len({id(attributes["kind"]) for attributes in found}) == 1
    assert len({id(attributes["turn"]) for attributes in found}) == 3


def test_a_snapshot_of_format_2_is_read(tmp_path: Path) -> None:
    encode = msgspec.msgpack.encode
    row = Row(7, 0, {"uuid": "u"}, None, 1.0, 2.0, 3.0)
    payloads = [encode(Record(0.0, ["a --> b"])), encode(Record(0.0, rows=[row])), encode(SnapshotEnd(1, 9))]
    (tmp_path / "journal").mkdir()
    for kind, name, written in ((b"S", "00000001.snapshot", payloads), (b"J", "00000001.journal", [])):
        header = frames.file_header(kind)[:12] + (2).to_bytes(4, "little")
        (tmp_path / "journal" / name).write_bytes(header + b"".join(frames.frame(payload) for payload in written))

    with opened(tmp_path) as repository:
        [placement] = repository._live.placements.values()
        next_id = repository.next_id()

    assert placement == Placement(FlowFile(7, {"uuid": "u"}, None, 1.0, 2.0), "a --> b", 3.0)
    assert next_id == 10


def test_any_number_of_moves_comes_to_what_the_last_one_left(tmp_path: Path) -> None:
    dice = random.Random(1)
    with opened(tmp_path) as repository:
        claims = [repository.content.write(str(number).encode()) for number in range(5)]
        live: dict[int, Placement] = {}
        for moment in range(1, 400):
            known = dice.choice([0, *live])
            before = live.get(known)
            flowfile = before.flowfile if before is not None else FlowFile(repository.next_id(), {"uuid": str(moment)})
            changes = {name: dice.choice([None, "x", str(moment)]) for name in dice.sample(["a", "b", "c"], 2)}
            merged = {**flowfile.attributes, **changes}
            flowfile = FlowFile(
                flowfile.id,
                {name: value for name, value in merged.items() if value is not None},
                dice.choice([flowfile.content, *claims]),
                dice.choice([flowfile.entry_date, float(moment)]),
                flowfile.lineage_start,
            )
            placement = Placement(flowfile, dice.choice(["a --> b", "b --> c"]), float(moment), 0.0, dice.randint(0, 2))
            taken = (flowfile.id,) if before is not None else ()
            if before is not None and dice.random() < 0.1:
                repository.commit(Commit(float(moment), taken))
                del live[flowfile.id]
                continue
            repository.commit(Commit(float(moment), taken, (placement,), {flowfile.id: changes}))
            live[flowfile.id] = placement

    with opened(tmp_path) as repository:
        assert dict(sorted(repository._live.placements.items())) == dict(sorted(live.items()))


def test_a_record_that_moves_what_is_not_there_is_damage(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        flowfile = FlowFile(repository.next_id(), {"uuid": "u"})
        repository.commit(Commit(1.0, placed=(Placement(flowfile, "a --> b", 1.0),)))
        del repository._live.placements[flowfile.id]
        repository._live.placements[5] = Placement(FlowFile(5, {}), "a --> b", 1.0)
        repository.commit(Commit(2.0, (5,), (Placement(FlowFile(5, {}), "a --> b", 2.0),)))

    with pytest.raises(RepositoryError, match="the records say what can't be: KeyError"), opened(tmp_path):
        pass
