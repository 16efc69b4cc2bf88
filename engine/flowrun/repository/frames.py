"""Frames: how records lie in a journal file, so that a torn end and a damaged middle can be told apart.

A file starts with 16 bytes: `flowrun`, a zero, the kind (`J`ournal or `S`napshot), three zeros, and the format's
version (4 bytes, little endian). A frame is the payload's length, the CRC-32 of those four bytes, the payload's
CRC-32 (4 bytes each, little endian), and the payload. One frame is written with one call, so that kill -9 leaves it
whole or leaves it out; after a power failure the last frame may be torn, or the file may end in zeros.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from flowrun.errors import RepositoryError

FORMAT_VERSION = 3
"""2: what history tells besides is in the records. 3: snapshots hold tables. Older ones are read, and no more
written."""
WITH_TABLES = 3
_MAGIC = b"flowrun\0"
_FILE_HEADER = struct.Struct("<8s4sI")
_LENGTH = struct.Struct("<I")
_FRAME_HEADER = struct.Struct("<III")
HEADER_SIZE = _FILE_HEADER.size
"""Bytes before the first frame of a file."""


def file_header(kind: bytes) -> bytes:
    """The first bytes of a file of that kind (`b"J"` or `b"S"`)."""
    return _FILE_HEADER.pack(_MAGIC, kind.ljust(4, b"\0"), FORMAT_VERSION)


def frame(payload: bytes | memoryview) -> bytes:
    """The payload with its length and checksums before it."""
    length = _LENGTH.pack(len(payload))
    return b"".join((length, _LENGTH.pack(crc32(length)), _LENGTH.pack(crc32(payload)), payload))


def whole_frames(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Place and payload of each frame of a stretch that begins with one, up to the first that is not whole: it may be
    about to be written."""
    place, size = 0, len(data)
    while (start := place + _FRAME_HEADER.size) <= size:
        length, length_crc, payload_crc = _FRAME_HEADER.unpack_from(data, place)
        payload = data[start : start + length]
        if start + length > size or crc32(data[place : place + 4]) != length_crc or crc32(payload) != payload_crc:
            return
        yield place, payload
        place = start + length


class FrameReader:
    """Reads a file's payloads in order; `end` is where the last whole frame ends that was read, `version` the format.

    Raises RepositoryError, with file and offset, for a damaged frame that is not the torn end.
    """

    def __init__(self, file: Path, kind: bytes) -> None:
        self.file = file
        self.end = _FILE_HEADER.size
        self.version = FORMAT_VERSION
        self._data = memoryview(_read(file))
        self._size = len(self._data)
        self._check_header(kind)

    def __iter__(self) -> Iterator[memoryview]:
        data, size = self._data, len(self._data)
        while self.end < size:
            start = self.end + _FRAME_HEADER.size
            if start > size:
                return
            length, length_crc, payload_crc = _FRAME_HEADER.unpack_from(data, self.end)
            if crc32(data[self.end : self.end + 4]) != length_crc:
                if any(data[start:]):
                    raise self._damaged("the length of a record does not match its checksum")
                return
            if start + length > size:
                return
            payload = data[start : start + length]
            if crc32(payload) != payload_crc:
                if any(data[start + length :]):
                    raise self._damaged("a record does not match its checksum")
                return
            yield payload
            self.end = start + length

    @property
    def torn(self) -> int:
        """How many bytes follow the last whole frame that was read."""
        return self._size - self.end

    def _check_header(self, kind: bytes) -> None:
        if self._was_never_begun(kind):
            self.end, self._data = 0, memoryview(b"")
            return
        if self._size < _FILE_HEADER.size or bytes(self._data[:9]) != _MAGIC + kind:
            raise RepositoryError(f"{self.file} is damaged: it does not begin as a file of flowrun does")
        self.version = _FILE_HEADER.unpack_from(self._data)[2]
        if self.version > FORMAT_VERSION:
            raise RepositoryError(
                f"{self.file} was written by a newer flowrun (format {self.version}, this one knows up to "
                f"{FORMAT_VERSION}): use that version, or another state directory"
            )

    def _was_never_begun(self, kind: bytes) -> bool:
        """Whether a part of the header is all there is, with nothing or zeros behind it."""
        header, found = file_header(kind), bytes(self._data[: _FILE_HEADER.size])
        if found == header or any(self._data[_FILE_HEADER.size :]):
            return False
        return header.startswith(found.rstrip(b"\0"))

    def _damaged(self, what: str) -> RepositoryError:
        return RepositoryError(
            f"{self.file} is damaged at byte {self.end}: {what}. Nothing was changed; restore the state directory "
            "from a backup, or move it away to start without its flowfiles"
        )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RepositoryError(f"{file} can't be read: {error.strerror}") from error
