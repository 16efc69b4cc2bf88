"""Where the control socket lies: `control` in the state directory, however long the directory's path is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowrun.errors import ControlError

SOCKET = "control"
_LONGEST = 103
"""Bytes of the longest path that a socket may have everywhere (`sun_path`: Linux 108, macOS 104, with a zero)."""
_OPEN_FILES = Path("/proc/self/fd")


@contextmanager
def socket_path(folder: Path) -> Iterator[str]:
    """A path of the socket that is short enough, good while the `with` block lasts. Raises ControlError and OSError.

    Where neither the absolute nor the relative path is, Linux offers a way through an open directory.
    """
    for path in (str(folder.absolute() / SOCKET), _relative(folder)):
        if path is not None and len(os.fsencode(path)) <= _LONGEST:
            yield path
            return
    if not _OPEN_FILES.is_dir():
        raise ControlError(f"the path of {folder.absolute()} is too long for a socket; --state can name a shorter one")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"{_OPEN_FILES}/{descriptor}/{SOCKET}"
    finally:
        os.close(descriptor)


def _relative(folder: Path) -> str | None:
    try:
        return os.path.relpath(folder / SOCKET)
    except OSError:  # the working directory was removed
        return None
