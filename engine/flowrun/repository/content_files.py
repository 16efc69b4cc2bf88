"""The files that contents lie in: writing one content, and reading one claim, as streams."""

import os
from collections.abc import Callable
from io import RawIOBase
from pathlib import Path
from typing import Protocol
from zlib import crc32

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository.room import Room, gone

OWN_FILE_FROM = 256 << 10
MOST_READERS = 64
"""Files that are kept open to be read from."""


class OwnFiles(Protocol):
    """What a writer needs of its repository."""

    folder: Path
    room: Room

    def write(self, data: bytes) -> ContentClaim:
        """Keep a small content."""

    def take_own(self) -> tuple[int, int]:
        """Number and descriptor of a new file for one large content."""

    def keep_own(self, claim: ContentClaim) -> None:
        """Hold the claim on a large content that was written whole."""

    def drop_own(self, number: int) -> None:
        """Remove a large content that was given up."""


class DiskContentWriter:
    """Writes one content: into the shared file while it is small, into a file of its own from then on."""

    def __init__(self, repository: "OwnFiles") -> None:
        self._repository = repository
        self._buffer: list[bytes] = []
        self._size = 0
        self._checksum = 0
        self._number = 0
        self._descriptor = -1
        self.claim = ContentClaim(0, 0, 0)

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        self._buffer.append(bytes(data))
        self._size += len(self._buffer[-1])
        if self._descriptor >= 0 or self._size >= OWN_FILE_FROM:
            self._spill()
        return len(data)

    def close(self) -> None:
        if self._descriptor < 0:
            if self._size:
                self.claim = self._repository.write(b"".join(self._buffer))
            return
        os.close(self._descriptor)
        self._descriptor = -1
        self.claim = ContentClaim(self._number, 0, self._size, checksum=self._checksum)
        self._repository.keep_own(self.claim)

    def abandon(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self._repository.drop_own(self._number)

    def _spill(self) -> None:
        if self._descriptor < 0:
            self._number, self._descriptor = self._repository.take_own()
        data = memoryview(b"".join(self._buffer))
        self._checksum = crc32(data, self._checksum)
        self._buffer.clear()
        try:
            while data:
                written = self._repository.room.write(
                    self._repository.folder,
                    lambda: os.write(self._descriptor, data),  # noqa: B023 called at once
                )
                data = data[written:]
        except RepositoryError:
            self.abandon()
            raise


class ClaimStream(RawIOBase):
    """The bytes of a claim as a raw stream. Whoever reads them in order, to the end, gets RepositoryError if they are
    not those that were written."""

    def __init__(self, path: Path, claim: ContentClaim) -> None:
        self._descriptor = open_for_reading(path)
        self._path = path
        self._claim = claim
        self._start = claim.offset
        self._position = 0
        self._length = claim.length
        self._checked = 0
        self._checksum = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        base = (0, self._position, self._length)[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        wanted = min(len(buffer), self._length - self._position)
        if wanted <= 0:
            return 0
        data = read_at(self._path, self._descriptor, wanted, self._start + self._position)
        buffer[: len(data)] = data
        if self._position == self._checked:
            self._check(data)
        self._position += len(data)
        return len(data)

    def _check(self, data: bytes) -> None:
        self._checksum = crc32(data, self._checksum)
        self._checked += len(data)
        if self._checked == self._length and self._claim.checksum not in (0, self._checksum):
            raise damaged(self._path, self._claim)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class Readers:
    """Descriptors of the files that were read last, by number. Not thread-safe: the content repository guards it."""

    def __init__(self, path_of: Callable[[int], Path]) -> None:
        self._path_of = path_of
        self._descriptors: dict[int, int] = {}

    def descriptor(self, number: int) -> int:
        """To read that file with. Raises RepositoryError if there is none."""
        descriptor = self._descriptors.get(number)
        if descriptor is None:
            if len(self._descriptors) >= MOST_READERS:
                self.close(next(iter(self._descriptors)))
            descriptor = self._descriptors[number] = open_for_reading(self._path_of(number))
        return descriptor

    def read(self, claim: ContentClaim) -> bytes:
        """The claim's bytes. Raises RepositoryError if they are not there, or are not those that were written."""
        path, descriptor = self._path_of(claim.file), self.descriptor(claim.file)
        data = read_at(path, descriptor, claim.length, claim.offset)
        while 0 < len(data) < claim.length:  # one call gives 2 GB at most
            more = read_at(path, descriptor, claim.length - len(data), claim.offset + len(data))
            if not more:
                break
            data += more
        check(path, claim, data)
        return data

    def close(self, number: int) -> None:
        """Let go of that file, for it is gone, or another by now."""
        descriptor = self._descriptors.pop(number, -1)
        if descriptor >= 0:
            os.close(descriptor)

    def close_all(self) -> None:
        """Let go of all of them."""
        for number in list(self._descriptors):
            self.close(number)


def is_there(folder: Path, claim: ContentClaim) -> bool:
    """Whether a content that nobody may hold any more is still there, whole: its file may be gone, or hold less."""
    try:
        descriptor = os.open(folder / content_name(claim.file), os.O_RDONLY)
    except OSError:
        return False
    try:
        end = claim.offset + claim.length
        if os.fstat(descriptor).st_size < end:
            return False
        return not hasattr(os, "SEEK_HOLE") or os.lseek(descriptor, claim.offset, os.SEEK_HOLE) >= end
    except OSError:
        return False
    finally:
        os.close(descriptor)


def content_name(number: int) -> str:
    """What a content file is called."""
    return f"{number:08x}.content"


def check(path: Path, claim: ContentClaim, data: bytes) -> None:
    """Raises RepositoryError if this is not the content that was written."""
    if len(data) < claim.length:
        raise RepositoryError(f"{path} is too short: content of a flowfile is lost")
    if claim.checksum and crc32(data) != claim.checksum:
        raise damaged(path, claim)


def damaged(path: Path, claim: ContentClaim) -> RepositoryError:
    """What to say of a content that does not match its checksum."""
    end = claim.offset + claim.length
    return RepositoryError(
        f"{path} is damaged between bytes {claim.offset} and {end}: a content does not match its checksum. Nothing was "
        "changed; restore the state directory from a backup, or drop the flowfile with 'flowrun queue purge'"
    )


def read_at(path: Path, descriptor: int, length: int, offset: int) -> bytes:
    """So many bytes, or less at the end of the file. Raises RepositoryError if the disk fails."""
    try:
        return os.pread(descriptor, length, offset)
    except OSError as error:
        raise RepositoryError(f"{path} can't be read: {error.strerror}") from error


def open_for_reading(path: Path) -> int:
    """A descriptor of a claim file. Raises RepositoryError if there is none."""
    try:
        return os.open(path, os.O_RDONLY)
    except FileNotFoundError as error:
        if not path.parent.is_dir():
            raise gone(path.parent) from error
        raise RepositoryError(f"{path} is missing: content of a flowfile is lost") from error
    except OSError as error:
        raise RepositoryError(f"{path} can't be read: {error.strerror}") from error
