"""Bodies of requests: read in pieces, and again from the start for each time they are sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

PIECE: Final = 1 << 16
"""Bytes that are read or written at once."""


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
