"""One flow on the real engine, timed."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flowrun.graph import FlowGraph
from flowrun.repository import Repository
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner, Outcome
from flowrun.trigger import LARGEST_BATCH

CPU_TIME = "CPU time"
"""The peer that stands beside wall time: on a busy machine it is much the steadier of the two."""
TIMES = 3
"""How often a short measurement is taken; the best one counts, for whatever disturbs one makes it longer."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long something took, by the clock and in CPU time of this process (all threads)."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Seconds:
    """Do it once."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - wall, time.process_time() - cpu)


def best(measure: Callable[[], Seconds], *, times: int = TIMES) -> Seconds:
    """The least of several measurements."""
    measured = [measure() for _ in range(times)]
    return Seconds(min(seconds.wall for seconds in measured), min(seconds.cpu for seconds in measured))


def run(graph: FlowGraph, *, on_disk: bool = False, largest_batch: int = LARGEST_BATCH) -> Seconds:
    """Work off all that the flow's sources make. Raises RuntimeError if anything is left or fails."""
    with repository_of(on_disk=on_disk) as repository:
        runner = FlowRunner(graph, repository, largest_batch=largest_batch)
        outcomes: list[Outcome] = []
        seconds = timed(lambda: outcomes.append(runner.run(once=True)))
    [outcome] = outcomes
    if not outcome.finished or outcome.failing or outcome.dead_letters:
        raise RuntimeError(f"the flow did not work off its flowfiles: {outcome}; {list(runner.bulletins)[-1:]}")
    return seconds


@contextmanager
def repository_of(*, on_disk: bool) -> Iterator[Repository]:
    """A repository of its own, in memory or on disk with the default `fsync`."""
    if not on_disk:
        yield MemoryRepository()
        return
    with scratch_folder() as folder:
        repository = DiskRepository(folder / "state")
        try:
            yield repository
        finally:
            repository.close()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="flowrun-benchmark-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
