"""A layered layout, left to right, in rows: where each processor stands, and which way each connection takes.

The steps, one module each: break loops (`cycles`), find layers (`layers`), give each way a place in every rank that it
passes (`lattice`), order the ranks (`ordering`), choose ports and heights, break long flows into `rows`, draw `ways`.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from flowrun.drawing.coordinates import set_heights
from flowrun.drawing.cycles import Edge
from flowrun.drawing.lattice import Lattice, Size, lattice_of
from flowrun.drawing.ordering import order
from flowrun.drawing.ports import give_ports
from flowrun.drawing.rows import rows_of
from flowrun.drawing.ways import GAP, Grid, Row, Way, margin, way_of

_WIDEST = 1240.0
_BETWEEN_PARTS = 40.0


class Box(Struct, frozen=True):
    """Where a processor stands: its upper left corner, and its size."""

    x: float
    y: float
    width: float
    height: float


class Layout(Struct, frozen=True):
    """Processors by name, and the way of each edge in the order in which they were given."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    ways: Sequence[Way]


def lay_out(boxes: Mapping[str, Size], edges: Sequence[Edge], labels: Sequence[Size]) -> Layout:
    """Lay out a graph from the size of each processor and of each edge's label; unconnected parts stand below."""
    placed: dict[str, Box] = {}
    ways: dict[int, Way] = {}
    width, height = 0.0, 0.0
    for names, numbers in _parts(list(boxes), edges):
        top = height + _BETWEEN_PARTS if height else 0.0
        chosen = {name: boxes[name] for name in names}
        part = _lay_out_part(chosen, [edges[n] for n in numbers], [labels[n] for n in numbers], top)
        placed |= part.boxes
        ways |= dict(zip(numbers, part.ways, strict=True))
        width, height = max(width, part.width), part.height
    return Layout(width, height, placed, [ways[number] for number in range(len(edges))])


def _lay_out_part(boxes: Mapping[str, Size], edges: Sequence[Edge], labels: Sequence[Size], top: float) -> Layout:
    lattice = lattice_of(boxes, edges, labels)
    order(lattice)
    give_ports(lattice)
    grid = _grid(lattice, top)
    ways = [way_of(route, grid) for route in sorted(lattice.routes, key=lambda route: route.edge)]
    placed = {
        stop.name: Box(stop.x - stop.width / 2, stop.y - stop.height / 2, stop.width, stop.height)
        for rank in lattice.ranks
        for stop in rank
        if stop.name is not None
    }
    return Layout(grid.width, grid.rows[-1].bottom, placed, ways)


def _grid(lattice: Lattice, top: float) -> Grid:
    """Give every stop its final place."""
    widths = [max((stop.width for stop in rank), default=0.0) for rank in lattice.ranks]
    links = lattice.links()
    rows = rows_of([width + GAP for width in widths], links, _WIDEST)
    crossing = [len(lattice.ranks[ranks[-1]]) for ranks in rows[:-1]]
    left = margin(max(crossing, default=0))
    grid = Grid()
    for ranks, below in zip(rows, [*crossing, 0], strict=True):
        set_heights([lattice.ranks[rank] for rank in ranks], links)
        x, bottom = left, top
        for rank in ranks:
            grid.columns[rank] = (x, x + widths[rank])
            for stop in lattice.ranks[rank]:
                stop.x, stop.y = x + widths[rank] / 2, stop.y + top
                stop.width = widths[rank] if stop.name is not None else stop.width
                bottom = max(bottom, stop.y + stop.height / 2)
            x += widths[rank] + GAP
        places = {stop: place for place, stop in enumerate(lattice.ranks[ranks[-1]])} if below else {}
        row = Row(ranks, left, x - GAP, bottom, places)
        grid.rows.append(row)
        grid.width = max(grid.width, row.right + margin(below))
        top = bottom + 2 * margin(below)
    return grid


def _parts(names: Sequence[str], edges: Sequence[Edge]) -> list[tuple[list[str], list[int]]]:
    """The connected parts: names and numbers of edges, in the order of the names."""
    beside: dict[str, set[str]] = {name: set() for name in names}
    for source, destination in edges:
        beside[source].add(destination)
        beside[destination].add(source)
    part_of: dict[str, int] = {}
    for name in names:
        waiting = [name] if name not in part_of else []
        number = len(set(part_of.values()))
        while waiting:
            found = waiting.pop()
            if found not in part_of:
                part_of[found] = number
                waiting += beside[found]
    parts: dict[int, tuple[list[str], list[int]]] = {}
    for name in names:
        parts.setdefault(part_of[name], ([], []))[0].append(name)
    for number, (source, _) in enumerate(edges):
        parts[part_of[source]][1].append(number)
    return list(parts.values())
