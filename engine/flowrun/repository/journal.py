"""The journal: numbered segments of records, each segment begun by a snapshot of what was true before it.

NiFi calls it the FlowFile Repository; here it is named for what it is. `00000003.snapshot` holds everything that was
true when segment 3 began, so recovery reads the newest snapshot and the segments from its number on.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from flowrun.errors import RepositoryError
from flowrun.repository.frames import FORMAT_VERSION, FrameReader, file_header, frame
from flowrun.repository.history_index import INDEX_SUFFIX
from flowrun.repository.room import Room, cannot_write, gone
from flowrun.repository.syncing import sync_path


class Journal:
    """Appends frames to the newest segment, whose number is `number`; a start reads those from `first` on.

    `size` is that segment's length in bytes, `dirty` that it needs a sync. If it `keeps_older` segments, somebody else
    removes them.
    """

    def __init__(self, folder: Path, room: Room, *, keeps_older: bool = False) -> None:
        self.folder = folder
        self._keeps_older = keeps_older
        self._room = room
        self.size = 0
        self.dirty = False
        self.notes: list[str] = []
        self.snapshot_version = FORMAT_VERSION
        self.first = 1
        self.number = 0
        self._version = FORMAT_VERSION
        self._descriptor = -1

    def snapshot(self) -> list[memoryview]:
        """The payloads of the newest snapshot; none if there never was one."""
        snapshots = _numbered(self.folder, ".snapshot")
        self.first = max(snapshots, default=1)
        if not snapshots:
            return []
        reader = FrameReader(snapshots[self.first], b"S")
        payloads = list(reader)
        self.snapshot_version = reader.version
        if reader.torn or not payloads:
            raise RepositoryError(f"{reader.file} is damaged: it ends too early")
        return payloads

    def segments(self, *, mend: bool = True) -> Iterator[FrameReader]:
        """Readers of the segments since the snapshot that was read, oldest first; each is to be read to its end.

        A torn end of the newest segment is cut off if it is to `mend` that, and said in `notes`; anywhere else it is
        damage.
        """
        first = self.first
        segments = {n: file for n, file in _numbered(self.folder, ".journal").items() if n >= first}
        for expected, number in enumerate(sorted(segments), start=first):
            if number != expected:
                raise RepositoryError(f"{self.folder} lacks {_name(expected, '.journal')}: it was removed or lost")
            reader = FrameReader(segments[number], b"J")
            yield reader
            if reader.torn and number != max(segments):
                raise RepositoryError(f"{reader.file} is damaged at byte {reader.end}: it ends too early")
            if reader.torn and mend:
                self._cut(reader)
            self._version = reader.version
        self.number = max(segments, default=first - 1)

    def _cut(self, reader: FrameReader) -> None:
        os.truncate(reader.file, reader.end)
        self.notes.append(
            f"{reader.file} ended in {reader.torn} bytes of an unfinished record, which were cut off: that commit "
            "never came true, and its flowfiles are where they were before it"
        )

    def cut_unsynced(self, file: Path, end: int, records: int) -> None:
        """Cut off so many whole records, which are there but may lack their contents."""
        os.truncate(file, end)
        self.notes.append(
            f"{file} ended in commits that had not been made to last when the machine went down ({records}); they were "
            "cut off: their flowfiles are where they were before, and nothing outside was done because of them"
        )

    def open(self) -> None:
        """Be ready to append, after `segments` has been read."""
        path = self.folder / _name(self.number, ".journal")
        if self.number < self.first or path.stat().st_size == 0:
            self._begin(max(self.number, self.first))
            return
        if self._version < FORMAT_VERSION:  # what is written from now on is no part of the older format
            self._begin(self.number + 1)
            return
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        self.size = path.stat().st_size

    def append(self, payload: bytes) -> None:
        """Add a record, with one write. Raises RepositoryError, and then nothing was added."""
        self._add(payload)

    def note(self, payload: bytes) -> None:
        """Add a note, as `append` adds a record."""
        self._add(payload)

    def _add(self, payload: bytes) -> None:
        data = frame(payload)
        self._room.write(self.folder, lambda: self._write_whole(data))
        self.size += len(data)
        self.dirty = True

    def _write_whole(self, data: bytes) -> None:
        try:
            if os.write(self._descriptor, data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise

    def sync(self) -> None:
        """Make what was appended survive a power failure."""
        if not self.dirty:
            return
        try:
            os.fdatasync(self._descriptor) if hasattr(os, "fdatasync") else os.fsync(self._descriptor)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        self.dirty = False

    def check_place(self) -> None:
        """Raises RepositoryError if what was appended since the last sync is not where the next start will look."""
        if not self.dirty or self._descriptor < 0:
            return
        path = self.folder / _name(self.number, ".journal")
        try:
            if path.stat().st_ino == os.fstat(self._descriptor).st_ino:
                return
        except OSError as error:
            raise gone(path) from error
        raise gone(path)

    def rotate(self, records: Iterable[bytes | memoryview]) -> int:
        """Begin a new segment with a snapshot of these records, and drop what came before, unless that is kept.

        Gives the snapshot's size in bytes. Raises OSError if there can't be a snapshot: the segments go on without it;
        and RepositoryError.
        """
        number = self.number + 1
        draft = self.folder / _name(number, ".draft")
        try:
            size = _write_snapshot(draft, records)
            # The segment goes first: with a snapshot alone, the next start would not know where to go on. And only the
            # newest segment may end in an unfinished record.
            self.sync()
            self._begin(number)
            draft.rename(draft.with_suffix(".snapshot"))
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self.first = number
        sync_path(self.folder)
        self.drop_older()
        return size

    def drop_older(self) -> None:
        """Remove what the next start will not need, unless that is kept."""
        for suffix in (".draft",) if self._keeps_older else (".journal", ".snapshot", INDEX_SUFFIX, ".draft"):
            for older, file in _numbered(self.folder, suffix).items():
                if older < self.first:
                    file.unlink()

    def close(self) -> None:
        """Let go of the segment."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _begin(self, number: int) -> None:
        path, flags = self.folder / _name(number, ".journal"), os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = self._room.write(self.folder, lambda: os.open(path, flags, 0o600))
        if os.fstat(descriptor).st_size > 0:
            os.close(descriptor)
            raise RepositoryError(f"{path} is in the way: it was not there a moment ago")
        self.close()
        header = file_header(b"J")
        self._descriptor, self.number, self.size = descriptor, number, 0
        self._room.write(self.folder, lambda: self._write_whole(header))
        self.size, self.dirty = len(header), True
        sync_path(self.folder)


def _write_snapshot(draft: Path, records: Iterable[bytes | memoryview]) -> int:
    with open(draft, "wb", opener=_for_owner_only) as file:
        file.write(file_header(b"S"))
        for record in records:
            file.write(frame(record))
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(number: int, suffix: str) -> str:
    return f"{number:08d}{suffix}"


def _numbered(folder: Path, suffix: str) -> dict[int, Path]:
    """The folder's files of that kind; whatever else somebody has put there is left alone."""
    files = [file for file in folder.iterdir() if file.suffix == suffix]
    return {int(file.stem): file for file in files if file.stem.isascii() and file.stem.isdecimal()}
