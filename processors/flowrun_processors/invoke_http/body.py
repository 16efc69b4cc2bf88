"""Bodies of requests: read in pieces from the content, and again from the start for each time they are sent."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from flowrun import FlowFile, ProcessSession

PIECE: Final = 1 << 16
"""Bytes that are read or written at once."""
_GZIP: Final = 16 + zlib.MAX_WBITS


class Body(Protocol):
    """What a request carries; each iteration begins anew.

    `length` is None where it is not known before it was sent: the body is then chunked.
    """

    @property
    def length(self) -> int | None: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class BytesBody:
    """A body that is at hand."""

    data: bytes = b""

    @property
    def length(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[bytes]:
        if self.data:
            yield self.data


@dataclass(frozen=True, slots=True)
class ContentBody:
    """The content of a flowfile, whatever its size."""

    session: ProcessSession
    flowfile: FlowFile

    @property
    def length(self) -> int:
        return self.flowfile.size

    def __iter__(self) -> Iterator[bytes]:
        if self.flowfile.size <= PIECE:
            yield from BytesBody(self.session.read(self.flowfile))
            return
        with self.session.open(self.flowfile) as stream:
            while piece := stream.read(PIECE):
                yield piece


@dataclass(frozen=True, slots=True)
class ChunkedBody:
    """A body that is sent as if its length were unknown."""

    body: Body

    @property
    def length(self) -> None:
        return None

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.body)


@dataclass(frozen=True, slots=True)
class GzipBody:
    """A body that is compressed on its way."""

    body: Body

    @property
    def length(self) -> None:
        return None

    def __iter__(self) -> Iterator[bytes]:
        compressor = zlib.compressobj(wbits=_GZIP)
        for piece in self.body:
            if compressed := compressor.compress(piece):
                yield compressed
        yield compressor.flush()
