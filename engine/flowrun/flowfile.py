"""The datum: a frozen flowfile, and the claim that says where its content lies.

Attributes are text to text. The content is never on the flowfile: it is read and written through the session.
"""

import os
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from flowrun.errors import SessionError

CORE_ATTRIBUTES = ("uuid", "filename", "path")
NOT_INHERITED = ("uuid", "alternate.identifier", "discard.reason")
"""Attributes that a child does not take over from its parent (NiFi's `StandardProcessSession.create`)."""


class ContentClaim(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """A stretch of one file of the content repository: `length` bytes from `offset`.

    `sensitive` content was written by a processor whose content must not be shown, wherever the claim has gone since.
    `checksum` is the content's CRC-32; 0: it is not known.
    """

    file: int
    offset: int
    length: int
    sensitive: bool = False
    checksum: int = 0


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
    (only those that skip triggers while their flowfiles are still in the flow). Of a dead letter, `cause` says why it
    is one, `attempts` how often it was tried in all, and `came_by` which connection had brought it, or its parent, to
    the processor that gave it up.
    """

    flowfile: FlowFile
    connection: str
    queued_since: float
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[str, ...] = ()
    cause: str = ""
    came_by: str = ""


def total_size(flowfiles: Iterable[FlowFile]) -> int:
    """Bytes of content of all of them."""
    return sum([claim.length for flowfile in flowfiles if (claim := flowfile.content) is not None])


def inherited_attributes(parents: Sequence[FlowFile]) -> dict[str, str]:
    """What a child takes over: the attributes on which all parents agree, but for those that are a flowfile's own."""
    if not parents:
        return {}
    first, *others = parents
    return {
        name: value
        for name, value in first.attributes.items()
        if name not in NOT_INHERITED and all(other.attributes.get(name) == value for other in others)
    }


def plain_bytes(content: bytes | bytearray | memoryview) -> bytes:
    """The content as it is now: what its owner does with it later must not matter. Raises SessionError for text."""
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    raise SessionError(f"content must be bytes, found {type(content).__name__}: text is encoded first")


def plain_texts(values: dict[str, str]) -> dict[str, str]:
    """The mapping with names and values that are `str` itself: what is of another type could not be read again.

    Libraries have texts of types of their own, which become plain. Raises SessionError for what is no text.
    """
    for name, value in values.items():
        if type(name) is not str or type(value) is not str:
            return {_plain(name, "the name"): _plain(text, f"the value of {name!r}") for name, text in values.items()}
    return values


def _plain(text: str, what: str) -> str:
    if not isinstance(text, str):
        raise SessionError(f"{what} must be text, found {type(text).__name__}: use str()")
    return str.__str__(text)


ID_DIGITS = 12
"""The last digits of a uuid are the flowfile's id, in hexadecimal."""


def _uuid_prefix() -> str:
    digits = os.urandom(9).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-a{digits[15:18]}-"


_UUID_FORM = f"{_uuid_prefix()}%0{ID_DIGITS}x"


def new_uuid(flowfile_id: int) -> str:
    """A uuid (version 4 in form): this process chose the first part, the flowfile's id is the last."""
    return _UUID_FORM % flowfile_id
