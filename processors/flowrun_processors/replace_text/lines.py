"""Lines as NiFi cuts them: each with its own end, which is `\\n`, `\\r\\n` or a lone `\\r`.

Source: NiFi's `LineDemarcator` and `ReplaceText.StreamReplaceCallback`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto

from .refusal import NotChangedError

LINE_END = re.compile(r"\r\n?|\n")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_OTHER_LINE_ENDS = "\x85\u2028\u2029"
_SMALLEST_BUFFER = 8192


class LineTooLongError(NotChangedError):
    """A line that the buffer can't hold."""


class LineLimit:
    """The number of characters (UTF-16 units) that a line must stay below.

    `buffer_size` is rounded down to 8192 times a power of two, as NiFi's buffer grows by doubling.
    """

    def __init__(self, buffer_size: int) -> None:
        self.characters = _SMALLEST_BUFFER
        while self.characters * 2 <= buffer_size:
            self.characters *= 2

    def check(self, lines: str) -> None:
        """Raise LineTooLongError if one of the lines is too long; a final `\\n` does not count, a `\\r` does."""
        if 2 * len(lines) < self.characters:
            return
        stretches = lines.split("\n")
        if 2 * max(map(len, stretches)) < self.characters:
            return
        for stretch in stretches:
            for line in _LINE.findall(stretch):
                self.check_length(_units(line))

    def check_length(self, length: int) -> None:
        """Raise LineTooLongError if a line of that length is too long."""
        if length >= self.characters:
            raise LineTooLongError(
                f"a line is too long for Maximum Buffer Size, which allows less than {self.characters:,} characters"
            )


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def final_line_end(text: str) -> str:
    """The line's end that the text ends in; empty if it ends in none."""
    return next((end for end in ("\r\n", "\n", "\r") if text.endswith(end)), "")


def split_lines(text: str) -> list[str]:
    """The lines, ends included."""
    if "\r" in text:
        return _LINE.findall(text)
    lines = text.split("\n")
    last = lines.pop()
    ended = [f"{line}\n" for line in lines]
    return [*ended, last] if last else ended


def has_other_line_ends(lines: str) -> bool:
    """Whether there are line ends that don't end a line here, but before which a `$` of Java matches too."""
    return not lines.isascii() and any(end in lines for end in _OTHER_LINE_ENDS)


def line_blocks(pieces: Iterable[str], limit: LineLimit) -> Iterator[str]:
    """A text that comes in pieces of any size, in blocks of whole lines. Raises LineTooLongError."""
    waiting: list[str] = []
    carriage_return = ""
    for piece in pieces:
        text = carriage_return + piece
        # What follows decides whether a \r at the end is a line's end, or the first half of one.
        carriage_return = "\r" if text.endswith("\r") else ""
        text = text.removesuffix(carriage_return)
        cut = max(text.rfind("\n"), text.rfind("\r")) + 1
        if cut:
            block = "".join([*waiting, text[:cut]])
            limit.check(block)
            yield block
            waiting = []
        waiting.append(text[cut:])
        limit.check_length(sum(map(len, waiting)))
    rest = "".join([*waiting, carriage_return])
    if rest:
        limit.check(rest)
        yield rest


class Place(Enum):
    """Where in the content a stretch of whole lines lies."""

    FIRST = auto()
    MIDDLE = auto()
    LAST = auto()
    ONLY = auto()


_CHANGED = {
    "First-Line": (Place.FIRST, Place.ONLY),
    "Last-Line": (Place.LAST, Place.ONLY),
    "Except-First-Line": (Place.MIDDLE, Place.LAST),
    "Except-Last-Line": (Place.FIRST, Place.MIDDLE),
}
LINE_MODES = ("All", *_CHANGED)


def edit_selected(blocks: Iterable[str], mode: str, edit: Callable[[str], str]) -> Iterator[str]:
    """Blocks of whole lines, with `edit` done to those lines that the mode names; it is given whole lines too."""
    if mode == "All":
        yield from map(edit, blocks)
        return
    changed = _CHANGED[mode]
    for lines, place in _placed(blocks):
        yield edit(lines) if place in changed else lines


def _placed(blocks: Iterable[str]) -> Iterator[tuple[str, Place]]:
    previous: str | None = None
    is_first = True
    for block in blocks:
        if previous is not None:
            yield from _places(previous, is_first=is_first, is_last=False)
            is_first = False
        previous = block
    if previous:
        yield from _places(previous, is_first=is_first, is_last=True)


def _places(block: str, *, is_first: bool, is_last: bool) -> Iterator[tuple[str, Place]]:
    start = _end_of_first_line(block) if is_first else 0
    end = _start_of_last_line(block) if is_last else len(block)
    if end < start:
        yield block, Place.ONLY
        return
    if start:
        yield block[:start], Place.FIRST
    if start < end:
        yield block[start:end], Place.MIDDLE
    if end < len(block):
        yield block[end:], Place.LAST


def _end_of_first_line(lines: str) -> int:
    found = LINE_END.search(lines)
    return found.end() if found else len(lines)


def _start_of_last_line(lines: str) -> int:
    end = len(lines) - len(final_line_end(lines))
    return max(lines.rfind("\n", 0, end), lines.rfind("\r", 0, end)) + 1
