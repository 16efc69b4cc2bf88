"""A flow that runs in this process: only its engine thread touches queues, so it is asked to."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flowrun.bulletin import Bulletin
from flowrun.connection import Connection
from flowrun.control.subject import Found
from flowrun.errand import Errand, NotBegunError
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
        self._pending: set[Errand[Settlement, Any]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    @property
    def graph(self) -> FlowGraph:
        return self._runner.graph

    @property
    def queues(self) -> Mapping[str, Connection]:
        return {**self.graph.queues, **self._runner.orphaned}

    @property
    def generation(self) -> int:
        return self._runner.generation

    @property
    def refused_edit(self) -> str:
        return self._runner.refused

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
            action.give_up(NoAnswerError("the flow was stopped before it could answer"))

    def _perform(self, action: Callable[[Settlement], Found], patience: float) -> Found:
        errand = Errand(action)
        with self._lock:
            if self._is_over or not self._runner.perform(lambda engine: errand.run(engine.settlement)):
                state = "is stopping" if self._is_over else "is starting"
                raise NoAnswerError(f"the flow {state}: ask again in a moment")
            self._pending.add(errand)
        try:
            return errand.outcome(patience)
        except NotBegunError:
            raise NoAnswerError(
                f"the flow (pid {os.getpid()}) runs, but its engine was busy for {patience:g} sec with something "
                "else; nothing was changed, so ask again"
            ) from None
        except (ControlError, RepositoryError):
            raise
        except Exception as error:  # whatever the action was, whoever asked is told what went wrong
            raise ControlError(f"{type(error).__name__}: {error}") from error
        finally:
            with self._lock:
                self._pending.discard(errand)
