"""The datum: a frozen flowfile, and the claim that says where its content lies.

Attributes are text to text. The content is never on the flowfile: it is read and written through the session.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

CORE_ATTRIBUTES = ("uuid", "filename", "path")
NOT_INHERITED = ("uuid", "alternate.identifier", "discard.reason")
"""Attributes that a child does not take over from its parent (NiFi's `StandardProcessSession.create`)."""


class ContentClaim(Struct, frozen=True, gc=False, array_like=True):
    """A stretch of one file of the content repository: `length` bytes from `offset`."""

    file: int
    offset: int
    length: int


class FlowFile(Struct, frozen=True, gc=False):
    """One piece of data on its way: attributes, and a claim on content. A change gives a new flowfile, same `id`.

    `id` is unique in a state directory and never used again; `entry_date` is when it came to be, `lineage_start` when
    the oldest of its ancestors did (seconds since the epoch).
    """

    id: int
    attributes: Mapping[str, str]
    content: ContentClaim | None = None
    entry_date: float = 0.0
    lineage_start: float = 0.0

    @property
    def size(self) -> int:
        """Bytes of content."""
        return self.content.length if self.content is not None else 0

    @property
    def uuid(self) -> str:
        """The core attribute `uuid`."""
        return self.attributes["uuid"]

    @property
    def filename(self) -> str:
        """The core attribute `filename`; the uuid where it was removed."""
        return self.attributes.get("filename") or self.uuid


class Placement(Struct, frozen=True, gc=False):
    """A flowfile in a queue.

    `connection` is the connection's identity, `queued_since` and `penalized_until` are seconds since the epoch,
    `attempts` counts how often the destination tried it and retried, `origins` names the sources it descends from
    (only those that skip triggers while their flowfiles are still in the flow), `cause` says why it is a dead letter.
    """

    flowfile: FlowFile
    connection: str
    queued_since: float
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[str, ...] = ()
    cause: str = ""

    def __rich_repr__(self) -> Any:
        yield self.flowfile.id
        yield self.connection
