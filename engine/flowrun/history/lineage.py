"""Who descends from whom: the flowfiles that one was made of, and those that were made of it."""

from collections.abc import Iterator, Set

from msgspec import Struct

from flowrun.history.archive import Archive
from flowrun.history.passage import passages
from flowrun.history.trail import Hop, trails
from flowrun.repository.commit import EventType

MOST_FLOWFILES = 500


class Descent(Struct, frozen=True):
    """One flowfile comes from another: by a FORK, a JOIN, a CLONE or a REPLAY."""

    parent: int
    child: int
    kind: EventType


class Lineage(Struct, frozen=True):
    """The ways of a flowfile, its ancestors and its descendants, oldest first, and who comes from whom.

    `is_cut`: there are more of them.
    """

    flowfile: int
    ways: dict[int, list[Hop]]
    descents: tuple[Descent, ...]
    is_cut: bool = False


def find_lineage(archive: Archive, flowfile_id: int, *, most: int = MOST_FLOWFILES) -> Lineage:
    """The lineage of a flowfile, as far as history knows it."""
    descents: dict[Descent, None] = {}
    known = {flowfile_id}
    for is_up in (True, False):
        level: Set[int] = {flowfile_id}
        while level and len(known) <= most:
            found = list(_descents(archive, level, is_up=is_up))
            descents.update(dict.fromkeys(found))
            level = {descent.parent if is_up else descent.child for descent in found} - known
            known |= level
    is_cut = len(known) > most
    kept = {flowfile_id, *sorted(known)[:most]} if is_cut else known
    ways = {number: hops for number, hops in trails(archive, kept).items() if hops}
    inside = tuple(descent for descent in descents if descent.parent in ways and descent.child in ways)
    return Lineage(flowfile_id, dict(sorted(ways.items())), inside, is_cut)


def _descents(archive: Archive, ids: Set[int], *, is_up: bool) -> Iterator[Descent]:
    """Who the parents of these flowfiles are, or their children."""
    for stretch in archive.about(ids):
        for place, record in archive.records(stretch):
            related = [event for event in record.events if event.others]
            if is_up:
                related = [event for event in related if event.flowfile in ids]
            else:
                related = [event for event in related if not ids.isdisjoint(event.others)]
            born = {event.flowfile for event in related}
            if not born:
                continue
            real = {p.flowfile for p in passages(place, record, archive.names, born) if p.born is not None}
            for event in related:
                for parent in event.others if event.flowfile in real else ():
                    if is_up or parent in ids:
                        yield Descent(parent, event.flowfile, event.type)
