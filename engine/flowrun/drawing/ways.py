"""The lines of connections: curves between stops, turns under a processor, and the way from a row's end to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from msgspec import Struct

from flowrun.drawing.lattice import Route, Stop

Point = tuple[float, float]
Segment = tuple[Point, ...]
"""Two points: a straight line; four: a cubic Bézier curve."""

GAP = 26.0
"""Between two ranks."""
_LEAST_TURN, _LARGEST_TURN = 16.0, 30.0
_TIP = 8.0
"""The straight end of a curve, for the arrow's tip."""
_FLAT = 0.05
_TRACK = 9.0
_MARGIN = 14.0
_RADIUS = 8.0
_CIRCLE = 0.4477


class Way(Struct, frozen=True):
    """The line of one edge, in the direction in which flowfiles go, and the centre of its label."""

    segments: list[Segment]
    label: Point
    is_back: bool


@dataclass(slots=True)
class Row:
    """A row of ranks; `places` are the tracks of the ways that go on in the next one."""

    ranks: range
    left: float
    right: float
    bottom: float
    places: Mapping[Stop, int]


@dataclass(slots=True)
class Grid:
    """The rows, and the left and right edge of each rank."""

    rows: list[Row] = field(default_factory=list)
    columns: dict[int, tuple[float, float]] = field(default_factory=dict)
    width: float = 0.0


def margin(crossing: int) -> float:
    """The room that so many ways need beside or beneath a row."""
    return _MARGIN + _TRACK * crossing if crossing else 0.0


def way_of(route: Route, grid: Grid) -> Way:
    """The line of one route, all stops being in their places."""
    start, end = (route.source.y + route.source_port, route.destination.y + route.destination_port)
    segments = _back(route, grid, start, end) if route.is_back else _forward(route, grid, start, end)
    return Way(_joined(segments), (route.stops[0].x, route.stops[0].y), route.is_back)


def _forward(route: Route, grid: Grid, start: float, end: float) -> list[Segment]:
    segments: list[Segment] = []
    point = (grid.columns[route.source.rank][1], start)
    for before, after in zip([route.source, *route.stops], [*route.stops, route.destination], strict=True):
        left, right = grid.columns[after.rank]
        entry = (left, end if after is route.destination else after.y)
        segments += _between(grid, before, point, after, entry)
        point = (right, after.y)
        if after is not route.destination:
            segments.append((entry, point))
    return segments


def _back(route: Route, grid: Grid, start: float, end: float) -> list[Segment]:
    first, last = route.stops[0], route.stops[-1]
    right, left = grid.columns[first.rank][1], grid.columns[last.rank][0]
    segments: list[Segment] = [_turn(right, start, first.y, 1.0)]
    for later, stop in zip([first, *route.stops], route.stops, strict=False):
        if stop is not first:
            entry, exit_ = (grid.columns[stop.rank][1], stop.y), (grid.columns[later.rank][0], later.y)
            segments += [s[::-1] for s in reversed(_between(grid, stop, entry, later, exit_))]
        segments.append(((grid.columns[stop.rank][1], stop.y), (grid.columns[stop.rank][0], stop.y)))
    segments.append(_turn(left, last.y, end, -1.0))
    return segments


def _turn(x: float, start: float, end: float, side: float) -> Segment:
    """Around a processor's corner; larger turns lie outside of smaller ones."""
    reach = x + side * min(_LARGEST_TURN, _LEAST_TURN + abs(start - end) / 8)
    return ((x, start), (reach, start), (reach, end), (x, end))


def _between(grid: Grid, before: Stop, start: Point, after: Stop, end: Point) -> list[Segment]:
    """From the right of one rank to the left of the next, which may be in the next row."""
    row = next(row for row in grid.rows if before.rank in row.ranks)
    if after.rank in row.ranks:
        if abs(start[1] - end[1]) < _FLAT:
            return [(start, end)]
        arrival = (end[0] - _TIP, end[1])
        middle = (start[0] + arrival[0]) / 2
        return [(start, (middle, start[1]), (middle, end[1]), arrival), (arrival, end)]
    count, place = len(row.places), row.places[before]
    right = row.right + _MARGIN + _TRACK * (count - 1 - place)
    level = row.bottom + margin(count) - _TRACK * (place - (count - 1) / 2)
    left = row.left - _MARGIN - _TRACK * place
    return _rounded([start, (right, start[1]), (right, level), (left, level), (left, end[1]), end])


def _joined(segments: list[Segment]) -> list[Segment]:
    """The same line, with level pieces that follow each other as one."""
    joined: list[Segment] = []
    for segment in segments:
        if segment[0] == segment[-1]:
            continue
        is_level = len(segment) == 2 and segment[0][1] == segment[1][1]
        if is_level and joined and len(joined[-1]) == 2 and joined[-1][0][1] == joined[-1][1][1] == segment[0][1]:
            joined[-1] = (joined[-1][0], segment[1])
        else:
            joined.append(segment)
    return joined


def _rounded(corners: list[Point]) -> list[Segment]:
    """Lines along the corners, which are rounded."""
    segments: list[Segment] = []
    point = corners[0]
    for corner, following in pairwise(corners[1:]):
        before, after = _towards(corner, point, _RADIUS), _towards(corner, following, _RADIUS)
        pull = _RADIUS * _CIRCLE
        curve = (before, _towards(corner, before, pull), _towards(corner, after, pull), after)
        segments += [(point, before), curve]
        point = after
    return [*segments, (point, corners[-1])]


def _towards(origin: Point, target: Point, distance: float) -> Point:
    (x, y), (other_x, other_y) = origin, target
    length = max(abs(other_x - x), abs(other_y - y)) or 1.0
    return (x + (other_x - x) / length * distance, y + (other_y - y) / length * distance)
