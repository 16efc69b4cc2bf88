"""Sets of characters, written in the set syntax of the `regex` library's version 1."""

from collections.abc import Iterable
from dataclasses import dataclass

from flowrun.dialect.regex.letter_case import strays, variants


def literal(character: str) -> str:
    """The character as it may stand anywhere in a pattern, in or out of a set."""
    if character.isalnum() or character == "_" or not character.isascii():
        return character
    return f"\\x{ord(character):02x}"


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """What may stand between the brackets of a set: `a-z`, `\\p{L}0-9`, `[^x]`."""

    content: str

    @property
    def text(self) -> str:
        """The set as a pattern that matches one character."""
        return f"[{self.content}]"

    def negated(self) -> "CharacterSet":
        """All other characters."""
        return CharacterSet(f"[^{self.content}]")

    def union(self, other: "CharacterSet") -> "CharacterSet":
        """The characters in either."""
        return CharacterSet(self.content + other.content)

    def intersection(self, other: "CharacterSet") -> "CharacterSet":
        """The characters in both."""
        return CharacterSet(f"[[{self.content}]&&[{other.content}]]")


def characters(members: Iterable[str]) -> CharacterSet:
    """The set of just these characters."""
    return CharacterSet("".join(map(literal, members)))


def one(character: str, flags: frozenset[str]) -> CharacterSet:
    """The character, and what matches it if case is ignored."""
    return characters(variants(character, flags))


def between(low: str, high: str, flags: frozenset[str]) -> CharacterSet:
    """The range, both ends in it, and what matches it if case is ignored."""
    return CharacterSet(f"{literal(low)}-{literal(high)}").union(characters(strays(low, high, flags)))
