"""Columns of text that fit into the width there is: the least important are left out, then the widest are cut."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_GAP = 2
_NARROWEST = 8
_COMFORTABLE = 28
"""A text column may be cut to this width before a whole column is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and a cell for each row, with `styles` if a terminal can show them.

    `importance`: 0 is never left out; of the others the lowest goes first.
    """

    heading: str
    cells: Sequence[str]
    styles: Sequence[str] = field(default=())
    is_number: bool = False
    importance: int = 0

    @property
    def width(self) -> int:
        """How wide the widest text in it is."""
        return max(text_width(text) for text in (self.heading, *self.cells))

    def padded(self, row: int | None, width: int) -> str:
        """The row's cell, or the heading, exactly that wide."""
        text = shortened(self.heading if row is None else self.cells[row], width)
        blanks = " " * (width - text_width(text))
        return blanks + text if self.is_number else text + blanks


def fitted(columns: Sequence[Column], width: int | None) -> list[tuple[Column, int]]:
    """The columns that there is room for, each with its width; a `width` of None is room enough."""
    kept = list(columns)
    if width is None:
        return [(column, column.width) for column in kept]
    while _total(map(_needed, kept)) > width and any(column.importance for column in kept):
        kept.remove(min((column for column in kept if column.importance), key=lambda column: column.importance))
    widths = [column.width for column in kept]
    while _total(widths) > width:
        widest = max((n for n, column in enumerate(kept) if not column.is_number), key=lambda n: widths[n])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return list(zip(kept, widths, strict=True))


def shortened(text: str, width: int) -> str:
    """The text, or as much of its beginning as fits, and `…`."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) > width - 1:
        text = text[:-1]
    return text + "…"


def text_width(text: str) -> int:
    """How many places of a terminal's line the text takes."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _needed(column: Column) -> int:
    return column.width if column.is_number else min(column.width, _COMFORTABLE)


def _total(widths: Iterable[int]) -> int:
    return sum(width + _GAP for width in widths) - _GAP
