"""Runs a flow: recover, start, work, stop.

The thread that calls `run` is the engine thread. Other threads and signal handlers may call `stop`, and read the
graph's statistics and `bulletins`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from flowrun.bulletin import BulletinBoard, Level
from flowrun.clock import Clock, SystemClock
from flowrun.connection import Connection
from flowrun.errors import RepositoryError
from flowrun.flowfile import Placement
from flowrun.graph import FlowGraph
from flowrun.lifecycle import Lifecycle
from flowrun.orphans import REFUSE, OrphanRule
from flowrun.recovery import fill
from flowrun.repository import Repository
from flowrun.scheduler import Scheduler
from flowrun.settlement import Observer, Settlement
from flowrun.state import StateStore
from flowrun.trigger import LARGEST_BATCH, Triggering


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    `dead_letters` counts those of this run, `queued` the flowfiles that are still in queues (and are on disk), of
    which `penalized` wait for a penalty; `failing` names processors whose last trigger was rolled back.
    """

    dead_letters: int
    queued: int
    penalized: int
    failing: tuple[str, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class Engine:
    """What the engine thread works with while a flow runs; nobody else may touch it."""

    scheduler: Scheduler
    settlement: Settlement
    lifecycle: Lifecycle
    clock: Clock


class FlowRunner:
    """Runs one graph on one repository. Nothing happens before `run`.

    `orphaned` are connections that the flow has no more, and that still hold flowfiles. `generation` counts the graphs
    that have run, from 1 on; `refused` says why the latest edit was not taken over. `graph_listeners` are told each
    graph that replaces another.
    """

    def __init__(
        self,
        graph: FlowGraph,
        repository: Repository,
        *,
        clock: Clock | None = None,
        bulletins: BulletinBoard | None = None,
        observer: Observer | None = None,
        orphans: OrphanRule = REFUSE,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self.graph = graph
        self.bulletins = bulletins or BulletinBoard()
        self.notes: tuple[str, ...] = ()
        self.recovered = 0
        self.generation = 1
        self.refused = ""
        self.graph_listeners: list[Callable[[FlowGraph], None]] = []
        self.orphaned: Mapping[str, Connection] = {}
        self._repository = repository
        self.swap = repository.swap
        self._clock = clock or SystemClock()
        self._observer = observer
        self._orphans = orphans
        self._largest_batch = largest_batch
        self._stopping = False
        self._engine: Engine | None = None

    def run(self, *, once: bool = False, duration: float | None = None, drain: float = 10.0) -> Outcome:
        """Run until stopped, or for `duration` seconds; then let what can move, move, for `drain` seconds at most.

        `once`: work off what a former run left, poll each source once, and end when nothing is left to do; `drain`
        is for a stop before that.
        Raises FlowError if the flow does not fit the state that it finds or a processor can't start, and
        RepositoryError if the repository fails; queues are on disk, so nothing is lost.
        """
        engine = self._prepare()
        scheduler, settlement, lifecycle = engine.scheduler, engine.settlement, engine.lifecycle
        deadline = None if duration is None else self._clock.now() + duration
        try:
            lifecycle.start()
            scheduler.holds_sources = once
            finished = self._work_once(scheduler, deadline) if once else self._work(scheduler, deadline)
            if not once or self._stopping:
                self._drain(scheduler, self._clock.now() + drain)
            settlement.act(at_rest=True)  # else sources whose flowfiles are safe would be there again
        except BaseException:
            with suppress(RepositoryError):  # the first error says more
                lifecycle.stop()
            raise
        lifecycle.stop()
        settlement.act(at_rest=True)
        return self._outcome(finished)

    def stop(self) -> None:
        """Ask the run to end: sources stop, and what can move moves. From any thread, or a signal handler."""
        self._stopping = True
        self._repository.room.give_up()
        if self._engine is not None:
            self._engine.scheduler.inbox.put(lambda: None)

    @property
    def is_stopping(self) -> bool:
        """Whether the run was asked to end."""
        return self._stopping

    def perform(self, action: Callable[[Engine], None]) -> bool:
        """Have the engine thread do this between two triggers, as long as the run lasts; False: it has not begun.

        From any thread. A RepositoryError that the action raises ends the run.
        """
        engine = self._engine
        if engine is None:
            return False
        engine.scheduler.inbox.put(lambda: action(engine))
        return True

    def _prepare(self) -> Engine:
        if self.swap is not None:
            self.swap.takes_over = True
        recovered = self._repository.recover()
        self.notes = recovered.notes
        self.recovered = len(recovered.placements) + (self.swap.count if self.swap is not None else 0)
        states = StateStore(recovered.state)
        settlement = Settlement(
            self._repository,
            self._clock,
            states,
            self.bulletins,
            self.graph.masking,
            lambda name: scheduler.wake(name),
            self._observer,
            follows_origins=any(node.settings.skip_overlap for node in self.graph.nodes.values()),
        )
        triggering = Triggering(self._repository, self._clock, states, settlement, largest_batch=self._largest_batch)
        scheduler = Scheduler(dict(self.graph.nodes), settlement, triggering, self._clock)
        self._place(recovered.placements, settlement)
        self._repository.room.be_patient(lambda message: settlement.tell("the repository", Level.ERROR, message))
        lifecycle = Lifecycle(self.graph, scheduler, settlement, states)
        self._engine = Engine(scheduler, settlement, lifecycle, self._clock)
        return self._engine

    def _place(self, placements: tuple[Placement, ...], settlement: Settlement) -> None:
        orphaned = fill(self.graph, placements, self._clock.now(), swap=self.swap)
        self._orphans.check(self.graph, {identity: len(queue) for identity, queue in orphaned.items()})
        connections = self.graph.connections
        settlement.recovered(p for p in placements if p.origins and p.connection in connections)
        self.notes += tuple(self._orphans.apply(self.graph, orphaned.values(), settlement))
        self.orphaned = {identity: queue for identity, queue in orphaned.items() if len(queue)}

    def _work(self, scheduler: Scheduler, deadline: float | None) -> bool:
        while not self._stopping:
            if deadline is not None and self._clock.now() >= deadline:
                return True
            if not scheduler.step():
                scheduler.rest(deadline)
        return True

    def _work_once(self, scheduler: Scheduler, deadline: float | None) -> bool:
        if not self._work_off(scheduler, deadline):
            return False
        for node in self.graph.nodes.values():
            if node.is_source and node.is_running:
                scheduler.poll(node)
        return self._work_off(scheduler, deadline)

    def _work_off(self, scheduler: Scheduler, deadline: float | None) -> bool:
        """Work until nothing is queued or running; False if it was stopped, took too long, or nothing can move."""
        while not self._stopping:
            if scheduler.step():
                continue
            assert self._engine is not None
            self._engine.settlement.act(at_rest=True)
            if scheduler.has_ready:
                continue
            if scheduler.busy == 0 and self._queued() == 0 and not scheduler.is_polling:
                return True
            if scheduler.busy == 0 and scheduler.next_alarm() is None:
                return False
            if deadline is not None and self._clock.now() >= deadline:
                return False
            scheduler.rest(deadline)
        return False

    def _drain(self, scheduler: Scheduler, deadline: float) -> None:
        scheduler.holds_sources = True
        while self._clock.now() < deadline:
            if scheduler.step():
                continue
            assert self._engine is not None
            self._engine.settlement.act(at_rest=True)
            if scheduler.busy == 0 and not scheduler.has_ready:
                return
            scheduler.rest(deadline)

    def _queued(self) -> int:
        return sum(len(connection) for connection in self.graph.connections.values())

    def _outcome(self, finished: bool) -> Outcome:
        assert self._engine is not None
        now = self._clock.now()
        penalized = sum(connection.penalized_at(now) for connection in self.graph.connections.values())
        failing = tuple(name for name, node in self.graph.nodes.items() if node.is_failing)
        return Outcome(self._engine.settlement.dead_letters, self._queued(), penalized, failing, finished)
