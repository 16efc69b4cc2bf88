"""What a part of a Java pattern was translated to, and what Java must know of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Piece:
    """A translated part.

    `single`: a repetition may follow the text as it stands.
    `size`: how many characters, at least, the library expands it to.
    `bounded`, `deterministic`: a look-behind of Java's may hold the part, and a repeated group of the part.
    """

    text: str
    single: bool = True
    group: bool = False
    size: int = 1
    bounded: bool = True
    deterministic: bool = True

    def repeated(self, least: int, most: int | None, mode: str) -> "Piece":
        """The part as often as that; `mode` is `?` (reluctant), `+` (possessive) or nothing."""
        unit = self.text if self.single else f"(?:{self.text})"
        optional = (least, most) == (0, 1)
        bounded = self.bounded
        if self.group and not optional:
            # Java tells no length of a repeated group that is not the same each time, nor of an endless one.
            bounded = bounded and most is not None and (self.deterministic or mode == "+")
        return Piece(
            unit + _quantifier(least, most) + mode,
            single=False,
            size=self.size * max(least, 1),
            bounded=bounded,
            deterministic=self.deterministic and least == most,
        )

    def enclosed(self, opening: str, *, group: bool = True) -> "Piece":
        """The part between an opening such as `(?:` and the closing parenthesis."""
        return replace(self, text=f"{opening}{self.text})", single=True, group=group)


def assertion(text: str) -> Piece:
    """A part that matches a place, of no length."""
    return Piece(text, single=False, size=0)


def sequence(pieces: Sequence[Piece]) -> Piece:
    """One part after the other."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        "".join(piece.text for piece in pieces),
        single=False,
        size=sum(piece.size for piece in pieces),
        bounded=all(piece.bounded for piece in pieces),
        deterministic=all(piece.deterministic for piece in pieces),
    )


def alternatives(pieces: Sequence[Piece]) -> Piece:
    """Any one of the parts, the first that fits."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        "|".join(piece.text for piece in pieces),
        single=False,
        size=sum(piece.size for piece in pieces),
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
