"""The lock on a state directory: one process holds it, and says in it who it is."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from flowrun.errors import RepositoryError, StateInUseError

_FILE = "lock"
_PATIENCE = 0.1
"""Seconds for which a lock is tried: a process that has just ended may hold it a moment longer, and so may `holder`."""


class FolderLock:
    """Held until `release`, or until the process ends. Raises StateInUseError if another process holds it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._descriptor = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RepositoryError(f"the state directory {folder} can't be used: {error.strerror}") from error
        if not _lock(self._descriptor, fcntl.LOCK_EX, _PATIENCE):
            owner = _told(self._descriptor)
            self.release()
            raise StateInUseError(
                f"another process ({owner or 'not known'}) holds the state directory {folder}: stop it first, or "
                "give this one another with --state"
            )
        with suppress(OSError):  # a full disk is no reason not to begin: what is queued may make room
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"pid {os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go of it; more than once does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def lock_holder(folder: Path) -> str | None:
    """`pid 4711`, the process that holds the folder; None if none does. Changes nothing."""
    try:
        descriptor = os.open(folder / _FILE, os.O_RDONLY)
    except OSError:
        return None
    try:
        if _lock(descriptor, fcntl.LOCK_SH, 0.0):
            return None
        return _told(descriptor) or "a process that is not known"
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
        else:
            return True


def _told(descriptor: int) -> str:
    return os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
