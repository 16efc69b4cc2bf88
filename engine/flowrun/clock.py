"""Time that a test can move. Moments are seconds since the epoch, as `time.time()` gives them."""

import time
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

Item = TypeVar("Item")

LONGEST_WAIT = 10.0
"""Seconds after which the machine's clock is looked at again: it may have been set, or the machine have slept."""


class Clock(Protocol):
    """The engine's only source of time, and its only way to wait."""

    def now(self) -> float:
        """The moment, in seconds since the epoch."""

    def wait(self, inbox: "SimpleQueue[Item]", until: float | None, *, busy: bool) -> Item | None:
        """The next item of the inbox; None once `until` has come (None: never), or now and then before.

        `busy` says that somebody is at work who will put an item in.
        """


class SystemClock:
    """The machine's clock."""

    now = staticmethod(time.time)

    def wait(self, inbox: "SimpleQueue[Item]", until: float | None, *, busy: bool) -> Item | None:
        try:
            return inbox.get(timeout=None if until is None else min(max(0.0, until - time.time()), LONGEST_WAIT))
        except Empty:
            return None


class MovableClock:
    """A clock that stands still until it is moved; where the engine would wait for a moment, it jumps there.

    So a penalty of 30 seconds costs a test nothing, and a schedule of ten minutes is seen at its exact second.
    """

    def __init__(self, moment: float = 1_790_000_000.0) -> None:
        self._moment = moment

    def now(self) -> float:
        return self._moment

    def advance(self, seconds: float) -> None:
        """Move on by so many seconds."""
        self._moment += seconds

    def wait(self, inbox: "SimpleQueue[Item]", until: float | None, *, busy: bool) -> Item | None:
        try:
            return inbox.get(block=busy or until is None)
        except Empty:
            self._moment = max(self._moment, until or self._moment)
            return None
