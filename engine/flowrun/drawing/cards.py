"""The card of a processor in an SVG picture: its rows of text, and the size that they need."""

from collections.abc import Iterator

from msgspec import Struct

from flowrun.drawing.lattice import Size
from flowrun.drawing.lettering import shortened, width_of
from flowrun.drawing.picture import DrawnProcessor
from flowrun.drawing.svg_style import NAME, SMALL

PADDING = 12.0
MARK = 12.0
"""Room for the mark before an end."""
_NARROWEST, _WIDEST = 104.0, 230.0
_HEIGHTS = {"name": 17.0, "faint": 14.5, "dead": 14.5, "ended": 14.5}
_GAP = 5.0
_MOST_ENDS = 6


class CardRow(Struct, frozen=True):
    """One line of text; `kind` is `name`, `faint`, `dead` or `ended`, `y` the line's base from the card's top."""

    kind: str
    text: str
    y: float


class Card(Struct, frozen=True):
    """A processor's rows, and its size."""

    size: Size
    rows: tuple[CardRow, ...]


def card_of(processor: DrawnProcessor) -> Card:
    """The card of one processor."""
    rows: list[CardRow] = []
    y, width = PADDING - 3.0, _NARROWEST
    for kind, text in _lines(processor):
        if kind in ("dead", "ended") and rows[-1].kind not in ("dead", "ended"):
            y += _GAP
        size, mark = (NAME, 0.0) if kind == "name" else (SMALL, MARK if kind in ("dead", "ended") else 0.0)
        shown = shortened(text, _WIDEST - 2 * PADDING - mark, size, bold=kind == "name")
        source_mark = MARK if kind == "name" and processor.is_source else 0.0
        width = max(width, width_of(shown, size, bold=kind == "name") + mark + source_mark + 2 * PADDING)
        y += _HEIGHTS[kind]
        rows.append(CardRow(kind, shown, y - 3.5))
    return Card((width, y + PADDING - 3.0), tuple(rows))


def _lines(processor: DrawnProcessor) -> Iterator[tuple[str, str]]:
    yield "name", processor.name
    yield "faint", "no such processor" if processor.is_missing else processor.type
    if processor.schedule:
        yield "faint", processor.schedule
    if processor.is_disabled:
        yield "faint", "disabled"
    ends = [("dead", name) for name in processor.dead_letters] + [("ended", name) for name in processor.ended]
    shown = ends if len(ends) <= _MOST_ENDS else ends[: _MOST_ENDS - 1]
    yield from shown
    if len(shown) < len(ends):
        yield ends[-1][0], f"{len(ends) - len(shown)} more"
