"""A lineage as a picture, and as lines for a terminal."""

import time
from collections.abc import Callable, Iterator

from flowrun.drawing import FORMATS, DrawnConnection, DrawnProcessor, Picture
from flowrun.history.event import BY_A_PERSON, DEAD_LETTERS
from flowrun.history.lineage import Lineage
from flowrun.history.trail import Hop
from flowrun.repository.commit import EventType

MOST_DRAWN = 40
"""So many flowfiles of a lineage are in a picture; more could not be read."""

UuidOf = Callable[[int], str]


def draw_lineage(lineage: Lineage, form: str, uuid_of: UuidOf) -> str:
    """The lineage in a format of pictures: each flowfile at each processor where it was, and its way from there."""
    if form == "text":
        return "\n".join(_lines(lineage, uuid_of)) + "\n"
    return FORMATS[form](_Drawing(lineage, uuid_of).picture())


def _lines(lineage: Lineage, uuid_of: UuidOf) -> Iterator[str]:
    for flowfile_id, hops in lineage.ways.items():
        mark = "▶" if flowfile_id == lineage.flowfile else " "
        yield f"{mark} {uuid_of(flowfile_id)}"
        for descent in lineage.descents:
            if descent.child == flowfile_id:
                yield f"    {descent.kind.value.lower()} of {uuid_of(descent.parent)}"
        yield f"    {_way(hops)}"
    if lineage.is_cut:
        yield "… and more: only so many flowfiles of a lineage are followed"


def _way(hops: list[Hop]) -> str:
    """`gen ── success ──▶ save ── success ──■ ended`."""
    parts: list[str] = []
    for hop in hops:
        passage = hop.passage
        name = passage.author or BY_A_PERSON
        if passage.reason:
            parts.append(f"{name} ↺")
        elif passage.connection.endswith(DEAD_LETTERS):
            parts.append(f"{name} ── {passage.relationship} ──✕ dead letter")
        elif passage.connection:
            parts.append(f"{name} ── {passage.relationship} ──▶" if passage.relationship else f"{name} ──▶")
        else:
            end = _end(hop)
            parts.append(f"{name} ── {end} ──■ ended")
    last = hops[-1].passage.connection
    if last and not last.endswith(DEAD_LETTERS):
        parts.append(f"waits for {last.rpartition(' --> ')[2]}")
    return " ".join(parts)


def _end(hop: Hop) -> str:
    if any(event.type is EventType.EXPIRE for event in hop.passage.events):
        return "expired"
    return hop.passage.relationship or "removed"


class _Drawing:
    """Makes a picture whose cards are a flowfile at a processor, in the order of time."""

    def __init__(self, lineage: Lineage, uuid_of: UuidOf) -> None:
        self._lineage = lineage
        self._uuid_of = uuid_of
        self._cards: dict[str, DrawnProcessor] = {}
        self._arrows: list[DrawnConnection] = []

    def picture(self) -> Picture:
        """The picture, of so many flowfiles as can be read."""
        drawn = dict(list(self._lineage.ways.items())[:MOST_DRAWN])
        births = {flowfile_id: self._draw(flowfile_id, hops) for flowfile_id, hops in drawn.items()}
        for descent in self._lineage.descents:
            if descent.parent in drawn and descent.child in births:
                moment = drawn[descent.child][0].passage.place
                parent = next(
                    (h for h in drawn[descent.parent] if h.passage.place == moment), drawn[descent.parent][-1]
                )
                start = self._name(descent.parent, drawn[descent.parent].index(parent))
                self._arrows.append(DrawnConnection(start, births[descent.child], (descent.kind.value.lower(),)))
        more = len(self._lineage.ways) - len(drawn)
        words = f"the lineage of {self._uuid_of(self._lineage.flowfile)}" + (f", and {more} more" if more else "")
        return Picture("lineage", words, tuple(self._cards.values()), tuple(self._arrows))

    def _draw(self, flowfile_id: int, hops: list[Hop]) -> str:
        """Add a flowfile's cards; gives the name of the first."""
        for number, hop in enumerate(hops):
            passage = hop.passage
            name = self._name(flowfile_id, number)
            is_dead = passage.connection.endswith(DEAD_LETTERS)
            self._cards[name] = DrawnProcessor(
                name,
                time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(passage.moment)),
                ended=() if passage.connection else (_end(hop),),
                dead_letters=(passage.relationship,) if is_dead else (),
                is_source=number == 0,
            )
            if number:
                before = hops[number - 1].passage
                label = (before.relationship,) if before.relationship else ()
                self._arrows.append(DrawnConnection(self._name(flowfile_id, number - 1), name, label))
        return self._name(flowfile_id, 0)

    def _name(self, flowfile_id: int, number: int) -> str:
        passage = self._lineage.ways[flowfile_id][number].passage
        same = [hop for hop in self._lineage.ways[flowfile_id][:number] if hop.passage.author == passage.author]
        again = f" ({len(same) + 1})" if same else ""
        return f"{passage.author or BY_A_PERSON}{again} · {flowfile_id:x}"
