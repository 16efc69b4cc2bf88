"""Finding the files of a directory that are wanted."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flowrun import ProcessorError

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern


class SourceFile(NamedTuple):
    """A file that was found; `folder` is its directory relative to the input directory, empty for that itself."""

    path: str
    folder: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are wanted. Ages are in seconds, sizes in bytes; both limits are inclusive."""

    name: "JavaPattern"
    folder: "JavaPattern | None"
    recurses: bool
    ignores_hidden: bool
    minimum_age: float
    maximum_age: float | None
    minimum_size: int
    maximum_size: int | None

    def takes_folder(self, folder: str) -> bool:
        """Whether files right in this relative directory can be wanted."""
        if self.folder is None or not self.recurses:
            return True
        return bool(folder) and self.folder.fullmatch(folder) is not None

    def takes(self, entry: os.DirEntry[str], now: float) -> bool:
        """Whether this file is wanted. Looks at the file itself only if its name will do."""
        if (self.ignores_hidden and entry.name.startswith(".")) or not self.name.fullmatch(entry.name):
            return False
        try:
            status = entry.stat()
        except OSError:  # it is gone again, or a link that leads nowhere
            return False
        if not stat.S_ISREG(status.st_mode):
            return False
        age = (int(now * 1000) - status.st_mtime_ns // 1_000_000) / 1000
        if age < self.minimum_age or (self.maximum_age is not None and age > self.maximum_age):
            return False
        return status.st_size >= self.minimum_size and (
            self.maximum_size is None or status.st_size <= self.maximum_size
        )


@dataclass(slots=True)
class Listing:
    """What was found: files to take, in no order, and the paths of those that are wanted and can't be read."""

    files: list[SourceFile] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def what_is_no_directory(path: str) -> str | None:
    """Why the path leads to no directory, as the rest of a sentence; None if it leads to one."""
    try:
        return None if stat.S_ISDIR(Path(path).stat().st_mode) else "is no directory"
    except FileNotFoundError:
        return "does not exist"
    except (OSError, ValueError) as error:  # ValueError: it holds a null character
        return f"can't be a directory: {getattr(error, 'strerror', None) or error}"


class _Directory(NamedTuple):
    """A directory to look into; `above` are the device and inode of those that lead to it."""

    path: str
    folder: str
    above: frozenset[tuple[int, int]]


def list_files(directory: str, wanted: Wanted, now: float) -> Listing:
    """The wanted files of a directory; `now` is in seconds since the epoch.

    Links are followed, but never back into a directory that leads to them. Raises ProcessorError if the directory, or
    one below it, can't be both read and written, as in NiFi.
    """
    listing = Listing()
    waiting = [_Directory(directory, "", frozenset())]
    while waiting:
        current = waiting.pop()
        try:
            waiting += _look_into(current, wanted, now, listing)
        except FileNotFoundError as error:
            if not current.folder:
                raise ProcessorError(f"the directory '{current.path}' does not exist") from error
        except OSError as error:
            raise ProcessorError(f"the directory '{current.path}' can't be listed: {error.strerror}") from error
    return listing


def _look_into(current: _Directory, wanted: Wanted, now: float, listing: Listing) -> list[_Directory]:
    """Add the wanted files of one directory; gives the directories in it."""
    path, folder, above = current
    status = Path(path).stat()
    here = (status.st_dev, status.st_ino)
    if here in above:
        return []
    if not os.access(path, os.R_OK | os.W_OK):
        raise ProcessorError(f"the directory '{path}' can't be both read and written")
    below = []
    takes_files = wanted.takes_folder(folder)
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir():
                below.append(_Directory(entry.path, f"{folder}/{entry.name}" if folder else entry.name, above | {here}))
            elif takes_files and wanted.takes(entry, now):
                if os.access(entry.path, os.R_OK):
                    listing.files.append(SourceFile(entry.path, folder))
                else:
                    listing.unreadable.append(entry.path)
    return below if wanted.recurses else []
