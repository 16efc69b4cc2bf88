"""A provenance event as a person reads it: NiFi's words for the steps of a flowfile's way."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from flowrun import wiring
from flowrun.flowfile import ContentClaim
from flowrun.history.passage import Passage
from flowrun.history.trail import Hop
from flowrun.repository.commit import EventType

_OF_NEW = frozenset((EventType.CREATE, EventType.FORK, EventType.JOIN, EventType.CLONE, EventType.REPLAY))
_ENDS = frozenset((EventType.DROP, EventType.EXPIRE))
_SAID_LATER = _ENDS | {EventType.CONTENT_MODIFIED, EventType.REPLAY}
BY_A_PERSON = "by a person"
DEAD_LETTERS = f" -- {wiring.DEAD_LETTERS}"
"""How the identity of a queue of dead letters ends."""


class HistoryEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event. `changes` are old and new values (None: none); of an event that tells of attributes only.

    `before` and `after` are contents, `details` where it came from, where it went, or why. `others` are flowfiles that
    it was made of, by id.
    """

    moment: float
    type: EventType
    flowfile: int
    processor: str
    relationship: str = ""
    connection: str = ""
    details: str = ""
    changes: Mapping[str, tuple[str | None, str | None]] = {}
    before: ContentClaim | None = None
    after: ContentClaim | None = None
    others: tuple[int, ...] = ()


def events_of(hop: Hop) -> Iterator[HistoryEvent]:
    """The events of one step: what the commit said, and what follows from it, in the order in which it happened.

    As in NiFi, what was received from outside was not created as well.
    """
    passage = hop.passage
    told = {event.type for event in passage.events}
    after = hop.after.content
    for event in passage.events:
        is_said = event.type is EventType.CREATE and EventType.RECEIVE in told
        if event.type not in _SAID_LATER and not is_said:
            yield _event(passage, event.type, details=event.details, after=after, others=event.others)
    if passage.born is not None and told.isdisjoint(_OF_NEW):
        yield _event(passage, EventType.CREATE, after=after)
    if hop.content_changed:
        before = hop.before.content if hop.before is not None else None
        yield _event(passage, EventType.CONTENT_MODIFIED, before=before, after=after)
    if hop.changes and passage.born is None:
        yield _event(passage, EventType.ATTRIBUTES_MODIFIED, changes=hop.changes)
    yield _last(passage, told)


def _last(passage: Passage, told: set[EventType]) -> HistoryEvent:
    """Where the step led."""
    if passage.reason:
        details = f"{passage.reason}; it waits again in '{passage.connection}'"
        return _event(passage, EventType.ROLLBACK, details=details)
    if EventType.REPLAY in told:
        replay = next(event for event in passage.events if event.type is EventType.REPLAY)
        return _event(passage, EventType.REPLAY, details=replay.details or BY_A_PERSON, others=replay.others)
    if passage.connection:
        return _event(passage, EventType.ROUTE, details=passage.cause)
    if EventType.EXPIRE in told:
        return _event(passage, EventType.EXPIRE, details="it had grown too old in its queue")
    details = f"'{passage.relationship}' is auto-terminated" if passage.relationship else "it was removed"
    return _event(passage, EventType.DROP, details=details if passage.author else BY_A_PERSON)


def _event(
    passage: Passage,
    kind: EventType,
    *,
    details: str = "",
    changes: Mapping[str, tuple[str | None, str | None]] | None = None,
    before: ContentClaim | None = None,
    after: ContentClaim | None = None,
    others: tuple[int, ...] = (),
) -> HistoryEvent:
    leaves = kind in (EventType.ROUTE, EventType.DROP, EventType.REPLAY)
    return HistoryEvent(
        moment=passage.moment,
        type=kind,
        flowfile=passage.flowfile,
        processor=passage.author,
        relationship=passage.relationship if leaves else "",
        connection=passage.connection if leaves else "",
        details=details,
        changes=changes or {},
        before=before,
        after=after,
        others=others,
    )
