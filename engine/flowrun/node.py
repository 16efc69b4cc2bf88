"""A processor in its place: its schedule, its connections, and whether it runs."""

from collections.abc import Mapping
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
    sensitive_content: bool = False
    enabled: bool = True


@dataclass(eq=False, slots=True)
class ProcessorNode:
    """One processor of a flow. Only the engine thread changes it.

    `routes` gives for each relationship the connections it leads to; none: its flowfiles end there. `active` is how
    many sessions are at work; `due` when the schedule allows the next trigger (None: never), `yield_until` until when
    the processor asked to be left alone; `blocked` why it was not triggered when it was last looked at.
    """

    name: str
    processor: Processor
    transaction_settings: TransactionSettings
    settings: NodeSettings
    incoming: list[Connection] = field(default_factory=list)
    routes: Mapping[str, tuple[Connection, ...]] = field(default_factory=dict)
    dead_letters: Connection | None = None
    statistics: Statistics = field(default_factory=Statistics)
    is_running: bool = False
    active: int = 0
    due: float | None = 0.0
    yield_until: float = 0.0
    batch_size: int = 16
    next_incoming: int = 0
    is_polling: bool = False
    is_failing: bool = False
    blocked: Blocked | None = None

    @property
    def is_source(self) -> bool:
        """Whether it is triggered without flowfiles: nothing comes in, or only what it sent to itself."""
        if self.processor.input is Input.REQUIRED:
            return False
        return not self.has_incoming_connection

    @property
    def has_incoming_connection(self) -> bool:
        """Whether a connection from another processor comes in."""
        return any(connection.source != self.name for connection in self.incoming)

    @property
    def outgoing(self) -> list[Connection]:
        """Connections to other processors; a loop to itself holds nobody back (as in NiFi)."""
        found: dict[str, Connection] = {}
        for connections in self.routes.values():
            for connection in connections:
                if connection.destination != self.name and not connection.is_dead_letter:
                    found[connection.id] = connection
        return list(found.values())

    def take(self, maximum: int, now: float) -> list[Placement]:
        """Take flowfiles from the next incoming connection that has some, turn by turn."""
        count = len(self.incoming)
        for step in range(count):
            connection = self.incoming[(self.next_incoming + step) % count]
            if connection.has_waiting(now):
                self.next_incoming = (self.next_incoming + step + 1) % count
                return connection.take(maximum, now)
        return []

    def has_waiting(self, now: float) -> bool:
        """Whether a flowfile can be taken now."""
        return any(connection.has_waiting(now) for connection in self.incoming)
