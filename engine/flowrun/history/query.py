"""Which events a person asks for, and the search for them: the newest first, and no further than needed."""

from collections import deque
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from flowrun.flowfile import ID_DIGITS, FlowFile
from flowrun.history.archive import Archive, Place, Stretch
from flowrun.history.event import DEAD_LETTERS, HistoryEvent, events_of
from flowrun.history.outcome import DEAD_LETTER, Outcome
from flowrun.history.passage import Passage, passages
from flowrun.history.trail import Hop, find_trail, trails

_MOST_FLOWFILES = 200
"""How many flowfiles that had an attribute's value are followed."""


class Query(Struct, frozen=True, kw_only=True):
    """What all events that are asked for have in common; an empty text, and None, ask for nothing.

    `attribute` is a name and the value that the flowfile has by then. `since` and `until` are seconds since the epoch.
    `outcome` is an event type, a relationship by which the flowfile left, or `dead letter`.
    """

    flowfile: str = ""
    attribute: tuple[str, str] | None = None
    processor: str = ""
    since: float | None = None
    until: float | None = None
    outcome: str = ""
    limit: int = 50


def find_hops(archive: Archive, query: Query) -> list[tuple[HistoryEvent, Hop]]:
    """The newest events that fit, oldest first, each with its step and all that the flowfile was then."""
    found = _newest(archive, query)
    if query.flowfile or query.attribute is not None:
        return found
    whole = {
        (hop.passage.flowfile, hop.passage.place): hop
        for way in trails(archive, {hop.passage.flowfile for _, hop in found}).values()
        for hop in way
    }
    return [_in_full(event, hop, whole) for event, hop in found]


def _newest(archive: Archive, query: Query) -> list[tuple[HistoryEvent, Hop]]:
    found: deque[tuple[HistoryEvent, Hop]] = deque()
    for hop in _hops(archive, query):
        for event in reversed([event for event in events_of(hop) if _fits(event, hop, query)]):
            found.appendleft((event, hop))
            if len(found) >= query.limit:
                return list(found)
    return list(found)


def _in_full(event: HistoryEvent, hop: Hop, whole: Mapping[tuple[int, Place], Hop]) -> tuple[HistoryEvent, Hop]:
    known = whole.get((hop.passage.flowfile, hop.passage.place), hop)
    return next((each for each in events_of(known) if each.type is event.type), event), known


def flowfile_id(uuid: str) -> int | None:
    """The id that a uuid holds; None if it is no uuid of a flowfile."""
    digits = uuid.strip().replace("-", "")
    if len(digits) != 32 or not set(digits.lower()) <= set("0123456789abcdef"):
        return None
    return int(digits[-ID_DIGITS:], 16)


def _hops(archive: Archive, query: Query) -> Iterator[Hop]:
    """Steps that may fit, newest first."""
    if query.flowfile:
        found = flowfile_id(query.flowfile)
        yield from reversed(find_trail(archive, found) if found is not None else [])
        return
    if query.attribute is not None:
        yield from _with_attribute(archive, query, *query.attribute)
        return
    author = _number(archive, query.processor)
    outcome = Outcome(query.outcome, archive.names) if query.outcome else None
    for stretch in _stretches(archive, query, author):
        if outcome is not None and stretch.block is not None and not outcome.may_be_in(stretch.block):
            continue
        for passage in reversed(_steps(archive, stretch, author, outcome)):
            if _may_fit(passage, query):
                yield _alone(passage)


def _steps(archive: Archive, stretch: Stretch, author: int | None, outcome: Outcome | None) -> list[Passage]:
    """What a stretch says, but for what can't fit."""
    steps: list[Passage] = []
    for place, record in archive.records(stretch):
        if author is not None and record.author != author:
            continue
        wanted = outcome.flowfiles(record) if outcome is not None else None
        if wanted is None or wanted:
            steps += passages(place, record, archive.names, wanted)
    return steps


def _stretches(archive: Archive, query: Query, author: int | None) -> Iterator[Stretch]:
    for stretch in archive.stretches():
        block = stretch.block
        if block is not None:
            if query.until is not None and block.first > query.until:
                continue
            if query.since is not None and block.last < query.since:
                return
            if author is not None and author not in block.authors:
                continue
        yield stretch


def _with_attribute(archive: Archive, query: Query, name: str, value: str) -> Iterator[Hop]:
    """The ways of the flowfiles that ever got this value, the latest first."""
    ids: dict[int, None] = {}
    needle = msgspec.msgpack.encode(value)
    for stretch in _stretches(archive, query, None):
        if needle not in archive.data(stretch):
            continue
        steps = [p for place, r in archive.records(stretch) for p in passages(place, r, archive.names, None)]
        for passage in reversed(steps):
            if (passage.born or passage.changes).get(name) == value:
                ids[passage.flowfile] = None
        if len(ids) >= min(_MOST_FLOWFILES, query.limit):
            break
    ways = trails(archive, ids)
    hops = [hop for way in ways.values() for hop in way]
    yield from sorted(hops, key=lambda hop: hop.passage.place, reverse=True)


def _alone(passage: Passage) -> Hop:
    """A step without what was before it: whoever asks for many flowfiles sees what became different."""
    known = {name: value for name, value in (passage.born or passage.changes).items() if value is not None}
    content = None if isinstance(passage.content, bool) else passage.content
    return Hop(passage, None, FlowFile(passage.flowfile, known, content, passage.entry_date, passage.lineage_start))


def _may_fit(passage: Passage, query: Query) -> bool:
    if query.processor and passage.author != query.processor:
        return False
    if query.since is not None and passage.moment < query.since:
        return False
    return query.until is None or passage.moment <= query.until


def _fits(event: HistoryEvent, hop: Hop, query: Query) -> bool:
    if not _may_fit(hop.passage, query):
        return False
    if query.attribute is not None and hop.after.attributes.get(query.attribute[0]) != query.attribute[1]:
        return False
    if not query.outcome:
        return True
    if query.outcome.lower() == DEAD_LETTER:
        return event.connection.endswith(DEAD_LETTERS)
    return query.outcome.upper() == event.type.value or query.outcome == event.relationship


def _number(archive: Archive, processor: str) -> int | None:
    if not processor:
        return None
    names = archive.names
    return names.index(processor) if processor in names else -2
