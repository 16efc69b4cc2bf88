"""Files that are there whole or not at all, also after a crash and a power failure."""

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from flowrun_processors.put_file.appearance import Appearance

_PIECE = 1 << 20
_NO_HARD_LINKS = frozenset((errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))
_NO_DIRECTORY_SYNC = frozenset((errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF))


def create_directories(directory: Path, mode: int) -> list[Path]:
    """Make the directory and its parents where they are missing; gives those that were made, outermost first."""
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    made = []
    for path in reversed(missing):
        try:
            path.mkdir(mode)
        except FileExistsError:  # somebody else was faster, or it is no directory
            if not path.is_dir():
                raise
        else:
            made.append(path)
    return made


def write_file(path: Path, content: BinaryIO, appearance: Appearance) -> list[str]:
    """Write a new file so that it survives a power failure once its directory was synced; what is there goes first.

    Nobody ever may read more of it than of the finished file. Gives a sentence for each thing of its appearance that
    can't be set.
    """
    path.unlink(missing_ok=True)
    mode = 0o666 if appearance.permissions is None else 0o600
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with open(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)
        file.flush()
        complaints = appearance.apply_to_file(descriptor)
        os.fsync(descriptor)
    return complaints


def move_over(source: Path, target: Path) -> None:
    """Rename; a file, or an empty directory, of that name is replaced without a moment in which nothing is there."""
    try:
        source.replace(target)
    except IsADirectoryError:
        target.rmdir()
        source.replace(target)


def move_if_free(source: Path, target: Path) -> bool:
    """Rename unless the name is taken, even at the last moment; whether it was done."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _reserve_and_move(source, target)
    source.unlink()
    return True


def sync_directories(directories: Iterable[Path]) -> None:
    """Make what was created and renamed in them survive a power failure, as far as the file system can do it."""
    for directory in directories:
        try:
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        except (FileNotFoundError, PermissionError):  # removed since, or one that may only be written
            continue
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _NO_DIRECTORY_SYNC:
                raise
        finally:
            os.close(descriptor)


def _reserve_and_move(source: Path, target: Path) -> bool:
    """For file systems without hard links: take the name with an empty file, then rename over that."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    try:
        source.replace(target)
    except OSError:
        with suppress(OSError):
            target.unlink()
        raise
    return True
