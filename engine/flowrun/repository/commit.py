"""All that one session did, as one frozen value: true as a whole, or not at all."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from flowrun.flowfile import ContentClaim, FlowFile, Placement


class EventType(StrEnum):
    """What happened to a flowfile (NiFi's `ProvenanceEventType`; ROLLBACK is our own: its work was undone)."""

    CREATE = "CREATE"
    RECEIVE = "RECEIVE"
    FETCH = "FETCH"
    SEND = "SEND"
    CLONE = "CLONE"
    FORK = "FORK"
    JOIN = "JOIN"
    CONTENT_MODIFIED = "CONTENT_MODIFIED"
    ATTRIBUTES_MODIFIED = "ATTRIBUTES_MODIFIED"
    ROUTE = "ROUTE"
    DROP = "DROP"
    EXPIRE = "EXPIRE"
    REPLAY = "REPLAY"
    ROLLBACK = "ROLLBACK"


class Event(Struct, frozen=True, gc=False, array_like=True, omit_defaults=True):
    """One provenance event. What the rest of the commit says (routes, drops, attributes) is not said twice.

    `others` are ids of the flowfiles that this one comes from: the parents of a FORK, JOIN or CLONE.
    """

    type: EventType
    flowfile: int
    details: str = ""
    others: tuple[int, ...] = ()


class StateChange(Struct, frozen=True, array_like=True):
    """The whole new state of one processor."""

    processor: str
    values: Mapping[str, str]


class Commit(Struct, frozen=True):
    """What one session did.

    `taken` are the ids of flowfiles that left a queue, `placed` those that joined one: a flowfile that was taken and
    is not placed is gone. `changes` gives for a placed flowfile that lived before the attributes that are new or
    different (None: removed). `passes_on` says that those that were taken are those that are placed, in this order,
    each with the content it had; and `queue`, if it is said, that all of them are now in that one and nothing else is
    special about them. `content` are the claims that the session wrote, held by somebody else from now on,
    or by nobody. `moment` is when, in seconds since the epoch.

    The rest is there for history only. `author` is the processor whose work it is (empty: somebody outside the flow),
    `ways` gives by relationship the flowfiles that left by it, where their queue does not say so, `ended` are those
    that were changed or made here and are not placed, as they were in the end, and `returned` gives by reason
    the flowfiles whose work was undone.
    """

    moment: float
    taken: tuple[int, ...] = ()
    placed: tuple[Placement, ...] = ()
    changes: Mapping[int, Mapping[str, str | None]] = {}
    content: tuple[ContentClaim, ...] = ()
    events: tuple[Event, ...] = ()
    state: tuple[StateChange, ...] = ()
    passes_on: bool = False
    queue: str = ""
    author: str = ""
    ways: Mapping[str, Sequence[int]] = {}
    ended: tuple[FlowFile, ...] = ()
    returned: Mapping[str, Sequence[int]] = {}

    def gone(self) -> list[int]:
        """The ids of flowfiles that were taken and not placed again."""
        if self.passes_on:
            return []
        placed = {placement.flowfile.id for placement in self.placed}
        return [flowfile_id for flowfile_id in self.taken if flowfile_id not in placed]
