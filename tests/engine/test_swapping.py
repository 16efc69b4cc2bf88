"""Long queues: what is far from their head is on disk, and comes back in order, whatever is done to it meanwhile."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.engine.kit import collected, flow

from flowrun import connection as connection_module
from flowrun import overflow
from flowrun.clock import MovableClock
from flowrun.connection import Connection
from flowrun.flowfile import FlowFile, Placement
from flowrun.recovery import fill
from flowrun.repository import Commit, record_reader, snapshot
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner

KEPT, PIECE = 20, 10


@pytest.fixture(autouse=True)
def short_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "KEPT", KEPT)
    monkeypatch.setattr(connection_module, "PIECE", PIECE)
    monkeypatch.setattr(overflow, "PIECE", PIECE)
    monkeypatch.setattr(record_reader, "PIECE", PIECE - 1)
    monkeypatch.setattr(snapshot, "PIECE", PIECE // 2)


class Long:
    """A connection, the repository that knows the same flowfiles, and what should be in both, in order."""

    def __init__(self, repository: DiskRepository, **settings: float) -> None:
        self.repository = repository
        self.connection = Connection("a -- success --> b", "a", "b", **settings)  # type: ignore[arg-type]
        self.connection.overflow.swap = repository.swap
        self.expected: list[Placement] = []

    def put(self, count: int, *, moment: float = 1.0) -> None:
        placements = []
        for _ in range(count):
            flowfile_id = self.repository.next_id()
            attributes = {"uuid": str(flowfile_id), **({"odd": "yes"} if flowfile_id % 2 else {})}
            flowfile = FlowFile(flowfile_id, attributes, None, moment)
            placements.append(Placement(flowfile, "a -- success --> b", moment))
        self.repository.commit(Commit(moment, placed=tuple(placements)))
        self.connection.put(placements, moment, penalized=False)
        self.expected += placements

    def take(self, count: int) -> None:
        taken = self.connection.take(count, 1.0)
        assert taken == self.expected[: len(taken)]
        assert len(taken) == min(count, len(self.expected))
        self.leave(taken)
        del self.expected[: len(taken)]

    def withdraw(self, ids: set[int]) -> None:
        withdrawn = self.connection.withdraw(ids)
        assert {placement.flowfile.id for placement in withdrawn} == ids
        self.leave(withdrawn)
        self.expected = [placement for placement in self.expected if placement.flowfile.id not in ids]

    def leave(self, placements: list[Placement]) -> None:
        self.repository.commit(Commit(2.0, tuple(placement.flowfile.id for placement in placements)))
        self.connection.settle(len(placements), 0)

    @property
    def in_memory(self) -> int:
        return len(self.repository._live.placements)

    def check(self) -> None:
        assert list(self.connection) == self.expected
        assert len(self.connection) == len(self.expected)
        assert self.in_memory + self.repository.swap.count == len(self.expected)


@contextmanager
def opened(folder: Path) -> Iterator[DiskRepository]:
    repository = DiskRepository(folder / "state", segment_size=3_000)
    repository.recover()
    try:
        yield repository
    finally:
        repository.forget()  # as a killed process would


def stored(folder: Path) -> list[int]:
    with opened(folder) as repository:
        return sorted(repository._live.placements)


def test_only_the_head_is_in_memory_and_all_come_in_order(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for _ in range(50):
            queue.put(20)
        assert queue.in_memory < KEPT + 2 * PIECE
        queue.check()

        while queue.expected:
            queue.take(7)
        queue.check()

    assert list((tmp_path / "state" / "swap").iterdir()) == []


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_done_they_are_the_same_in_the_same_order_and_after_a_crash_too(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for _ in range(150):
            match dice.choice(["put", "put", "take", "withdraw", "restore"]):
                case "put":
                    queue.put(dice.randint(1, 30))
                case "take":
                    queue.take(dice.randint(1, 40))
                case "withdraw":
                    known = [placement.flowfile.id for placement in queue.expected]
                    queue.withdraw(set(dice.sample(known, min(len(known), dice.randint(0, 12)))))
                case "restore":
                    queue.connection.restore(queue.connection.take(dice.randint(1, 40), 1.0))
            queue.check()
        expected = sorted(placement.flowfile.id for placement in queue.expected)

    assert stored(tmp_path) == expected


def test_snapshots_hold_what_is_swapped_out(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        queue.put(200)
        repository._snapshot()
        expected = sorted(placement.flowfile.id for placement in queue.expected)

    assert stored(tmp_path) == expected


def test_those_that_are_too_old_are_dropped_wherever_they_are(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository, expiration=10.0)
        for moment in (5.0, 1.0, 9.0, 1.0):
            queue.put(40, moment=moment)

        expired = queue.connection.take_expired(11.0)
        queue.leave(expired)
        queue.expected = [placement for placement in queue.expected if placement.flowfile.entry_date > 1.0]

        assert len(expired) == 80
        queue.check()
        assert queue.connection.next_expiry() == 15.0


def test_what_has_waited_longest_and_what_came_last_are_known(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for moment in (5.0, 1.0, 9.0):
            queue.put(40, moment=moment)

        assert queue.connection.since() == 1.0
        assert queue.connection.latest(25) == queue.expected[-25:]


def test_a_disk_that_takes_nothing_leaves_them_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        queue.put(30)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", _refuse)
            queue.put(200)
        queue.put(100)
        queue.check()

        assert queue.in_memory >= 200
        queue.take(330)
        queue.check()


def _refuse(*_arguments: object) -> int:
    raise OSError(28, "No space left on device")


def test_penalized_ones_join_the_end_when_their_penalty_is_over(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        queue.put(100)
        late = Placement(FlowFile(repository.next_id(), {"uuid": "late"}), "a -- success --> b", 1.0, 50.0)
        repository.commit(Commit(1.0, placed=(late,)))
        queue.connection.put([late], 1.0)

        assert queue.connection.has_waiting(60.0)
        assert list(queue.connection)[-1] == late


def test_a_flow_works_off_what_it_swapped_in_order_over_a_restart(tmp_path: Path) -> None:
    text = """
        processors:
          make: {{type: Make, properties: {{Count: 500}}}}
          pass: {{type: Pass, enabled: {enabled}}}
          collect: {{type: Collect}}
        connections: [make --> pass, pass --> collect]
    """
    for enabled in ("false", "true"):
        graph = flow(text.format(enabled=enabled))
        repository = DiskRepository(tmp_path / "state", segment_size=3_000)
        FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
        in_memory = len(repository._live.placements)
        repository.close()
        assert in_memory < KEPT + 2 * PIECE

    assert [flowfile.attributes["number"] for flowfile in collected(graph)] == [str(number) for number in range(500)]


@contextmanager
def restarted(folder: Path, **settings: float) -> Iterator[Long]:
    """The queue as the next process finds it, with what was swapped out left where it is."""
    repository = DiskRepository(folder / "state")
    repository.swap.takes_over = True
    placements = repository.recover().placements
    graph = flow("""
        processors:
          a: {type: Make}
          b: {type: Collect}
        connections: [a --> b]
    """)
    queue = Long(repository)
    queue.connection = graph.connections["a -- success --> b"]
    queue.connection.expiration = settings.get("expiration", 0.0)
    assert fill(graph, placements, 1.0, swap=repository.swap) == {}
    try:
        yield queue
    finally:
        repository.forget()


def in_order(placements: list[Placement]) -> list[Placement]:
    return sorted(placements, key=lambda placement: (placement.queued_since, placement.flowfile.id))


def test_a_start_leaves_on_disk_what_was_swapped_out(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for moment in range(1, 11):
            queue.put(50, moment=float(moment))
        repository._snapshot()
        queue.put(5, moment=20.0)

    with restarted(tmp_path) as again:
        again.expected = queue.expected
        assert again.repository.swap.count > 400
        assert again.in_memory < KEPT + 2 * PIECE
        again.check()
        while again.expected:
            again.take(17)
        again.check()

    assert stored(tmp_path) == []


@pytest.mark.parametrize("seed", range(8))
def test_a_start_finds_them_in_order_whatever_happened_since_the_snapshot(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for moment in range(1, 12):
            queue.put(dice.randint(1, 60), moment=dice.choice([float(moment), 3.0]))
        repository._snapshot()
        for moment in range(12, 12 + dice.randint(0, 4)):
            queue.take(dice.randint(1, 60))
            known = [placement.flowfile.id for placement in queue.expected]
            queue.withdraw(set(dice.sample(known, min(len(known), dice.randint(0, 5)))))
            queue.put(dice.randint(1, 40), moment=dice.choice([float(moment), 3.0]))

    with restarted(tmp_path) as again:
        again.expected = in_order(queue.expected)
        again.check()
        again.put(30, moment=99.0)
        again.take(25)
        again.check()


def test_those_that_grew_too_old_meanwhile_are_dropped_after_a_start(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        queue = Long(repository)
        for moment in (1.0, 2.0, 3.0):
            queue.put(60, moment=moment)
        repository._snapshot()

    with restarted(tmp_path, expiration=10.0) as again:
        assert again.connection.next_expiry() == 11.0
        assert len(again.connection.take_expired(12.5)) == 120


def test_contents_of_what_is_swapped_out_are_held_after_a_start(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        placements = []
        claims = [repository.content.write(f"content {number}".encode()) for number in range(100)]
        for number, claim in enumerate(claims):
            flowfile = FlowFile(repository.next_id(), {"uuid": str(number)}, claim, 1.0)
            placements.append(Placement(flowfile, "a -- success --> b", float(number)))
        repository.commit(Commit(1.0, placed=tuple(placements), content=tuple(claims)))
        connection = Connection("a -- success --> b", "a", "b")
        connection.overflow.swap = repository.swap
        connection.put(placements, 1.0, penalized=False)
        repository._snapshot()

    with restarted(tmp_path) as again:
        assert again.repository.swap.count > 0
        assert again.connection.data_size == sum(claim.length for claim in claims)
        again.repository.sync()
        read = [again.repository.content.read(p.flowfile.content) for p in again.connection if p.flowfile.content]

    assert read == [f"content {number}".encode() for number in range(100)]
