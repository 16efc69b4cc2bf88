"""History: what it costs to keep, and how long it takes to answer on a million events."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from flowrun.history.archive import Archive
from flowrun.history.lineage import find_lineage
from flowrun.history.query import Query, find_hops
from flowrun.history.trail import find_trail
from flowrun.repository.disk import DiskRepository
from flowrun.repository.history_limit import HistoryLimit
from flowrun.runner import FlowRunner
from tests.benchmarks.apart import apart
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import chain
from tests.benchmarks.running import CPU_TIME, Seconds, best, scratch_folder, timed

EVENTS = 1_000_000
HOPS = 5
TURNS = 15
MILLISECONDS = 200
"""Within which history should answer."""
MOST_COST = 20
"""Percent of the CPU time that keeping history may cost."""


def measure() -> Iterator[Figure]:
    """Answers, each in a process that begins with opening the history; and hops with history on and off."""
    for batch in (1000, 1):
        with scratch_folder() as folder:
            apart(_fill, folder, EVENTS // HOPS, batch)
            for what in _QUESTIONS:
                seconds = best(partial(apart, _ask, folder, what))
                by_cpu = Peer(CPU_TIME, seconds.cpu * 1e3)
                label = f"{what}; {EVENTS:,} events, sessions of {batch}"
                yield Figure(label, seconds.wall * 1e3, "ms", (by_cpu,), Target(most=MILLISECONDS))
    yield from costs()


def costs() -> Iterator[Figure]:
    """What keeping history costs; both ways by turns, and often, for the difference is small."""
    for batch, count in ((1000, 20_000), (100, 10_000), (1, 1_000)):
        turns = [(_run(count, batch, None), _run(count, batch, HistoryLimit())) for _ in range(TURNS)]
        off, on = min(without.cpu for without, _ in turns), min(kept.cpu for _, kept in turns)
        what = f"CPU time that history costs, sessions of {batch}"
        peers = (Peer("hops a second of CPU time without", count * HOPS / off), Peer("with", count * HOPS / on))
        yield Figure(what, (on / off - 1) * 100, "%", peers, Target(most=MOST_COST))


def _fill(folder: Path, count: int, batch: int) -> None:
    repository = DiskRepository(folder / "state", history=HistoryLimit())
    FlowRunner(chain(count, batch=batch), repository, largest_batch=batch).run(once=True)
    repository.close()


def _run(count: int, batch: int, limit: HistoryLimit | None) -> Seconds:
    with scratch_folder() as folder:
        repository = DiskRepository(folder / "state", history=limit)
        runner = FlowRunner(chain(count, batch=batch), repository, largest_batch=batch)
        seconds = timed(lambda: runner.run(once=True))
        repository.close()
    return seconds


def _ask(folder: Path, what: str) -> Seconds:
    number = EVENTS // HOPS // 2
    return timed(lambda: _QUESTIONS[what](Archive(folder / "state"), number))


def _expect(found: object) -> None:
    if not found:
        raise RuntimeError("nothing was found, so nothing was measured")


_QUESTIONS: dict[str, Callable[[Archive, int], None]] = {
    "the way of one flowfile": lambda archive, number: _expect(len(find_trail(archive, number)) == HOPS),
    "its lineage": lambda archive, number: _expect(find_lineage(archive, number).ways),
    "the newest 50 events": lambda archive, _: _expect(find_hops(archive, Query())),
    "those of one processor": lambda archive, _: _expect(find_hops(archive, Query(processor="mark-1"))),
    "an outcome that there never was": lambda archive, _: _expect(not find_hops(archive, Query(outcome="EXPIRE"))),
    "flowfiles with an attribute's value": lambda archive, number: _expect(
        find_hops(archive, Query(attribute=("filename", f"file-{number}.txt")))
    ),
}
