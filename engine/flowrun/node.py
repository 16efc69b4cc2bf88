"""A processor in its place: its schedule, its connections, and whether it runs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flowrun.bulletin import Level
from flowrun.connection import Connection
from flowrun.flowfile import Placement
from flowrun.processor import Input, Processor
from flowrun.schedule import Schedule, TimerDriven
from flowrun.statistics import Statistics
from flowrun.transaction import TransactionSettings


class Blocked(StrEnum):
    """Why a processor is not triggered now, in the order in which it is decided (NiFi's, with two of our own)."""

    STOPPED = "stopped"
    YIELDED = "yielded"
    BUSY = "all its tasks are at work"
    NOT_DUE = "not due yet"
    OVERLAP = "flowfiles of its last trigger are still in the flow"
    NO_WORK = "nothing to do"
    DESTINATION_FULL = "a destination is full"


@dataclass(frozen=True, slots=True)
class NodeSettings:
    """What the flow says about a processor beside its properties; durations in seconds."""

    schedule: Schedule = field(default_factory=TimerDriven)
    concurrent_tasks: int = 1
    run_duration: float = 0.0
    yield_duration: float = 1.0
    bulletin_level: Level = Level.WARNING
    skip_overlap: bool = False
    enabled: bool = True
    allows_replay: bool = True


@dataclass(eq=False, slots=True)
class ProcessorNode:
    """One processor of a flow. Only the engine thread changes it.

    `routes` gives for each relationship the connections it leads to; none: its flowfiles end there. `active` is how
    many sessions are at work; `due` when the schedule allows the next trigger (None: never), `yield_until` until when
    the processor asked to be left alone; `has_pending` that a source has found more than it has handed over, by its own
    word after its last trigger; `blocked` why it was not triggered when it was last looked at. `untold` are the
    relationships that a flowfile's queue does not tell; `short_routes` gives the queue of those that have one for
    themselves.
    """

    name: str
    processor: Processor
    transaction_settings: TransactionSettings
    settings: NodeSettings
    incoming: tuple[Connection, ...] = ()
    routes: Mapping[str, tuple[Connection, ...]] = field(default_factory=dict)
    dead_letters: Connection | None = None
    outgoing: tuple[Connection, ...] = ()
    expiring: tuple[Connection, ...] = ()
    untold: frozenset[str] = frozenset()
    short_routes: Mapping[str, Connection] = field(default_factory=dict)
    has_incoming_connection: bool = False
    is_source: bool = False
    statistics: Statistics = field(default_factory=Statistics)
    is_running: bool = False
    active: int = 0
    due: float | None = 0.0
    yield_until: float = 0.0
    batch_size: int = 16
    next_incoming: int = 0
    is_polling: bool = False
    has_pending: bool = False
    is_failing: bool = False
    blocked: Blocked | None = None

    def connect(self, incoming: Iterable[Connection], routes: Mapping[str, tuple[Connection, ...]]) -> None:
        """Give it its connections, once.

        It is a source if it is triggered without flowfiles: nothing comes in, or only what it sent to itself. A loop
        to itself does not hold it back when full (as in NiFi), so `outgoing` leaves it out.
        """
        self.incoming, self.routes = tuple(incoming), routes
        leaving = {connection.id: connection for connections in routes.values() for connection in connections}
        self.dead_letters = next((c for c in leaving.values() if c.is_dead_letter), None)
        self.expiring = tuple(connection for connection in self.incoming if connection.expiration)
        self.outgoing = tuple(c for c in leaving.values() if c.destination != self.name and not c.is_dead_letter)
        self.has_incoming_connection = any(connection.source != self.name for connection in self.incoming)
        self.untold = _untold(routes)
        self.short_routes = {n: queues[0] for n, queues in routes.items() if len(queues) == 1 and n not in self.untold}
        self.is_source = self.processor.input is not Input.REQUIRED and not self.has_incoming_connection

    def take(self, maximum: int, now: float) -> tuple[Connection, list[Placement]]:
        """Take flowfiles from the next incoming connection that has some, turn by turn."""
        count = len(self.incoming)
        if count == 1:
            return self.incoming[0], self.incoming[0].take(maximum, now)
        for step in range(count):
            connection = self.incoming[(self.next_incoming + step) % count]
            if connection.has_waiting(now):
                self.next_incoming = (self.next_incoming + step + 1) % count
                return connection, connection.take(maximum, now)
        return self.incoming[0], []

    def has_waiting(self, now: float) -> bool:
        """Whether a flowfile can be taken now."""
        for connection in self.incoming:  # noqa: SIM110 on the way of every trigger: twice as fast as any()
            if connection.has_waiting(now):
                return True
        return False

    @property
    def is_held_back(self) -> bool:
        """Whether a connection that it would fill is full."""
        for connection in self.outgoing:  # noqa: SIM110 on the way of every trigger: twice as fast as any()
            if connection.is_full:
                return True
        return False


def _untold(routes: Mapping[str, tuple[Connection, ...]]) -> frozenset[str]:
    """The relationships that end, or share a queue, so that whoever finds a flowfile can't tell how it left."""
    counts = Counter(connection.id for connections in routes.values() for connection in connections)
    return frozenset(
        name
        for name, connections in routes.items()
        if not connections or any(c.is_dead_letter or counts[c.id] > 1 for c in connections)
    )
