"""The way of one flowfile: what it was before and after each commit that had to do with it."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from flowrun.flowfile import ContentClaim, FlowFile
from flowrun.history.archive import Archive
from flowrun.history.passage import Passage, passages


class Hop(Struct, frozen=True):
    """One step of a flowfile's way, with what it was before and after.

    `before` is None for what it came to be by this step, and where the history that told it has been dropped. `came_by`
    is the queue in which it waited since `waited_since`, to be tried `tried` times before; empty and None: not known.
    """

    passage: Passage
    before: FlowFile | None
    after: FlowFile
    came_by: str = ""
    waited_since: float | None = None
    tried: int = 0

    @property
    def changes(self) -> Mapping[str, tuple[str | None, str | None]]:
        """The attributes that became different: old and new value, None for none."""
        old = self.before.attributes if self.before is not None else {}
        if self.before is None and self.passage.born is None:
            return {name: (None, value) for name, value in self.passage.changes.items()}
        new = self.after.attributes
        names = dict.fromkeys((*old, *new))
        return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}

    @property
    def content_changed(self) -> bool:
        """Whether the content is another than before."""
        return not isinstance(self.passage.content, bool) and self.passage.born is None


class Queued(Struct, frozen=True):
    """A flowfile that waits: where, since when, and how often it was tried."""

    flowfile: FlowFile
    connection: str
    since: float
    attempts: int


def find_trail(archive: Archive, flowfile_id: int) -> list[Hop]:
    """The steps of that flowfile's way, oldest first; none if history does not know it."""
    return trails(archive, (flowfile_id,))[flowfile_id]


def trails(archive: Archive, ids: Iterable[int]) -> dict[int, list[Hop]]:
    """The ways of several flowfiles."""
    wanted = set(ids)
    found: dict[int, list[Passage]] = {flowfile_id: [] for flowfile_id in wanted}
    missing = set(wanted)
    for stretch in archive.about(wanted):
        part = [
            p for place, record in archive.records(stretch) for p in passages(place, record, archive.names, missing)
        ]
        for passage in reversed(part):
            found[passage.flowfile].append(passage)
        missing -= {passage.flowfile for passage in part if passage.born is not None}
        if not missing:
            break
    return {i: list(_hops(archive, sorted(found[i], key=lambda p: p.place))) for i in found}


def _hops(archive: Archive, steps: list[Passage]) -> Iterator[Hop]:
    queued = _before_all(archive, steps[0]) if steps and steps[0].born is None else None
    for passage in steps:
        before = queued.flowfile if queued is not None else None
        after = _after(passage, before)
        if queued is None or passage.born is not None:
            yield Hop(passage, before, after)
        else:
            yield Hop(passage, before, after, queued.connection, queued.since, queued.attempts)
        queued = Queued(after, passage.connection, passage.queued_since, passage.attempts)


def _after(passage: Passage, before: FlowFile | None) -> FlowFile:
    if passage.born is not None:
        content = None if isinstance(passage.content, bool) else passage.content
        return FlowFile(passage.flowfile, passage.born, content, passage.entry_date, passage.lineage_start)
    known = before or FlowFile(passage.flowfile, {})
    attributes = known.attributes
    if passage.changes:
        merged = {**attributes, **passage.changes}
        attributes = {name: value for name, value in merged.items() if value is not None}
    new: ContentClaim | None = known.content if isinstance(passage.content, bool) else passage.content
    return FlowFile(known.id, attributes, new, passage.entry_date or known.entry_date, known.lineage_start)


def _before_all(archive: Archive, first: Passage) -> Queued | None:
    """How the flowfile waited when the segment began in which history first knows it."""
    placement = archive.placement_at_begin(first.place.segment, first.flowfile)
    if placement is None:
        return None
    return Queued(placement.flowfile, placement.connection, placement.queued_since, placement.attempts)
