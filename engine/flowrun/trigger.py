"""One trigger of one processor: its session, run to its end on this thread or another."""

import time
from collections import deque

from msgspec import Struct

from flowrun.bulletin import Level
from flowrun.clock import Clock
from flowrun.connection import Connection
from flowrun.flowfile import Placement
from flowrun.ledger import Note
from flowrun.node import ProcessorNode
from flowrun.repository import Repository
from flowrun.session import ProcessSession
from flowrun.settlement import Batch, Settlement
from flowrun.state import StateStore
from flowrun.transaction import Transaction, describe

LARGEST_BATCH = 1000
LONGEST_TRIGGER = 0.010
"""Seconds that a trigger on the engine thread should last at most; batches adapt to it."""
LARGE_CONTENT = 1 << 20
"""Bytes from which on a flowfile is worked on by a worker thread, whatever its processor."""
ADMINISTRATIVE_YIELD = 1.0
"""Seconds a processor rests after an error that it should not have raised (NiFi: 30)."""


class Trigger(Struct, eq=False):
    """A trigger that has been prepared; `run` does it, on the engine thread or, if it `blocks`, on a worker's."""

    node: ProcessorNode
    session: ProcessSession
    transaction: Transaction
    batch: Batch | None
    blocks: bool
    seconds: float = 0.0
    stopping: BaseException | None = None

    def run(self) -> "Trigger":
        """Do it; never raises. `stopping` is the error after which the engine can't go on."""
        start = time.perf_counter()
        try:
            try:
                self.node.processor.on_trigger(self.session)
            except (Exception, SystemExit) as error:  # noqa: BLE001 it undoes the session, and people are told
                self.transaction.fail(error)
            self.transaction.finish()
        except BaseException as error:  # noqa: BLE001 it is raised on the engine thread, where it must arrive
            self.stopping = error
        self.session.end()
        self.seconds = time.perf_counter() - start
        return self

    @property
    def did_something(self) -> bool:
        """Whether there is anything to commit, or was until another session came in between."""
        return not self.transaction.ledger.is_empty or self.transaction.was_abandoned


class Triggering:
    """Prepares triggers, and ends them. Used by the engine thread alone."""

    def __init__(
        self,
        repository: Repository,
        clock: Clock,
        states: StateStore,
        settlement: Settlement,
        *,
        largest_batch: int = LARGEST_BATCH,
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._states = states
        self._settlement = settlement
        self._largest_batch = largest_batch

    def prepare(self, node: ProcessorNode, now: float) -> Trigger:
        """Take what the session may take, and choose where it runs."""
        batch: Batch | None = None
        waiting: deque[Placement] = deque()
        blocks = node.processor.blocking
        if not node.is_source or node.has_waiting(now):
            maximum = 1 if blocks and not node.processor.batch else min(node.batch_size, self._largest_batch)
            batch = node.take(maximum, now)
            if not blocks and batch[0].data_size > LARGE_CONTENT:
                blocks = self._part_large(*batch)
            waiting.extend(batch[1])
        transaction = Transaction(node.transaction_settings, waiting, self._clock, self._states)
        return Trigger(node, ProcessSession(transaction, self._repository), transaction, batch, blocks)

    def _part_large(self, source: Connection, placements: list[Placement]) -> bool:
        """Keep a large content apart from the others; gives whether one is all that is left."""
        large = next((i for i, p in enumerate(placements) if p.flowfile.size > LARGE_CONTENT), None)
        if large is None:
            return False
        keep = max(large, 1)
        source.restore(placements[keep:])
        del placements[keep:]
        return large == 0

    def end(self, trigger: Trigger, now: float) -> None:
        """Make the session true. Raises RepositoryError if that fails, and whatever stopped the session."""
        node, transaction = trigger.node, trigger.transaction
        if trigger.stopping is not None:
            if trigger.batch is not None:
                trigger.batch[0].restore(trigger.batch[1])
            raise trigger.stopping
        self._settlement.settle(node, transaction, trigger.batch)
        node.statistics.seconds += trigger.seconds
        node.has_pending = node.is_source and self._has_pending(node)
        node.is_failing = transaction.failures > 0
        self._adapt(node, trigger)
        pause = transaction.yield_for
        if transaction.unexpected:
            pause = max(pause, ADMINISTRATIVE_YIELD)
        if node.processor.yield_requested:
            node.processor.yield_requested = False
            pause = max(pause, node.settings.yield_duration)
        if node.is_source and not trigger.did_something and not node.has_pending:
            pause = max(pause, node.settings.yield_duration)
        if pause:
            node.yield_until = now + pause

    def _has_pending(self, node: ProcessorNode) -> bool:
        try:
            return node.processor.has_pending()
        except Exception as error:  # noqa: BLE001 a mistake of the author must not end the engine
            self._settlement.post(node, Note(Level.ERROR, f"has_pending: {describe(error)}", None))
            return False

    def _adapt(self, node: ProcessorNode, trigger: Trigger) -> None:
        if trigger.transaction.failed_whole:
            node.batch_size = 1  # one flowfile that can't be worked on must not keep others from it again and again
        elif trigger.seconds > (node.settings.run_duration or LONGEST_TRIGGER):
            node.batch_size = max(1, node.batch_size // 2)
        elif trigger.batch is not None and len(trigger.batch[1]) >= node.batch_size:
            node.batch_size = min(LARGEST_BATCH, node.batch_size * 2)
