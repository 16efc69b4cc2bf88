"""Strings as Java has them: lengths and positions count UTF-16 units, so that `😀` counts two."""

import re

from flowrun.errors import EvaluationError

MAXIMUM_LENGTH = 1 << 24
"""The longest text that a function makes of shorter ones; attributes are meant to be small."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def has_pairs(text: str) -> bool:
    """Whether any character takes two units."""
    return not text.isascii() and _BEYOND.search(text) is not None


def length(text: str) -> int:
    """The number of units."""
    return len(text) if text.isascii() else len(text) + len(_BEYOND.findall(text))


def units(text: str) -> str:
    """The text with each unit as a character of its own: pairs become two lone surrogates."""
    if not has_pairs(text):
        return text
    return _BEYOND.sub(lambda found: "".join(map(chr, _pair(ord(found[0])))), text)


def _pair(point: int) -> tuple[int, int]:
    return 0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FF)


def united(text: str) -> str:
    """The text with pairs of surrogates united to characters again; lone ones stay."""
    if text.isascii() or _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def printed(text: str) -> str:
    """The text as Java writes it out: a lone surrogate becomes `?`."""
    return text if text.isascii() else _SURROGATE.sub("?", united(text))


def slice_units(text: str, start: int, end: int) -> str:
    """The units from `start` to `end`."""
    return united(units(text)[start:end])


def find(text: str, part: str) -> int:
    """The position of the first occurrence, -1 if there is none."""
    return units(text).find(units(part))


def find_last(text: str, part: str) -> int:
    """The position of the last occurrence, -1 if there is none."""
    return units(text).rfind(units(part))


def utf8(text: str) -> bytes:
    """The bytes of a text, as Java writes them."""
    return printed(text).encode()


def check_length(length_made: int, function: str) -> None:
    """Refuses to make a text that no attribute should hold."""
    if length_made > MAXIMUM_LENGTH:
        raise EvaluationError(
            f"{function}(): the result would have {length_made:,} characters, {MAXIMUM_LENGTH:,} is the most"
        )


def shown(value: object) -> str:
    """A value for a message: quoted, and cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[0]
