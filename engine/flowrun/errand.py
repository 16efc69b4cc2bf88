"""Something that another thread wants of the engine thread, which alone may touch queues and nodes."""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from flowrun.errors import RepositoryError

Given = TypeVar("Given")
Found = TypeVar("Found")


class NotBegunError(Exception):
    """Nobody came to do it in time; now nobody will."""


class Errand(Generic[Given, Found]):
    """Something for the engine thread: done once, or, when nobody waits for it any more, not at all."""

    def __init__(self, action: Callable[[Given], Found]) -> None:
        self._action = action
        self._claim = threading.Lock()
        self._outcome: SimpleQueue[tuple[Found] | Exception] = SimpleQueue()

    def run(self, given: Given) -> None:
        """Do it, on the engine thread. Raises RepositoryError: the engine can't go on after that."""
        if not self._claim.acquire(blocking=False):
            return
        try:
            self._outcome.put((self._action(given),))
        except RepositoryError as error:
            self._outcome.put(error)
            raise
        except Exception as error:  # noqa: BLE001 whoever waits is told; the flow goes on
            self._outcome.put(error)

    def give_up(self, reason: Exception) -> None:
        """See to it that it is not done, if it has not begun; whoever waits for it gets the reason."""
        if self._claim.acquire(blocking=False):
            self._outcome.put(reason)

    def outcome(self, patience: float) -> Found:
        """What it came to. Raises what the action raised, and NotBegunError if it has not begun in so many seconds."""
        try:
            outcome = self._outcome.get(timeout=patience)
        except Empty:
            if self._claim.acquire(blocking=False):
                raise NotBegunError from None
            outcome = self._outcome.get()
        if isinstance(outcome, tuple):
            return outcome[0]
        raise outcome
