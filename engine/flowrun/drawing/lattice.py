"""The grid on which a picture is laid out: processors in even ranks, labels between them, and the ways through.

An edge becomes a route of stops, one in each rank that it passes, so that nothing lies in its way. A way back runs
beneath its source and its destination, and every rank between them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from flowrun.drawing.cycles import Edge, back_edges
from flowrun.drawing.layers import layers_of

Size = tuple[float, float]
"""Width and height."""

NO_LABEL: Size = (0.0, 0.0)
_WAY_HEIGHT = 6.0
_FEWEST_SWEEPS = 4
_SWEPT_STOPS = 60_000


@dataclass(eq=False, slots=True)
class Stop:
    """A place in a rank: a processor, or a stop of an edge on its way, of which one has the label.

    `x` and `y` are its centre. `beside` is the processor of the same rank beneath which it belongs.
    """

    rank: int
    width: float
    height: float
    name: str | None = None
    beside: "Stop | None" = None
    x: float = 0.0
    y: float = 0.0


@dataclass(eq=False, slots=True)
class Link:
    """Two stops of neighbouring ranks, and how far from their centres they are joined."""

    before: Stop
    after: Stop
    before_port: float = 0.0
    after_port: float = 0.0


@dataclass(eq=False, slots=True)
class Route:
    """The way of one edge: `stops` in the direction in which flowfiles go. Ports are offsets from the centres."""

    edge: int
    source: Stop
    destination: Stop
    stops: list[Stop]
    is_back: bool
    source_port: float = 0.0
    destination_port: float = 0.0


@dataclass(slots=True)
class Lattice:
    """Ranks from left to right, each from top to bottom."""

    ranks: list[list[Stop]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)

    def links(self) -> list[Link]:
        """All pairs of neighbours."""
        links = []
        for route in self.routes:
            if route.is_back:
                stops = route.stops[::-1]
                links += [Link(before, after) for before, after in pairwise(stops)]
                continue
            stops = [route.source, *route.stops, route.destination]
            ways = [Link(before, after) for before, after in pairwise(stops)]
            ways[0].before_port, ways[-1].after_port = route.source_port, route.destination_port
            links += ways
        return links


def lattice_of(boxes: Mapping[str, Size], edges: Sequence[Edge], labels: Sequence[Size]) -> Lattice:
    """The lattice of a graph: the size of each processor by name, edges, and the size of each edge's label."""
    names = list(boxes)
    back = back_edges(names, edges)
    layer = layers_of(names, [edge for number, edge in enumerate(edges) if number not in back])
    lattice = Lattice([[] for _ in range(2 * max(layer.values(), default=0) + 1)])
    processors = {name: Stop(2 * layer[name], *boxes[name], name=name) for name in names}
    order = _walk(names, edges)
    for name in order:
        lattice.ranks[processors[name].rank].append(processors[name])
    for number in sorted(range(len(edges)), key=lambda number: order[edges[number][0]]):
        source, destination = (processors[name] for name in edges[number])
        is_back = number in back
        ranks = _ranks(source.rank, destination.rank, is_back=is_back)
        stops = [Stop(rank, 0.0, _WAY_HEIGHT) for rank in ranks]
        stops[0].width, stops[0].height = labels[number][0], max(labels[number][1], _WAY_HEIGHT)
        if is_back:
            stops[-1].beside, stops[0].beside = destination, source
        for stop in stops:
            lattice.ranks[stop.rank].append(stop)
        lattice.routes.append(Route(number, source, destination, stops, is_back))
    return lattice


def sweeps(stops: int, most: int) -> int:
    """How often so many stops are gone through: at most `most` times, less often where each time takes long."""
    return max(_FEWEST_SWEEPS, min(most, _SWEPT_STOPS // max(stops, 1)))


def _ranks(source: int, destination: int, *, is_back: bool) -> Iterable[int]:
    return range(source, destination - 1, -1) if is_back else range(source + 1, destination)


def _walk(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Names numbered as a reader would follow them: what follows a processor soon after it."""
    leaving: dict[str, list[str]] = {name: [] for name in names}
    entered = {destination for source, destination in edges if source != destination}
    for source, destination in edges:
        leaving[source].append(destination)
    walked: dict[str, int] = {}
    waiting = [*reversed(names), *(name for name in reversed(names) if name not in entered)]
    while waiting:
        name = waiting.pop()
        if name not in walked:
            walked[name] = len(walked)
            waiting += reversed(leaving[name])
    return walked
