"""Files that were found and not yet handed over, and those that are on their way."""

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from flowrun_processors.get_file.listing import SourceFile

_LIST_BELOW = 100
"""The directory is listed only if fewer files wait than that (NiFi's number)."""


class Backlog:
    """Which files wait, which are in flight (imported, but their commit is not safe), and which just went.

    Two triggers at once, or a listing that runs while a commit deletes, never take a file twice. Every method may be
    called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listing = threading.Lock()
        self._waiting: deque[SourceFile] = deque()
        self._in_flight: set[str] = set()
        self._gone: set[str] = set()
        self._listed: float | None = None
        self._left_of_poll = 0

    @property
    def has_pending(self) -> bool:
        """Whether files are left of the listing that began the poll; later listings don't make a poll longer."""
        return self._left_of_poll > 0

    def begin_listing(self, now: float, interval: float) -> bool:
        """Whether it is time to list the directory; then `end_listing` must follow."""
        if len(self._waiting) >= _LIST_BELOW or not self._listing.acquire(blocking=False):
            return False
        if self._listed is None or now - self._listed >= interval:
            return True
        self._listing.release()
        return False

    def end_listing(self, found: Iterable[SourceFile] | None, now: float) -> bool:
        """Let the found files wait instead of those that did (None: it failed); whether any file waits.

        Left out are files in flight, and those that went since the last listing, because this one may have begun
        before they were deleted. Files that waited before go first.
        """
        with self._lock:
            if found is not None:
                self._refill(found)
                self._listed = now
            self._listing.release()
            return bool(self._waiting)

    def take(self, maximum: int) -> list[SourceFile]:
        """Up to so many files, now in flight."""
        with self._lock:
            taken = [self._waiting.popleft() for _ in range(min(maximum, len(self._waiting)))]
            self._in_flight.update(file.path for file in taken)
            self._left_of_poll = max(0, self._left_of_poll - len(taken))
            return taken

    def give_back(self, files: Sequence[SourceFile]) -> None:
        """Let files wait again that were taken and not imported."""
        with self._lock:
            self._in_flight.difference_update(file.path for file in files)
            self._waiting.extendleft(reversed(files))
            self._left_of_poll += len(files)

    def finish(self, file: SourceFile, *, is_gone: bool) -> None:
        """The file is not in flight any more; `is_gone`: a listing that has begun may show it wrongly."""
        with self._lock:
            self._in_flight.discard(file.path)
            if is_gone:
                self._gone.add(file.path)

    def _refill(self, found: Iterable[SourceFile]) -> None:
        excluded = self._in_flight | self._gone
        new = {file.path: file for file in found if file.path not in excluded}
        left_of_poll = sum(1 for file in islice(self._waiting, self._left_of_poll) if file.path in new)
        still = [new.pop(file.path) for file in self._waiting if file.path in new]
        self._waiting = deque((*still, *new.values()))
        self._left_of_poll = left_of_poll if self._left_of_poll else len(self._waiting)
        self._gone.clear()
