"""The order within each rank: so that few ways cross. Barycentre method of Sugiyama, Tagawa and Toda (1981)."""

from collections.abc import Iterable, Mapping, Sequence

from flowrun.drawing.lattice import Lattice, Link, Stop, sweeps

_MOST_SWEEPS = 12

Neighbours = Mapping[Stop, Sequence[Stop]]


def order(lattice: Lattice) -> None:
    """Reorder the ranks in place; the best order of several sweeps is kept."""
    links = lattice.links()
    before = _neighbours((link.after, link.before) for link in links)
    after = _neighbours((link.before, link.after) for link in links)
    by_rank = _links_by_rank(lattice, links)
    best, fewest = [list(rank) for rank in lattice.ranks], _crossings(lattice, by_rank)
    for sweep in range(sweeps(len(before), _MOST_SWEEPS)):
        if not fewest:
            break
        forward = sweep % 2 == 0
        places = _places(lattice)
        for rank in lattice.ranks if forward else reversed(lattice.ranks):
            _sort(rank, places, before if forward else after)
        found = _crossings(lattice, by_rank)
        if found < fewest:
            best, fewest = [list(rank) for rank in lattice.ranks], found
    lattice.ranks[:] = best
    places = _places(lattice)
    for rank in lattice.ranks:
        _sort(rank, places, {})


def _neighbours(pairs: Iterable[tuple[Stop, Stop]]) -> Neighbours:
    neighbours: dict[Stop, list[Stop]] = {}
    for stop, other in pairs:
        neighbours.setdefault(stop, []).append(other)
    return neighbours


def _places(lattice: Lattice) -> dict[Stop, float]:
    return {stop: float(place) for rank in lattice.ranks for place, stop in enumerate(rank)}


def _sort(rank: list[Stop], places: dict[Stop, float], neighbours: Neighbours) -> None:
    """Each stop as its neighbours stand on average; a way back right beneath the processor that it belongs to."""
    wanted: dict[Stop, float] = {}
    for stop in rank:
        others = neighbours.get(stop, ())
        wanted[stop] = sum(places[other] for other in others) / len(others) if others else places[stop]
    keys = {stop: (wanted[stop.beside or stop], places[stop.beside or stop], stop.beside is not None) for stop in rank}
    rank.sort(key=keys.__getitem__)
    places.update((stop, float(place)) for place, stop in enumerate(rank))


def _links_by_rank(lattice: Lattice, links: Iterable[Link]) -> list[list[Link]]:
    by_rank: list[list[Link]] = [[] for _ in lattice.ranks]
    for link in links:
        by_rank[link.before.rank].append(link)
    return by_rank


def _crossings(lattice: Lattice, by_rank: Iterable[list[Link]]) -> int:
    """How many pairs of links cross: inversions, counted with a binary indexed tree."""
    places = {stop: place for rank in lattice.ranks for place, stop in enumerate(rank)}
    crossings = 0
    for links in by_rank:
        ends = sorted((places[link.before], places[link.after]) for link in links)
        tree = [0] * (max((end for _, end in ends), default=0) + 2)
        for count, (_, end) in enumerate(ends):
            position, not_above = end + 1, 0
            while position:
                not_above += tree[position]
                position -= position & -position
            crossings += count - not_above
            position = end + 1
            while position < len(tree):
                tree[position] += 1
                position += position & -position
    return crossings
