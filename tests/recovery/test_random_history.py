"""Random flows on machines that die at random moments: history knows the whole way of every flowfile that it knows.

A failure names its seed; `SEED=4711 pytest tests/recovery/test_random_history.py` runs that one alone.
"""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from tests.recovery.test_random_flows import Life

from flowrun.graph import FlowGraph
from flowrun.history.archive import Archive
from flowrun.history.event import events_of
from flowrun.history.passage import passages
from flowrun.history.trail import Hop, trails
from flowrun.repository.content_files import is_there
from flowrun.repository.disk import DiskRepository
from flowrun.repository.history_limit import HistoryLimit

SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else range(100, 108)


class RememberedLife(Life):
    """A life whose repository keeps history; after each crash it is compared with what is stored."""

    limit = HistoryLimit()

    def repository(self) -> DiskRepository:
        return DiskRepository(
            self.folder,
            fsync=self.flow.fsync,  # type: ignore[arg-type]
            segment_size=self._segment_size,
            history=self.limit,
        )

    def check_stored(self) -> None:
        super().check_stored()
        self.check_history()

    def check_end(self, graph: FlowGraph) -> None:
        """Everything has gone through; contents are kept for history."""
        self.check_stored()

    def check_history(self) -> None:
        """Each flowfile's way begins with its birth, goes on from where it was, and ends where it is stored."""
        stored = {placement.flowfile.id: placement for placement in self.stored().placements}
        archive = Archive(self.folder)
        told = everything_told(archive)
        ways = trails(archive, told)
        assert {flowfile: len(hops) for flowfile, hops in ways.items()} == told
        assert stored.keys() <= ways.keys()
        for flowfile, hops in ways.items():
            check_way(hops)
            contents = [hop.after.content for hop in hops if hop.after.content is not None]
            assert all(is_there(self.folder / "content", claim) for claim in contents)
            last = hops[-1]
            if flowfile not in stored:
                assert last.passage.connection == ""
                continue
            placement = stored[flowfile]
            assert last.after == placement.flowfile
            assert last.passage.connection == placement.connection
            assert last.passage.queued_since == placement.queued_since
            assert last.passage.penalized_until == placement.penalized_until
            assert last.passage.attempts == placement.attempts
            assert archive.uuid(flowfile) == placement.flowfile.uuid


class ForgetfulLife(RememberedLife):
    """A life whose history is dropped all the time."""

    limit = HistoryLimit(size=5_000)

    def check_history(self) -> None:
        """What is known of flowfiles that live agrees with what is stored; each start has found their contents."""
        stored = {placement.flowfile.id: placement for placement in self.stored().placements}
        for flowfile, hops in trails(Archive(self.folder), stored).items():
            if hops and (hops[0].before is not None or hops[0].passage.born is not None):
                assert hops[-1].after == stored[flowfile].flowfile
                assert hops[-1].passage.connection == stored[flowfile].connection


def everything_told(archive: Archive) -> dict[int, int]:
    """How often each flowfile is spoken of, by reading all records without the index."""
    told: dict[int, int] = {}
    for stretch in archive.stretches():
        for place, record in archive.records(stretch):
            for passage in passages(place, record, archive.names, None):
                told[passage.flowfile] = told.get(passage.flowfile, 0) + 1
    return told


def check_way(hops: list[Hop]) -> None:
    """It has one beginning and one end, and every step says what it did."""
    assert hops[0].passage.born is not None
    assert [hop for hop in hops[1:] if hop.passage.born is not None] == []
    assert [hop for hop in hops[:-1] if hop.passage.connection == ""] == []
    for before, hop in pairwise(hops):
        assert hop.before == before.after
        assert hop.came_by == before.passage.connection
        assert hop.passage.reason == "" or hop.after == hop.before
    for hop in hops:
        assert list(events_of(hop))
        if hop.passage.author and hop.passage.connection and not hop.passage.reason:
            assert hop.passage.relationship


@pytest.mark.parametrize("seed", SEEDS)
def test_history_is_complete_and_agrees_with_what_is_stored(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = RememberedLife(seed, tmp_path, monkeypatch)
    life.live()

    life.check_history()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_small_limit_touches_nothing_that_lives(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ForgetfulLife(seed, tmp_path, monkeypatch).live()
