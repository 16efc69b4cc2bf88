"""Engine hops: generate → 3 × put one attribute → drop, with sessions of 1, 100 and 1000 flowfiles."""

from collections import deque
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import chain
from tests.benchmarks.running import CPU_TIME, Seconds, best, run, timed

FLOWFILES = 100_000
HOPS = 5
_TARGETS = {
    (False, 1000): 700_000,
    (False, 100): 700_000,
    (False, 1): 150_000,
    (True, 1000): 500_000,
    (True, 100): 500_000,
    (True, 1): 80_000,
}


def measure() -> Iterator[Figure]:
    """Hops a second, in memory and on disk."""
    peers = [Peer("bare deque loop", FLOWFILES * HOPS / best(lambda: timed(_deque_loop)).wall)]
    if find_spec("streamz") is not None:
        peers.append(Peer("streamz", FLOWFILES * HOPS / best(lambda: timed(_streamz)).wall))
    for (on_disk, batch), target in _TARGETS.items():
        place = "on disk" if on_disk else "in memory"
        what = f"hops {place}, sessions of {batch} flowfile{'s' if batch > 1 else ''}"
        count = FLOWFILES if batch > 1 else FLOWFILES // 5
        seconds = best(partial(_run, count, batch, on_disk))
        by_cpu = Peer(f"in a second of {CPU_TIME}", count * HOPS / seconds.cpu)
        yield Figure(what, count * HOPS / seconds.wall, "/s", (by_cpu, *peers), Target(least=target))


def _run(count: int, batch: int, on_disk: bool) -> Seconds:
    return run(chain(count, batch=batch), on_disk=on_disk, largest_batch=batch)


def _deque_loop() -> None:
    queues: list[deque[dict[str, str]]] = [deque() for _ in range(HOPS - 1)]
    for number in range(FLOWFILES):
        queues[0].append({"a": f"value-{number}", "b": f"value-{number}"})
    for source, destination in pairwise(queues):
        while source:
            destination.append({**source.popleft(), "mark": "passed"})
    while queues[-1]:
        queues[-1].popleft()


def _streamz() -> None:
    stream: Any = import_module("streamz").Stream

    def mark(attributes: dict[str, str]) -> dict[str, str]:
        return {**attributes, "mark": "passed"}

    source = stream()
    source.map(mark).map(mark).map(mark).sink(lambda _: None)
    for number in range(FLOWFILES):
        source.emit({"a": f"value-{number}", "b": f"value-{number}"})
