"""A Java pattern as characters: quoting, comments mode, flags and places."""

from typing import Final

from flowrun.errors import ExpressionError

END: Final = "end of pattern"
"""What is read where the pattern has no more characters."""

_BLANKS: Final = frozenset(" \t\n\x0b\f\r")
_LINE_ENDS: Final = frozenset("\n\r\x85\u2028\u2029")
_DEEPEST: Final = 100


class PatternReader:
    """The characters of a Java pattern, with the flags that are in force at the place of reading.

    `flags` holds Java's flag letters: `i m s d u x U`.
    In comments mode (`x`) `peek`, `next` and `read` skip white space and comments, `raw` never does.
    """

    def __init__(self, text: str) -> None:
        self.position = 0
        self.flags: frozenset[str] = frozenset()
        self._depth = 0
        self._characters, self._columns = _without_quotes(text)

    def raw(self, offset: int = 0) -> str:
        """The character so many places further on, comments mode or not."""
        place = self.position + offset
        return self._characters[place] if place < len(self._characters) else END

    def peek(self) -> str:
        """The next character, which stays the next one."""
        if "x" in self.flags:
            self._skip_comments()
        return self.raw()

    def next(self) -> str:
        """Leave the present character, and peek at the one after it."""
        self.position += 1
        return self.peek()

    def read(self) -> str:
        """Take the next character."""
        character = self.peek()
        self.position += 1
        return character

    def error(self, message: str) -> ExpressionError:
        """The error that says what is wrong at the character that was read last."""
        place = min(max(self.position - 1, 0), len(self._columns) - 1)
        return ExpressionError(message, column=self._columns[place])

    def enter(self) -> None:
        """Go into a group or a nested class; raises ExpressionError where that is too deep."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.error(f"groups and classes are nested more than {_DEEPEST} deep")

    def leave(self) -> None:
        """Come out of a group or a nested class."""
        self._depth -= 1

    def _skip_comments(self) -> None:
        line_ends = frozenset("\n") if "d" in self.flags else _LINE_ENDS
        while (character := self.raw()) in _BLANKS or character == "#":
            self.position += 1
            if character == "#":
                while (character := self.raw()) is not END and character not in line_ends:
                    self.position += 1


def _without_quotes(text: str) -> tuple[list[str], list[int]]:
    """The characters with `\\Q…\\E` written as escapes, and the column of each; one column more for the end."""
    characters: list[str] = []
    columns: list[int] = []
    place, quoted = 0, False
    while place < len(text):
        pair = text[place : place + 2]
        if pair == ("\\E" if quoted else "\\Q"):
            quoted = not quoted
            place += 2
            continue
        written = _quoted(text[place]) if quoted else pair if pair[0] == "\\" else pair[0]
        characters += written
        columns += [place + 1] * len(written)
        place += 1 if quoted else len(written)
    return characters, [*columns, len(text) + 1]


def _quoted(character: str) -> str:
    if character.isascii() and character.isdigit():
        return f"\\x3{character}"
    if not character.isascii() or character.isalpha():
        return character
    return "\\" + character
