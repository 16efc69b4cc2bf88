"""Java's ideas of upper and lower case: ASCII only, or (flag `u`) one character for one character."""

from functools import cache


def variants(character: str, flags: frozenset[str]) -> str:
    """All characters that match this one under the flags `i` and `u`, itself first."""
    if "i" not in flags:
        return character
    if "u" not in flags:
        swapped = character.swapcase() if character.isascii() else character
        return character if swapped == character else character + swapped
    folded = _folded(character)
    if folded == simple_upper(character):
        return character
    return character + "".join(other for other in _by_folded().get(folded, ()) if other != character)


def strays(low: str, high: str, flags: frozenset[str]) -> str:
    """The characters outside of the range that match one within it under the flags `i` and `u`."""
    if "i" not in flags:
        return ""
    if "u" not in flags:
        letters = (chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B)))
        return "".join(letter for letter in letters if low <= letter.swapcase() <= high and not low <= letter <= high)
    return "".join(
        character
        for characters in _by_folded().values()
        for character in characters
        if not low <= character <= high
        and (low <= simple_upper(character) <= high or low <= _folded(character) <= high)
    )


def simple_upper(character: str) -> str:
    """`Character.toUpperCase`: always one character."""
    upper = character.upper()
    if len(upper) == 1:
        return upper
    title = character.title()
    return title if len(title) == 1 else character


def simple_lower(character: str) -> str:
    """`Character.toLowerCase`: always one character."""
    return character.lower()[0]


def _folded(character: str) -> str:
    return simple_lower(simple_upper(character))


@cache
def _by_folded() -> dict[str, list[str]]:
    """The characters that have case, under what they are folded to."""
    cased = [chr(code) for code in range(0x1F000) if chr(code).lower() != chr(code) or chr(code).upper() != chr(code)]
    found: dict[str, list[str]] = {}
    for character in cased:
        found.setdefault(_folded(character), []).append(character)
    return found
