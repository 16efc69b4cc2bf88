"""A flow that does not run: its queues as its state directory has them."""

from collections.abc import Callable, Iterable, Mapping

from flowrun.bulletin import Bulletin, BulletinBoard
from flowrun.clock import SystemClock
from flowrun.connection import Connection
from flowrun.control.subject import Found
from flowrun.errors import ControlError
from flowrun.flowfile import Placement
from flowrun.graph import FlowGraph
from flowrun.recovery import fill
from flowrun.repository import ContentRepository, Repository
from flowrun.settlement import Settlement
from flowrun.state import StateStore


class StoppedFlow:
    """The flow with all its flowfiles in their queues, none of which moves.

    `since` is when something was last committed. Without a `repository`, which this process then holds, it can be
    looked at but not changed.
    """

    pid = 0
    generation = 0
    refused_edit = ""

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
        self.queues: Mapping[str, Connection] = {**graph.queues, **fill(graph, placements, SystemClock().now())}
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
