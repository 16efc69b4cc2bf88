"""Moving through the text of a JsonPath: a place in it, names and texts with escapes, and what brackets enclose.

Jayway source: `CharacterIndex`, `Utils.unescape`.
"""

import re

from flowrun.errors import ExpressionError

_ESCAPE = re.compile(r"\\(?:u(?P<unit>.{0,4})|(?P<character>.)|$)", re.DOTALL)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Scanner:
    """A position in a text. Columns of errors count from 1, after `offset` characters that the author did not write."""

    def __init__(self, text: str, *, position: int = 0, offset: int = 0) -> None:
        self.text = text
        self.position = position
        self.offset = offset

    @property
    def current(self) -> str:
        """The character here, or an empty text at the end."""
        return self.text[self.position : self.position + 1]

    def skip_blanks(self) -> str:
        """Pass blanks, and give the character after them."""
        while self.current and self.current in " \t\r\n":
            self.position += 1
        return self.current

    def take(self, expected: str) -> bool:
        """Pass a text if it is here, after blanks."""
        self.skip_blanks()
        if not self.text.startswith(expected, self.position):
            return False
        self.position += len(expected)
        return True

    def require(self, expected: str) -> None:
        """Pass a text that must be here, after blanks."""
        if not self.take(expected):
            raise self.error(f"'{expected}'")

    def error(self, expected: str, *, position: int | None = None) -> ExpressionError:
        """The error: expected this, found what is here."""
        place = self.position if position is None else position
        found = repr(self.text[place : place + 12]) if place < len(self.text) else "the end of the path"
        return ExpressionError(f"expected {expected}, found {found}", column=max(1, place - self.offset + 1))

    def read_quoted(self) -> str:
        """A text in the quotes that begin here, its escapes resolved."""
        start = self.position
        end = self._end_of_quoted(start, self.current)
        self.position = end + 1
        return (
            _ESCAPE.sub(self._unescape, self.text[start + 1 : end])
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )

    def _unescape(self, escape: re.Match[str]) -> str:
        unit = escape["unit"]
        if unit is None:
            character = escape["character"] or "\\"
            return _CONTROLS.get(character, character)
        if not re.fullmatch("[0-9a-fA-F]{4}", unit):
            raise self.error("four hexadecimal digits after \\u")
        return chr(int(unit, 16))

    def _end_of_quoted(self, start: int, quote: str) -> int:
        position = start + 1
        while position < len(self.text):
            if self.text[position] == "\\":
                position += 1
            elif self.text[position] == quote:
                return position
            position += 1
        raise self.error(f"a closing {quote} for the text that starts here", position=start)

    def read_until(self, stops: str, *, words: tuple[str, ...] = ()) -> str:
        """The text up to a stop that no bracket encloses, or to the end; in brackets, quoted text is passed."""
        start = self.position
        waiting: list[str] = []
        while self.current:
            character = self.current
            if not waiting and (character in stops or self.text.startswith(words, self.position)):
                break
            if character == (waiting[-1] if waiting else ""):
                waiting.pop()
            elif character in _CLOSING:
                waiting.append(_CLOSING[character])
            elif character in "'\"" and waiting:
                self.position = self._end_of_quoted(self.position, character)
            self.position += 1
        if waiting:
            raise self.error(f"'{waiting[-1]}'")
        return self.text[start : self.position]
