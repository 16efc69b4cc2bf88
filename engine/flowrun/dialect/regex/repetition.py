"""Java's `? * + {2,5}`, greedy, reluctant (`?`) and possessive (`+`)."""

import string
from typing import Final

from flowrun.dialect.regex.assertions import LINE_BREAK, WHOLE_LINE_BREAK
from flowrun.dialect.regex.pieces import Piece
from flowrun.dialect.regex.reader import PatternReader

_DIGITS: Final = frozenset(string.digits)
_MOST: Final = (1 << 31) - 1
_LARGEST: Final = 100_000
_COUNTS: Final[dict[str, tuple[int, int | None]]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}


def read_repetition(reader: PatternReader, piece: Piece) -> Piece:
    """The piece, repeated as often as what follows it says; itself if nothing does."""
    character = reader.peek()
    if character == "{":
        least, most = _counts(reader)
    elif character in _COUNTS:
        least, most = _COUNTS[character]
    else:
        return piece
    if piece is LINE_BREAK:
        piece = WHOLE_LINE_BREAK
    mode = reader.next()
    if mode in ("?", "+"):
        reader.next()
    else:
        mode = ""
    repeated = piece.repeated(least, most, mode)
    if repeated.size > _LARGEST:
        raise reader.error(f"the pattern repeats to more than {_LARGEST:,} characters and places")
    return repeated


def _counts(reader: PatternReader) -> tuple[int, int | None]:
    """`{2}`, `{2,}` or `{2,5}`; the reader is left on the closing brace."""
    reader.position += 1
    if reader.raw() not in _DIGITS:
        raise reader.error("{ must be followed by a count such as {2} or {2,5}; write \\{ for the character")
    least = _count(reader)
    most: int | None = least
    if reader.peek() == ",":
        reader.position += 1
        most = None if reader.peek() == "}" else _count(reader)
    if reader.peek() != "}":
        raise reader.error("the count has no closing }")
    if most is not None and most < least:
        raise reader.error(f"the least count {least} is more than the greatest {most}")
    return least, most


def _count(reader: PatternReader) -> int:
    count = 0
    while (digit := reader.peek()) in _DIGITS:
        count = count * 10 + int(digit)
        if count > _MOST:
            raise reader.error(f"the count is more than {_MOST}")
        reader.position += 1
    return count
