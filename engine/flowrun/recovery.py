"""From what a repository recovered to the queues: each flowfile where it was, in the order in which they came there."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from flowrun.connection import Connection
from flowrun.flowfile import Placement, total_size
from flowrun.graph import FlowGraph
from flowrun.orphans import orphaned_connection
from flowrun.repository.collector import collector_paused
from flowrun.repository.swap import Swapped, SwapSpace

_ID = attrgetter("flowfile.id")
_MOMENT = attrgetter("queued_since")
_NOTHING: Mapping[str, list[Swapped]] = {}


def fill(
    graph: FlowGraph, placements: Iterable[Placement], now: float, *, swap: SwapSpace | None = None
) -> dict[str, Connection]:
    """Put recovered flowfiles into the flow's queues; `swap` has some of long queues already, and takes more.

    Gives the orphaned connections by identity: those that hold flowfiles and that the flow has no more. Raises
    RepositoryError.
    """
    by_connection: dict[str, list[Placement]] = {}
    for placement in placements:
        by_connection.setdefault(placement.connection, []).append(placement)
    pieces = swap.recovered if swap is not None else _NOTHING
    queues = graph.queues
    orphaned: dict[str, Connection] = {}
    for identity in (*by_connection, *(identity for identity in pieces if identity not in by_connection)):
        if identity not in queues:
            queues[identity] = orphaned[identity] = orphaned_connection(identity)
    with collector_paused():
        for identity, queue in queues.items():
            queue.overflow.swap = swap
            _fill(queue, by_connection.get(identity, []), pieces.get(identity, []), now)
    return orphaned


def _fill(queue: Connection, found: list[Placement], pieces: Sequence[Swapped], now: float) -> None:
    swap = queue.overflow.swap
    if pieces and swap is not None and queue.is_prioritized:
        found += [placement for piece in pieces for placement in swap.take(piece)]
        pieces = ()
    _sort(found)
    waiting = [placement for placement in found if placement.penalized_until <= now]
    if len(waiting) < len(found):
        queue.put([placement for placement in found if placement.penalized_until > now], now)
    if not pieces:
        queue.put(waiting, now, penalized=False)
        return
    count = len(waiting) + sum(map(len, pieces))
    size = total_size([placement.flowfile for placement in waiting]) + sum(piece.size for piece in pieces)
    for part in _in_order(queue, waiting, pieces):
        queue.overflow.append(part)
    queue.joined(count, size, queue.overflow.oldest)


def _in_order(
    queue: Connection, waiting: list[Placement], pieces: Sequence[Swapped]
) -> Iterator[Swapped | list[Placement]]:
    """What is in memory, and the pieces that are not, one behind the other; pieces that overlap are taken in."""
    swap = queue.overflow.swap
    assert swap is not None
    apart: list[Swapped] = []
    last = (-math.inf, 0)
    for piece in sorted(pieces, key=lambda piece: piece.first):
        if piece.first > last:
            apart.append(piece)
        else:
            waiting += swap.take(piece)
        last = max(last, piece.last)
    _sort(waiting)
    place = 0
    for piece in apart:
        begin, end = _until(waiting, place, piece.first), _until(waiting, place, piece.last)
        yield waiting[place:begin]
        place = end
        if begin == end:
            yield piece
        else:
            mixed = waiting[begin:end] + swap.take(piece)
            _sort(mixed)
            yield mixed
    yield waiting[place:]


def _until(waiting: list[Placement], place: int, key: tuple[float, int]) -> int:
    """The first place, from `place` on, of what comes after that moment and id."""
    while place < len(waiting) and (waiting[place].queued_since, waiting[place].flowfile.id) <= key:
        place += 1
    return place


def _sort(placements: list[Placement]) -> None:
    placements.sort(key=_ID)
    placements.sort(key=_MOMENT)
