"""A flow that does not run: its queues as its state directory has them."""

from collections.abc import Callable, Iterable, Mapping

from flowrun.bulletin import Bulletin, BulletinBoard
from flowrun.clock import SystemClock
from flowrun.connection import BackPressure, Connection
from flowrun.control.subject import Found
from flowrun.errors import ControlError
from flowrun.flowfile import Placement
from flowrun.graph import FlowGraph
from flowrun.repository import ContentRepository, Repository
from flowrun.settlement import Settlement
from flowrun.state import StateStore


class StoppedFlow:
    """The flow with all its flowfiles in their queues, none of which moves.

    `since` is when something was last committed. Without a `repository`, which this process then holds, it can be
    looked at but not changed.
    """

    pid = 0

    def __init__(
        self,
        graph: FlowGraph,
        placements: Iterable[Placement],
        content: ContentRepository,
        *,
        since: float | None = None,
        repository: Repository | None = None,
    ) -> None:
        self.graph = graph
        self.content = content
        self.since = since
        self.queues: Mapping[str, Connection] = _filled(graph, placements)
        self.bulletins: Iterable[Bulletin] = ()
        self._settlement: Settlement | None = None
        if repository is not None:
            clock, board = SystemClock(), BulletinBoard()
            self._settlement = Settlement(repository, clock, StateStore(), board, graph.masking, _nobody_to_wake)

    def look(self, action: Callable[[], Found], *, patience: float | None = None) -> Found:
        return action()

    def change(self, action: Callable[[Settlement], Found]) -> Found:
        if self._settlement is None:
            raise ControlError("these queues can be looked at only")
        return action(self._settlement)


def _nobody_to_wake(_name: str) -> None:
    """Nothing runs."""


def _filled(graph: FlowGraph, placements: Iterable[Placement]) -> dict[str, Connection]:
    """The flow's queues, and those that only the state directory knows."""
    now = SystemClock().now()
    queues = graph.queues
    for placement in sorted(placements, key=lambda p: (p.queued_since, p.flowfile.id)):
        queue = queues.get(placement.connection)
        if queue is None:
            queue = queues[placement.connection] = _unknown(placement.connection)
        queue.put([placement], now)
    return queues


def _unknown(identity: str) -> Connection:
    """A queue that the flow has no more, by what its identity says."""
    source = identity.partition(" -- ")[0]
    destination = identity.partition(" --> ")[2] or None
    return Connection(identity, source, destination, back_pressure=BackPressure(0, 0))
