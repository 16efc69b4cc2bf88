"""What a part of a Java pattern was translated to, and what Java must know of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["character", "group", "other"]

_ENDLESS: Final = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A translated part.

    `single`: a repetition may follow the text as it stands. `size`: how many parts the library expands it to.
    `empty`: it matches a place, and never a character. The rest decides as Java does whether a look-behind may hold
    it. `longest`: its greatest length, in 32 bits.
    `bounded`: it has one. `deterministic`: it can be repeated as a group. `checked`: Java minds an overflow here.
    """

    text: str
    kind: Kind = "character"
    single: bool = True
    size: int = 1
    empty: bool = False
    longest: int = 1
    bounded: bool = True
    deterministic: bool = True
    checked: bool = False

    def repeated(self, least: int, most: int | None, mode: str) -> "Piece":
        """The part as often as that; `mode` is `?` (reluctant), `+` (possessive) or nothing.

        What is empty is matched once at most: more often finds the same, and is very slow to prepare.
        """
        unit = self.text if self.single else f"(?:{self.text})"
        optional = (least, most) == (0, 1)
        endless_character = self.kind == "character" and most is None and not mode
        known = self.kind != "group" or optional or self.deterministic or mode == "+"
        longest = self.longest if optional else _wrapped(self.longest * (_ENDLESS if most is None else most))
        times = _quantifier(min(least, 1), min(most or 1, 1)) if self.empty and most != 0 else _quantifier(least, most)
        return Piece(
            unit + times + mode,
            kind="other",
            single=False,
            size=self.size * max(least, 1),
            empty=self.empty,
            longest=longest,
            bounded=self.bounded and known,
            deterministic=self.deterministic and least == most,
            checked=not optional and not endless_character,
        )

    def enclosed(self, opening: str, *, kind: Kind = "group") -> "Piece":
        """The part between an opening such as `(?:` and the closing parenthesis."""
        return replace(self, text=f"{opening}{self.text})", kind=kind, single=True, checked=False)


def assertion(text: str) -> Piece:
    """A part that matches a place, of no length."""
    return Piece(text, kind="other", single=False, empty=True, longest=0)


def sequence(pieces: Sequence[Piece]) -> Piece:
    """One part after the other."""
    longest, bounded = 0, True
    for piece in pieces:
        so_far, longest = longest, _wrapped(longest + piece.longest)
        bounded = bounded and piece.bounded and not (piece.checked and longest < so_far)
    if len(pieces) == 1:
        return replace(pieces[0], bounded=bounded)
    return Piece(
        "".join(piece.text for piece in pieces),
        kind="other",
        single=False,
        size=sum(piece.size for piece in pieces),
        empty=all(piece.empty for piece in pieces),
        longest=longest,
        bounded=bounded,
        deterministic=all(piece.deterministic for piece in pieces),
    )


def alternatives(pieces: Sequence[Piece]) -> Piece:
    """Any one of the parts, the first that fits."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        "|".join(piece.text for piece in pieces),
        kind="other",
        single=False,
        size=sum(piece.size for piece in pieces),
        empty=all(piece.empty for piece in pieces),
        longest=max(piece.longest for piece in pieces),
        bounded=all(piece.bounded for piece in pieces),
        deterministic=False,
    )


def _quantifier(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _wrapped(length: int) -> int:
    return (length + _ENDLESS + 1) % (2 * (_ENDLESS + 1)) - _ENDLESS - 1
