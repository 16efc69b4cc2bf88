"""Decompression of gzip bodies in pieces of bounded size, so that a small body can't fill the memory."""

import zlib
from collections.abc import Iterator
from typing import Final

from flowrun_processors.http_client.body import PIECE
from flowrun_processors.http_client.request_error import IO, RequestError

_GZIP: Final = 16 + zlib.MAX_WBITS


def gunzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What the pieces, all together, hold when decompressed; several gzip members in a row are one body.

    Raises RequestError if they are no gzip, or end too early. No bytes at all are an empty body.
    """
    decompressor = zlib.decompressobj(_GZIP)
    begun = False
    for piece in pieces:
        data = piece
        while data:
            if decompressor.eof:
                decompressor = zlib.decompressobj(_GZIP)
            begun = True
            try:
                decompressed = decompressor.decompress(data, PIECE)
            except zlib.error as error:
                raise RequestError(IO, "the answer says that it is gzip, and is not") from error
            if decompressed:
                yield decompressed
            data = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
    if begun and not decompressor.eof:
        yield from _rest(decompressor)


def _rest(decompressor: "zlib._Decompress") -> Iterator[bytes]:
    """What the decompressor still holds when no more comes: output that did not fit into the last piece."""
    while decompressed := decompressor.decompress(b"", PIECE):
        yield decompressed
    if not decompressor.eof:
        raise RequestError(IO, "the answer was cut short: its gzip content has no end")
