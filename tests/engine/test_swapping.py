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
from flowrun.repository import Commit
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner

KEPT, PIECE = 20, 10


@pytest.fixture(autouse=True)
def short_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "KEPT", KEPT)
    monkeypatch.setattr(connection_module, "PIECE", PIECE)
    monkeypatch.setattr(overflow, "PIECE", PIECE)


class Long:
    """A connection, the repository that knows the same flowfiles, and what should be in both, in order."""

    def __init__(self, repository: DiskRepository, **settings: float) -> None:
        self.repository = repository
        self.connection = Connection("a --> b", "a", "b", **settings)  # type: ignore[arg-type]
        self.connection.overflow.swap = repository.swap
        self.expected: list[Placement] = []

    def put(self, count: int, *, moment: float = 1.0) -> None:
        placements = []
        for _ in range(count):
            flowfile_id = self.repository.next_id()
            attributes = {"uuid": str(flowfile_id), **({"odd": "yes"} if flowfile_id % 2 else {})}
            flowfile = FlowFile(flowfile_id, attributes, None, moment)
            placements.append(Placement(flowfile, "a --> b", moment))
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
        late = Placement(FlowFile(repository.next_id(), {"uuid": "late"}), "a --> b", 1.0, 50.0)
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
