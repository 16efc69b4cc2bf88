"""Room on the disk: where there is none, say so, and wait until there is, instead of failing."""

import errno
import time
from collections.abc import Callable
from typing import TypeVar

from flowrun.errors import RepositoryError

Result = TypeVar("Result")

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))


class Room:
    """Runs what writes to the disk.

    At first, and after `give_up`, a full disk is an error at once. After `be_patient` a write is tried again and
    again, every `interval` seconds, while the disk is full. Before either, `make_room` is asked to give up something
    that nobody needs: it says whether it did, on any thread.
    """

    def __init__(self, *, interval: float = 0.5) -> None:
        self.interval = interval
        self.tell: Callable[[str], None] = lambda _: None
        self.make_room: Callable[[], bool] = lambda: False
        self._is_patient = False
        self._has_given_up = False

    def be_patient(self, tell: Callable[[str], None]) -> None:
        """Wait for room from now on; `tell` is told, on any thread, when the disk is full and when it is no more."""
        self.tell = tell
        self._is_patient = True

    def give_up(self) -> None:
        """Wait no more, for good: the engine is to stop. From any thread, or a signal handler: it takes no lock."""
        self._has_given_up = True

    def write(self, where: object, write: Callable[[], Result]) -> Result:
        """Run `write`, which raises OSError and may then be run again. Raises RepositoryError for other errors."""
        waited = False
        while True:
            try:
                result = write()
            except OSError as error:
                if error.errno in _FULL and self.make_room():
                    continue
                if error.errno not in _FULL or not self._is_patient or self._has_given_up:
                    raise cannot_write(where, error) from error
                if not waited:
                    self.tell(f"the disk is full: {where} can't be written. Nothing more is taken until there is room")
                waited = True
                time.sleep(self.interval)
                continue
            if waited:
                self.tell(f"there is room again for {where}; going on")
            return result


def cannot_write(where: object, error: OSError) -> RepositoryError:
    """What to say of a disk that does not take what has to be kept."""
    return RepositoryError(
        f"{where} can't be written: {error.strerror}. What was committed is safe; mend the disk, and start again"
    )


def gone(path: object) -> RepositoryError:
    """What to say when the state directory, or a part of it, has vanished under a running engine."""
    return RepositoryError(
        f"{path} is not there any more: somebody removed or moved the state directory while the flow ran. If it was "
        "moved, put it back, and the next start goes on; if it was removed, what was queued is lost. Sources of "
        "flowfiles that were not safe yet are as they were"
    )
