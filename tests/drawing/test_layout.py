"""Where things stand in a picture: nothing on top of anything else, and every line from its source to its end."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from flowrun.drawing.cycles import back_edges
from flowrun.drawing.layers import layers_of
from flowrun.drawing.layout import Box, Layout, lay_out
from flowrun.drawing.ways import Point, Segment

NAMES = [f"p{number}" for number in range(12)]
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


def laid_out(edges: list[tuple[str, str]], label: tuple[float, float] = (50.0, 17.0)) -> Layout:
    return lay_out(dict.fromkeys(NAMES, (120.0, 60.0)), edges, [label] * len(edges))


def points(segment: Segment) -> list[Point]:
    """Points along a line or a curve."""
    if len(segment) == 2:
        (x0, y0), (x1, y1) = segment
        return [(x0 + (x1 - x0) * t / 8, y0 + (y1 - y0) * t / 8) for t in range(9)]
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = segment
    found = []
    for step in range(9):
        t, u = step / 8, 1 - step / 8
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        found.append(
            (
                sum(w * x for w, x in zip(weights, (x0, x1, x2, x3), strict=True)),
                sum(w * y for w, y in zip(weights, (y0, y1, y2, y3), strict=True)),
            )
        )
    return found


def is_inside(point: Point, box: Box) -> bool:
    return box.x + 1 < point[0] < box.x + box.width - 1 and box.y + 1 < point[1] < box.y + box.height - 1


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_no_processor_stands_on_another(edges: list[tuple[str, str]]) -> None:
    for one, other in combinations(laid_out(edges).boxes.values(), 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_lines_leave_at_the_right_arrive_at_the_left_and_cross_no_processor(edges: list[tuple[str, str]]) -> None:
    layout = laid_out(edges)

    for (source, destination), way in zip(edges, layout.ways, strict=True):
        start, end = way.segments[0][0], way.segments[-1][-1]
        assert start[0] == layout.boxes[source].x + layout.boxes[source].width
        assert end[0] == layout.boxes[destination].x
        assert all(one[-1] == other[0] for one, other in pairwise(way.segments))
        crossed = [
            name
            for name, box in layout.boxes.items()
            if any(is_inside(point, box) for segment in way.segments for point in points(segment))
        ]
        assert crossed == []


@given(EDGES)
@settings(max_examples=60, deadline=None)
def test_no_label_lies_on_a_processor_or_on_another_label(edges: list[tuple[str, str]]) -> None:
    layout = laid_out(edges)
    labels = [Box(way.label[0] - 25, way.label[1] - 8.5, 50, 17) for way in layout.ways]

    for label, other in combinations([*labels, *layout.boxes.values()], 2):
        if label in labels:
            assert (
                label.x + label.width <= other.x + 0.01
                or other.x + other.width <= label.x + 0.01
                or label.y + label.height <= other.y + 0.01
                or other.y + other.height <= label.y + 0.01
            )


@given(EDGES)
def test_without_its_back_edges_a_graph_has_layers(edges: list[tuple[str, str]]) -> None:
    back = back_edges(NAMES, edges)
    forward = [edge for number, edge in enumerate(edges) if number not in back]
    layers = layers_of(NAMES, forward)

    assert all(layers[source] < layers[destination] for source, destination in forward)
    assert min(layers.values()) == 0


def test_a_chain_is_straight() -> None:
    layout = laid_out(list(pairwise(NAMES[:5])))

    assert len({layout.boxes[name].y for name in NAMES[:5]}) == 1
    assert [layout.boxes[name].x for name in NAMES[:5]] == sorted(layout.boxes[name].x for name in NAMES[:5])


def test_a_long_chain_goes_on_in_a_row_below() -> None:
    layout = laid_out(list(pairwise(NAMES)))

    assert layout.width < 1500
    assert len({box.y for box in layout.boxes.values()}) > 1
    assert layout.boxes["p11"].y > layout.boxes["p0"].y


def test_a_source_that_joins_late_stands_beside_what_it_feeds() -> None:
    layout = laid_out([("p0", "p1"), ("p1", "p2"), ("p2", "p3"), ("p9", "p3")])

    assert layout.boxes["p9"].x == layout.boxes["p2"].x


def test_only_a_way_that_closes_a_loop_leads_back() -> None:
    layout = laid_out([("p0", "p1"), ("p1", "p2"), ("p2", "p0"), ("p1", "p1")])

    assert [way.is_back for way in layout.ways] == [False, False, True, True]


def test_unconnected_parts_stand_below_each_other() -> None:
    layout = laid_out([("p0", "p1"), ("p2", "p3")])

    assert layout.boxes["p2"].y >= layout.boxes["p0"].y + 60
    assert layout.boxes["p0"].x == layout.boxes["p2"].x
