"""What runs, as plain values: for the live view, the summary and everything else that looks in from outside.

A snapshot may be taken on any thread while the engine works: each number is right by itself, and a moment old.
"""

from dataclasses import dataclass

from flowrun.connection import Connection
from flowrun.graph import FlowGraph
from flowrun.node import Blocked, ProcessorNode


@dataclass(frozen=True, slots=True)
class ProcessorStatus:
    """One processor; totals since the start, sizes in bytes.

    `until` is when its `state` ends by itself, as far as that is known (seconds since the epoch), `full` are the
    connections that hold it back.
    """

    name: str
    type: str
    state: str
    queued: int
    queued_size: int
    taken: int
    placed: int
    dropped: int
    failures: int
    retries: int
    dead_letters: int
    active: int
    seconds: float
    until: float | None = None
    full: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """One queue; `full` is how near back pressure is, 1.0 and more: the source waits."""

    id: str
    source: str
    destination: str | None
    queued: int
    size: int
    penalized: int
    full: float


@dataclass(frozen=True, slots=True)
class FlowStatus:
    """A whole flow at one moment."""

    flow: str
    processors: tuple[ProcessorStatus, ...]
    connections: tuple[ConnectionStatus, ...]

    @property
    def queued(self) -> int:
        """How many flowfiles are on their way (dead letters are not)."""
        return sum(connection.queued for connection in self.connections if connection.destination is not None)

    @property
    def dead_letters(self) -> int:
        """How many flowfiles wait for a person, from this run and earlier ones."""
        return sum(connection.queued for connection in self.connections if connection.destination is None)


def status_of(graph: FlowGraph) -> FlowStatus:
    """A snapshot of the flow."""
    return FlowStatus(
        graph.definition.name,
        tuple(_processor(node) for node in graph.nodes.values()),
        tuple(connection_status(connection) for connection in graph.queues.values()),
    )


def _processor(node: ProcessorNode) -> ProcessorStatus:
    statistics = node.statistics
    return ProcessorStatus(
        name=node.name,
        type=type(node.processor).__name__,
        state=_state(node),
        queued=sum(len(connection) for connection in node.incoming),
        queued_size=sum(connection.data_size for connection in node.incoming),
        taken=statistics.taken,
        placed=statistics.placed,
        dropped=statistics.dropped,
        failures=statistics.failures,
        retries=statistics.retries,
        dead_letters=len(node.dead_letters) if node.dead_letters is not None else 0,
        active=node.active,
        seconds=statistics.seconds,
        until=_until(node),
        full=tuple(connection.id for connection in node.outgoing if connection.is_full),
    )


def _state(node: ProcessorNode) -> str:
    if node.active:
        return "working"
    if not node.is_running:
        return Blocked.STOPPED.value if node.settings.enabled else "disabled"
    if node.blocked is Blocked.NO_WORK and any(connection.penalized for connection in node.incoming):
        return "waits for a penalty to end"
    return node.blocked.value if node.blocked is not None else "ready"


def _until(node: ProcessorNode) -> float | None:
    if node.active or not node.is_running:
        return None
    if node.blocked is Blocked.YIELDED:
        return node.yield_until
    if node.blocked is Blocked.NOT_DUE or node.blocked is Blocked.OVERLAP:
        return node.due
    if node.blocked is Blocked.NO_WORK:
        return min((moment for c in node.incoming if (moment := c.next_release()) is not None), default=None)
    return None


def connection_status(connection: Connection) -> ConnectionStatus:
    """A snapshot of one queue."""
    pressure = connection.back_pressure
    objects = len(connection) / pressure.object_threshold if pressure.object_threshold else 0.0
    size = connection.data_size / pressure.data_size_threshold if pressure.data_size_threshold else 0.0
    return ConnectionStatus(
        connection.id,
        connection.source,
        connection.destination,
        len(connection),
        connection.data_size,
        connection.penalized,
        max(objects, size),
    )
