"""Starting and stopping what a flow is made of: services before processors, and the other way round at the end."""

import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue

from flowrun.bulletin import Level
from flowrun.errors import FlowError, Place, Problem, RepositoryError
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.scheduler import Scheduler
from flowrun.service import ControllerService, ServiceContext
from flowrun.settlement import Settlement
from flowrun.state import StateStore

LONGEST_STOP = 10.0
"""Seconds that a processor or service that may wait has for its stop, before it is left behind."""


class Lifecycle:
    """Starts and stops the services and processors of one graph. Used by the engine thread."""

    def __init__(self, graph: FlowGraph, scheduler: Scheduler, settlement: Settlement, states: StateStore) -> None:
        self._graph = graph
        self._scheduler = scheduler
        self._settlement = settlement
        self._states = states
        self._engine_thread = threading.get_ident()
        self._enabled: dict[str, ControllerService] = {}
        self._started: dict[str, ProcessorNode] = {}
        self._failure: RepositoryError | None = None

    def start(self) -> None:
        """Enable the services, then start the processors. Raises FlowError for one that can't start."""
        definition = self._graph.definition
        for name, service in self._graph.services.items():
            self.enable(name, service, definition.services[name].place)
        for name, node in self._graph.nodes.items():
            if self.prepare(node, definition.processors[name].place):
                self._scheduler.start(node)
            else:
                self._scheduler.wake(name)  # what waits there may grow too old

    def stop(self) -> None:
        """Stop the processors, then disable the services; one that fails, or hangs, does not keep the others from it.

        Sessions that worker threads finish meanwhile, and states that services save, are still made true. Raises
        RepositoryError if they can't be.
        """
        self._scheduler.close()
        for node in list(self._started.values()):
            self.halt(node)
        for name in reversed(list(self._enabled)):
            self.disable(name)
        while self._take_in(0.0):
            pass
        if self._failure is not None:
            raise self._failure

    def enable(self, name: str, service: ControllerService, place: Place, *, limit: float | None = None) -> None:
        """Enable a service, within so many seconds. Raises FlowError if it can't be."""
        context = self._context(name)
        error = self._beside(lambda: service.on_enabled(context), limit)
        _check_start(f"controller service '{name}'", place, error)
        self._enabled[name] = service

    def disable(self, name: str) -> None:
        """Disable a service, if it is enabled; a bulletin says if it fails, or hangs."""
        service = self._enabled.pop(name, None)
        if service is not None:
            self._tell(name, self._beside(service.on_disabled, LONGEST_STOP))

    def prepare(self, node: ProcessorNode, place: Place) -> bool:
        """Have a processor get ready to be triggered; False: the flow says that it is disabled. Raises FlowError."""
        if not node.settings.enabled:
            return False
        _check_start(f"'{node.name}'", place, _tried(node.processor.on_scheduled))
        self._started[node.name] = node
        return True

    def halt(self, node: ProcessorNode) -> None:
        """Stop a processor, if it was started; a bulletin says if it fails, or hangs."""
        if self._started.pop(node.name, None) is None:
            return
        node.is_running = False
        stop = node.processor.on_stopped
        self._tell(node.name, self._beside(stop, LONGEST_STOP) if node.processor.blocking else _tried(stop))

    def _beside(self, action: Callable[[], None], limit: float | None) -> BaseException | None:
        """Have it done on a thread of its own, for it may wait for threads that save state, which the engine does.

        Gives the error it raised, and TimeoutError if it takes longer than `limit` seconds.
        """
        outcome: list[BaseException | None] = []

        def do() -> None:
            outcome.append(_tried(action))
            self._scheduler.inbox.put(lambda: None)

        threading.Thread(target=do, daemon=True).start()
        deadline = None if limit is None else time.monotonic() + limit
        while not outcome:
            left = None if deadline is None else deadline - time.monotonic()
            if not self._take_in(left):
                return TimeoutError(f"it took more than {limit:g} sec")
        return outcome[0]

    def _take_in(self, seconds: float | None) -> bool:
        try:
            return self._scheduler.take_next(seconds)
        except RepositoryError as error:
            self._failure = error
            return True

    def _tell(self, name: str, error: BaseException | None) -> None:
        if error is not None:
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


def _tried(action: Callable[[], None]) -> BaseException | None:
    try:
        action()
    except (Exception, SystemExit) as error:  # noqa: BLE001 of one of many; whoever calls decides what it means
        return error
    return None


def _check_start(what: str, place: Place, error: BaseException | None) -> None:
    if isinstance(error, RepositoryError):
        raise error
    if error is not None:
        raise FlowError(Problem(f"{what} can't start: {error}", place)) from error
