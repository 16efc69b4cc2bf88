"""How wide a text will be, without a font at hand: widths of Helvetica's letters, rounded up."""

import unicodedata
from collections.abc import Iterable, Sequence

_NARROW = frozenset("ijl|'!.,:;I()[]{}tfr/\\ `\"-")
_WIDE = frozenset("mwMW@%—…→")
_BOLD = 1.07


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that the text takes at a font size in pixels."""
    return sum(map(_ems, text)) * size * (_BOLD if bold else 1.0)


def shortened(text: str, limit: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits, and an ellipsis."""
    if width_of(text, size, bold=bold) <= limit:
        return text
    kept = len(text)
    while kept > 1 and width_of(text[:kept] + "…", size, bold=bold) > limit:
        kept -= 1
    return text[:kept].rstrip() + "…"


def wrapped(names: Iterable[str], limit: float, size: float) -> list[str]:
    """Names with commas between them, in lines that fit; a name that is too long is shortened."""
    lines: list[str] = []
    for name in names:
        word = shortened(name, limit, size)
        if lines and width_of(f"{lines[-1]}, {word}", size) <= limit:
            lines[-1] += f", {word}"
        else:
            lines[-1:] = [*(f"{line}," for line in lines[-1:]), word]
    return lines


def widest(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    """Pixels of the longest text."""
    return max((width_of(text, size, bold=bold) for text in texts), default=0.0)


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.71 if character.isupper() else 0.58
