"""The parts of an SVG picture: lines, labels, cards and the legend."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

from flowrun.drawing.cards import MARK, PADDING, Card
from flowrun.drawing.layout import Box
from flowrun.drawing.lettering import widest, width_of
from flowrun.drawing.picture import DrawnConnection, DrawnProcessor, Picture
from flowrun.drawing.svg_style import SMALL
from flowrun.drawing.ways import Point, Segment, Way

LINE = 14.0
"""Height of a line of a label."""


def draw_way(parent: Element, scope: str, connection: DrawnConnection, way: Way) -> None:
    """The line of a connection, with an arrow's tip."""
    tip = "tip-back" if way.is_back else "tip"
    look = {"class": "back" if way.is_back else "way", "marker-end": f"url(#{scope}-{tip})"}
    path = SubElement(parent, "path", {**look, "d": _commands(way.segments)})
    SubElement(path, "title").text = str(connection)


def draw_label(parent: Element, centre: Point, lines: Sequence[str]) -> None:
    """The relationships, on the line."""
    if not lines:
        return
    width, height = widest(lines, SMALL) + 8.0, LINE * len(lines) + 3.0
    x, y = centre
    corner = {"x": number(x - width / 2), "y": number(y - height / 2), "rx": "3"}
    SubElement(parent, "rect", {"class": "label", **corner, "width": number(width), "height": number(height)})
    for count, line in enumerate(lines):
        draw_text(parent, "faint middle", line, x, y + 4.0 + LINE * (count - (len(lines) - 1) / 2))


def draw_card(parent: Element, processor: DrawnProcessor, card: Card, box: Box) -> None:
    """A processor."""
    group = SubElement(parent, "g", transform=f"translate({number(box.x)} {number(box.y)})")
    SubElement(group, "title").text = " – ".join(filter(None, (processor.name, processor.type, processor.comment)))
    looks = {"card": True, "source": processor.is_source, "off": processor.is_disabled, "missing": processor.is_missing}
    kinds = " ".join(kind for kind, holds in looks.items() if holds)
    size = {"width": number(box.width), "height": number(box.height)}
    SubElement(group, "rect", {"class": kinds, **size, "rx": "7"})
    for row in card.rows:
        if row.kind in ("dead", "ended"):
            _draw_dot(group, row.kind, PADDING + 3.5, row.y - 3.8)
        looks_of_text = {"name": "name ink", "dead": "dead", "ended": "faint", "faint": "faint"}[row.kind]
        indent = MARK if row.kind in ("dead", "ended") else 0.0
        draw_text(group, looks_of_text, row.text, PADDING + indent, row.y)
    if processor.is_source:
        _draw_source_mark(group, box.width - PADDING - 8.0, PADDING + 1.5)


def draw_legend(parent: Element, picture: Picture, has_back: bool, x: float, y: float) -> None:
    """What the marks mean, those that the picture has."""
    for kind, words in _legend(picture, has_back):
        if kind == "source":
            _draw_source_mark(parent, x, y - 4.5)
        elif kind == "back":
            SubElement(parent, "path", {"class": "back", "d": f"M{number(x - 4)} {number(y)}h14"})
        else:
            _draw_dot(parent, kind, x + 3.5, y)
        draw_text(parent, "faint", words, x + MARK + 3.0, y + 3.8)
        x += MARK + width_of(words, SMALL) + 22.0


def draw_text(parent: Element, kind: str, text: str, x: float, y: float) -> None:
    """One line; `y` is its base."""
    if text:
        SubElement(parent, "text", {"class": kind, "x": number(x), "y": number(y)}).text = text


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _legend(picture: Picture, has_back: bool) -> Iterator[tuple[str, str]]:
    if any(drawn.is_source for drawn in picture.processors):
        yield "source", "source"
    if any(drawn.dead_letters for drawn in picture.processors):
        yield "dead", "dead letter: kept for a person"
    if any(drawn.ended for drawn in picture.processors):
        yield "ended", "ends here"
    if has_back:
        yield "back", "leads back"


def _draw_dot(parent: Element, kind: str, x: float, y: float) -> None:
    kinds = "dead" if kind == "dead" else "dot"
    SubElement(parent, "circle", {"class": kinds, "cx": number(x), "cy": number(y), "r": "3"})


def _draw_source_mark(parent: Element, x: float, y: float) -> None:
    SubElement(parent, "path", {"class": "mark", "d": f"M{number(x)} {number(y)}l8 4.5-8 4.5z"})


def _commands(segments: Sequence[Segment]) -> str:
    commands = [f"M{_at(segments[0][0])}"]
    for segment in segments:
        commands.append(("L" if len(segment) == 2 else "C") + " ".join(_at(point) for point in segment[1:]))
    return "".join(commands)


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
