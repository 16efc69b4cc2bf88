"""How long a flowfile that arrives at an idle engine takes through five processors, and by which way it arrives."""

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from queue import SimpleQueue

from flowrun import FlowFile, Input, Processor, ProcessSession, Relationship
from flowrun.graph import FlowGraph
from flowrun.runner import FlowRunner
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import graph_of
from tests.benchmarks.running import repository_of

ARRIVALS = 1000
PAUSE = 0.002
"""Seconds between two arrivals: the engine comes to rest, and makes what it did last, before the next one."""
_FLOW = """\
flow: latency
processors:
  arrive: {type: Arrive}
  mark-1: {type: Mark}
  mark-2: {type: Mark}
  mark-3: {type: Mark}
  leave: {type: Leave}
connections:
  - arrive -- success --> mark-1
  - mark-1 -- success --> mark-2
  - mark-2 -- success --> mark-3
  - mark-3 -- success --> leave
"""


class Arrive(Processor):
    """Wait on a worker thread for somebody to put a moment in, as a listener does; None ends it."""

    input = Input.FORBIDDEN
    success = Relationship("success", "What arrived.")

    def on_scheduled(self) -> None:
        """Nothing has arrived yet."""
        self.door: SimpleQueue[float | None] = SimpleQueue()
        self.accepted = 0.0

    def on_trigger(self, session: ProcessSession) -> None:
        if self.door.get() is not None:
            self.accepted = time.perf_counter()
            session.transfer(session.create(), self.success)


class Leave(Processor):
    """Note when a flowfile leaves."""

    blocking = False

    def on_scheduled(self) -> None:
        """Nothing has left yet."""
        self.left: SimpleQueue[float] = SimpleQueue()

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.remove(flowfile)
        self.left.put(time.perf_counter())


def measure() -> Iterator[Figure]:
    """Microseconds, median and 99 of 100, from the arrival on another thread to the last processor."""
    waiting = _hand_over_alone()
    for on_disk in (False, True):
        place = "on disk" if on_disk else "in memory"
        delays, inside = _through_flow(graph_of(_FLOW, Arrive, Leave), on_disk=on_disk)
        peers = (Peer("a thread that runs a deque loop", statistics.median(waiting) * 1e6),)
        yield Figure(f"five hops {place}, median", statistics.median(delays) * 1e6, "µs", peers, Target(most=100))
        yield Figure(f"five hops {place}, 99 of 100", _percentile(delays) * 1e6, "µs")
        yield Figure(f"of it after the source had it, median ({place})", statistics.median(inside) * 1e6, "µs")


def _through_flow(graph: FlowGraph, *, on_disk: bool) -> tuple[list[float], list[float]]:
    arrive, leave = graph.nodes["arrive"].processor, graph.nodes["leave"].processor
    assert isinstance(arrive, Arrive)
    assert isinstance(leave, Leave)
    inside: list[float] = []
    with repository_of(on_disk=on_disk) as repository:
        runner = FlowRunner(graph, repository)
        engine = threading.Thread(target=runner.run)
        engine.start()
        while not (hasattr(arrive, "door") and hasattr(leave, "left")):
            time.sleep(PAUSE)

        def arrival() -> float:
            start = time.perf_counter()
            arrive.door.put(start)
            end = leave.left.get()
            inside.append(end - arrive.accepted)
            return end - start

        delays = _delays(arrival)
        runner.stop()
        arrive.door.put(None)
        engine.join()
    return delays, inside


def _hand_over_alone() -> list[float]:
    """The least there is: one hand-over to a waiting thread, and a loop over five queues."""
    door: SimpleQueue[float | None] = SimpleQueue()
    left: SimpleQueue[float] = SimpleQueue()

    def work() -> None:
        queues: list[deque[dict[str, str]]] = [deque() for _ in range(5)]
        while door.get() is not None:
            queues[0].append({"a": "b"})
            for source, destination in pairwise(queues):
                destination.append({**source.popleft(), "mark": "passed"})
            queues[-1].popleft()
            left.put(time.perf_counter())

    worker = threading.Thread(target=work)
    worker.start()

    def arrival() -> float:
        start = time.perf_counter()
        door.put(start)
        return left.get() - start

    delays = _delays(arrival)
    door.put(None)
    worker.join()
    return delays


def _delays(arrival: Callable[[], float]) -> list[float]:
    delays = []
    for _ in range(ARRIVALS):
        delays.append(arrival())
        time.sleep(PAUSE)
    return delays


def _percentile(delays: list[float]) -> float:
    return statistics.quantiles(delays, n=100)[98]
