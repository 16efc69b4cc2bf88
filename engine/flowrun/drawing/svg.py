"""A flow as an SVG picture that stands alone: no script, no font, no file beside it."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from flowrun.drawing.cards import card_of
from flowrun.drawing.lattice import NO_LABEL, Size
from flowrun.drawing.layout import lay_out
from flowrun.drawing.lettering import shortened, widest, wrapped
from flowrun.drawing.picture import Picture
from flowrun.drawing.svg_parts import LINE, draw_card, draw_label, draw_legend, draw_text, draw_way, number
from flowrun.drawing.svg_style import SMALL, TITLE, stylesheet

_BORDER = 24.0
_HEAD = 58.0
_FOOT = 22.0
_NARROWEST = 420.0
_LONGEST_LABEL = 150.0


def svg(picture: Picture) -> str:
    """The picture, with a title and a description for those who listen to it."""
    cards = {processor.name: card_of(processor) for processor in picture.processors}
    labels = [wrapped(connection.relationships, _LONGEST_LABEL, SMALL) for connection in picture.connections]
    layout = lay_out(
        {name: card.size for name, card in cards.items()},
        [(connection.source, connection.destination) for connection in picture.connections],
        [_label_size(lines) for lines in labels],
    )
    width = max(layout.width + 2 * _BORDER, _NARROWEST)
    height = _HEAD + layout.height + _BORDER + _FOOT
    scope = "flow-" + re.sub("[^a-z0-9-]", "-", picture.flow)
    root = _root(picture, scope, width, height)
    drawing = SubElement(root, "g", transform=f"translate({number(_BORDER)} {number(_HEAD)})")
    for connection, way in zip(picture.connections, layout.ways, strict=True):
        draw_way(drawing, scope, connection, way)
    for way, lines in zip(layout.ways, labels, strict=True):
        draw_label(drawing, way.label, lines)
    for processor in picture.processors:
        draw_card(drawing, processor, cards[processor.name], layout.boxes[processor.name])
    draw_legend(root, picture, any(way.is_back for way in layout.ways), _BORDER, height - _FOOT / 2)
    indent(root, space=" ")
    return tostring(root, encoding="unicode") + "\n"


def _root(picture: Picture, scope: str, width: float, height: float) -> Element:
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": scope,
            "role": "img",
            "aria-labelledby": f"{scope}-title {scope}-description",
            "width": number(width),
            "height": number(height),
            "viewBox": f"0 0 {number(width)} {number(height)}",
        },
    )
    SubElement(root, "title", id=f"{scope}-title").text = f"The flow {picture.flow}"
    SubElement(root, "desc", id=f"{scope}-description").text = " ".join(_sentences(picture))
    SubElement(root, "style").text = stylesheet(scope)
    definitions = SubElement(root, "defs")
    for kind in ("tip", "tip-back"):
        shape = {"viewBox": "0 0 8 8", "refX": "7.5", "refY": "4", "markerWidth": "8", "markerHeight": "8"}
        placed = {"id": f"{scope}-{kind}", "orient": "auto", "markerUnits": "userSpaceOnUse"}
        marker = SubElement(definitions, "marker", placed | shape)
        SubElement(marker, "path", {"class": kind, "d": "M0 0.5 8 4 0 7.5Z"})
    SubElement(root, "rect", {"class": "ground", "width": number(width), "height": number(height), "rx": "10"})
    draw_text(root, "title ink", picture.flow, _BORDER, 30.0)
    draw_text(root, "faint", shortened(picture.description, width - 2 * _BORDER, SMALL), _BORDER, 30.0 + TITLE)
    return root


def _sentences(picture: Picture) -> Iterator[str]:
    if picture.description:
        yield picture.description
    processors = [f"{drawn.name} ({drawn.type or 'missing'})" for drawn in picture.processors]
    yield f"Processors: {', '.join(processors)}."
    if picture.connections:
        yield f"Connections: {'; '.join(str(connection) for connection in picture.connections)}."
    dead = [f"{name} of {drawn.name}" for drawn in picture.processors for name in drawn.dead_letters]
    if dead:
        yield f"Dead letters: {', '.join(dead)}."


def _label_size(lines: list[str]) -> Size:
    return (widest(lines, SMALL) + 8.0, LINE * len(lines) + 3.0) if lines else NO_LABEL
