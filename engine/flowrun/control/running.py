"""A flow that runs in this process: only its engine thread touches queues, so it is asked to."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from queue import Empty, SimpleQueue
from typing import Any, Generic

from flowrun.bulletin import Bulletin
from flowrun.connection import Connection
from flowrun.control.subject import Found
from flowrun.errors import ControlError, NoAnswerError, RepositoryError
from flowrun.graph import FlowGraph
from flowrun.repository import ContentRepository
from flowrun.runner import FlowRunner
from flowrun.settlement import Settlement

PATIENCE = 5.0
"""Seconds that an action may wait for the engine thread."""


class RunningFlow:
    """What a runner runs, for threads beside the engine's."""

    def __init__(self, runner: FlowRunner, content: ContentRepository) -> None:
        self.content = content
        self.pid = os.getpid()
        self.since = time.time()
        self._runner = runner
        self._pending: set[_Action[Any]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    @property
    def graph(self) -> FlowGraph:
        return self._runner.graph

    @property
    def queues(self) -> Mapping[str, Connection]:
        return {**self.graph.queues, **self._runner.orphaned}

    @property
    def bulletins(self) -> Iterable[Bulletin]:
        return self._runner.bulletins

    def look(self, action: Callable[[], Found], *, patience: float | None = None) -> Found:
        return self._perform(lambda _: action(), PATIENCE if patience is None else patience)

    def change(self, action: Callable[[Settlement], Found]) -> Found:
        return self._perform(action, PATIENCE)

    def end(self) -> None:
        """The engine thread does nothing more: let nobody wait for it."""
        with self._lock:
            self._is_over = True
            pending = tuple(self._pending)
        for action in pending:
            action.give_up()

    def _perform(self, action: Callable[[Settlement], Found], patience: float) -> Found:
        waiting = _Action(action)
        with self._lock:
            if self._is_over or not self._runner.perform(waiting.run):
                state = "is stopping" if self._is_over else "is starting"
                raise NoAnswerError(f"the flow {state}: ask again in a moment")
            self._pending.add(waiting)
        try:
            return waiting.outcome(patience)
        finally:
            with self._lock:
                self._pending.discard(waiting)


class _Action(Generic[Found]):
    """Something for the engine thread: done once, or, when nobody waits for it any more, not at all."""

    def __init__(self, action: Callable[[Settlement], Found]) -> None:
        self._action = action
        self._claim = threading.Lock()
        self._outcome: SimpleQueue[tuple[Found] | BaseException] = SimpleQueue()

    def run(self, settlement: Settlement) -> None:
        """Do it. Raises RepositoryError: the engine can't go on after that."""
        if not self._claim.acquire(blocking=False):
            return
        try:
            self._outcome.put((self._action(settlement),))
        except RepositoryError as error:
            self._outcome.put(error)
            raise
        except Exception as error:  # noqa: BLE001 whoever asked is told; the flow goes on
            self._outcome.put(error)

    def give_up(self) -> None:
        """See to it that it is not done, if it has not begun, and that nobody waits for it."""
        if self._claim.acquire(blocking=False):
            self._outcome.put(NoAnswerError("the flow was stopped before it could answer"))

    def outcome(self, patience: float) -> Found:
        """What it came to."""
        try:
            outcome = self._outcome.get(timeout=patience)
        except Empty:
            if self._claim.acquire(blocking=False):
                raise NoAnswerError(
                    f"the flow (pid {os.getpid()}) runs, but its engine was busy for {patience:g} sec with something "
                    "else; nothing was changed, so ask again"
                ) from None
            outcome = self._outcome.get()
        if isinstance(outcome, tuple):
            return outcome[0]
        if isinstance(outcome, ControlError | RepositoryError):
            raise outcome
        raise ControlError(f"{type(outcome).__name__}: {outcome}") from outcome
