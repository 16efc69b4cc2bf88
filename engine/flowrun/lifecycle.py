"""Starting and stopping what a flow is made of: services before processors, and the other way round at the end."""

import threading
from collections.abc import Mapping
from queue import SimpleQueue
from typing import Any

from flowrun.bulletin import Level
from flowrun.errors import FlowError, Place, Problem, RepositoryError
from flowrun.graph import FlowGraph
from flowrun.scheduler import Scheduler
from flowrun.service import ControllerService, ServiceContext
from flowrun.settlement import Settlement
from flowrun.state import StateStore


class Lifecycle:
    """Starts and stops the services and processors of one graph. Used by the engine thread."""

    def __init__(self, graph: FlowGraph, scheduler: Scheduler, settlement: Settlement, states: StateStore) -> None:
        self._graph = graph
        self._scheduler = scheduler
        self._settlement = settlement
        self._states = states
        self._engine_thread = threading.get_ident()
        self._enabled: list[tuple[str, ControllerService]] = []
        self._started: list[str] = []

    def start(self) -> None:
        """Enable the services, then start the processors. Raises FlowError for one that can't start."""
        for name, service in self._graph.services.items():
            place = self._graph.definition.services[name].place
            self._call(f"controller service '{name}'", place, lambda s=service, n=name: s.on_enabled(self._context(n)))
            self._enabled.append((name, service))
        for name, node in self._graph.nodes.items():
            if node.settings.enabled:
                self._call(f"'{name}'", self._graph.definition.processors[name].place, node.processor.on_scheduled)
                self._started.append(name)
                self._scheduler.start(node)

    def stop(self) -> None:
        """Stop the processors, then disable the services; one that fails does not keep the others from it."""
        self._scheduler.close()
        for name in self._started:
            node = self._graph.nodes[name]
            node.is_running = False
            self._end(name, node.processor.on_stopped)
        for name, service in reversed(self._enabled):
            self._end(name, service.on_disabled)

    def _call(self, what: str, place: Place, action: Any) -> None:
        try:
            action()
        except RepositoryError:
            raise
        except Exception as error:
            raise FlowError(Problem(f"{what} can't start: {error}", place)) from error

    def _end(self, name: str, action: Any) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001 one that can't stop must not keep others from it
            self._settlement.tell(name, Level.ERROR, f"did not stop cleanly: {error}")

    def _context(self, name: str) -> ServiceContext:
        key = f"controller service {name}"
        return ServiceContext(
            self._states.get(key),
            lambda values: self._save(key, values),
            lambda message: self._settlement.tell(name, Level.ERROR, message),
        )

    def _save(self, key: str, values: Mapping[str, str]) -> None:
        """Commit a service's state, on the engine thread, whatever thread asks for it."""
        if threading.get_ident() == self._engine_thread:
            self._settlement.save_state(key, values)
            return
        outcome: SimpleQueue[RepositoryError | None] = SimpleQueue()

        def commit() -> None:
            try:
                self._settlement.save_state(key, values)
            except RepositoryError as error:
                outcome.put(error)
                raise
            outcome.put(None)

        self._scheduler.inbox.put(commit)
        error = outcome.get()
        if error is not None:
            raise error
