"""The content repository: bytes, written once, read often, and let go when no claim on them is held."""

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from flowrun.flowfile import ContentClaim


class ContentWriter(Protocol):
    """A stream to write one content to; `claim` is known once it is closed."""

    claim: ContentClaim

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        """Add to the content."""

    def close(self) -> None:
        """Finish the content."""

    def abandon(self) -> None:
        """Give it up; nothing of it is kept."""


class ContentRepository(Protocol):
    """Where contents lie. Every method may be called from any thread.

    What `write` and `open_write` return is held for the writer until it is let go with `release`; a commit that
    places flowfiles holds their claims from then on.
    """

    def write(self, data: bytes) -> ContentClaim:
        """Keep a small content."""

    def open_write(self) -> ContentWriter:
        """A stream for content of any size."""

    def read(self, claim: ContentClaim) -> bytes:
        """All bytes of the claim. Raises RepositoryError if they are missing."""

    def open(self, claim: ContentClaim) -> BinaryIO:
        """A stream over the claim's bytes, to be closed by the caller. Raises RepositoryError if they are missing."""

    def release(self, claims: Iterable[ContentClaim]) -> None:
        """Let go of what a session wrote."""
