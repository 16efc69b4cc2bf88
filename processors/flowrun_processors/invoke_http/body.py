"""What the body of a request is made of here: the content of a flowfile, in chunks or compressed."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flowrun import FlowFile, ProcessSession
from flowrun_processors.http_client.body import PIECE, Body, BytesBody

_GZIP: Final = 16 + zlib.MAX_WBITS


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
