"""Java's replacement text: `$1`, `${name}`, `\\x` for the character x itself."""

import string
from collections.abc import Callable
from typing import Final

import regex

from flowrun.dialect.regex.pattern import JavaPattern
from flowrun.errors import EvaluationError

Replacement = Callable[["regex.Match[str]"], str]
"""What a match is replaced by."""

_DIGITS: Final = frozenset(string.digits)
_NAME: Final = frozenset(string.ascii_letters + string.digits)


def compile_replacement(text: str, pattern: JavaPattern) -> Replacement:
    """The replacement that `Matcher.appendReplacement` makes of the text.

    `$n` takes as many digits as there is a group for; a group that took no part is empty. A lone `$`, an unknown group
    and a backslash at the end raise EvaluationError, but only when a match is replaced, as in Java.
    """
    if "$" not in text and "\\" not in text:
        return lambda match: text
    try:
        parts = _Reader(text, pattern).parts()
    except EvaluationError as error:
        return _failing(error)
    if all(isinstance(part, str) for part in parts):
        whole = "".join(map(str, parts))
        return lambda match: whole
    return lambda match: "".join([part if isinstance(part, str) else match[part] or "" for part in parts])


def _failing(error: EvaluationError) -> Replacement:
    def fail(match: "regex.Match[str]") -> str:
        raise error

    return fail


class _Reader:
    def __init__(self, text: str, pattern: JavaPattern) -> None:
        self._text = text
        self._pattern = pattern
        self._place = 0

    def parts(self) -> list[str | int]:
        """Literal texts, and the numbers of groups."""
        found: list[str | int] = []
        while self._place < len(self._text):
            character = self._text[self._place]
            self._place += 1
            if character == "\\":
                found.append(self._take("a backslash at the end escapes nothing; write \\\\ for the backslash itself"))
            elif character == "$":
                found.append(self._group())
            else:
                found.append(character)
        return found

    def _take(self, missing: str) -> str:
        if self._place == len(self._text):
            raise self._error(missing)
        self._place += 1
        return self._text[self._place - 1]

    def _group(self) -> int:
        first = self._take("$ must be followed by a group's number or {name}; write \\$ for the character")
        if first == "{":
            return self._named_group()
        if first not in _DIGITS:
            raise self._error(
                f"$ must be followed by a group's number or {{name}}, found {first!r}; write \\$ for the character"
            )
        number = int(first)
        if number > self._pattern.groups:
            raise self._error(f"the pattern has no group {number}, only {self._pattern.groups}")
        while (digit := self._text[self._place : self._place + 1]) in _DIGITS:
            if number * 10 + int(digit) > self._pattern.groups:
                break
            number = number * 10 + int(digit)
            self._place += 1
        return number

    def _named_group(self) -> int:
        start = self._place
        while self._text[self._place : self._place + 1] in _NAME:
            self._place += 1
        name = self._text[start : self._place]
        if not name or name[0] in _DIGITS or self._take("${ has no closing }") != "}":
            raise self._error("${ must be followed by a group's name, a letter first, and }")
        if name not in self._pattern.group_names:
            raise self._error(f"the pattern has no group of the name {name!r}")
        return self._pattern.group_names[name]

    def _error(self, message: str) -> EvaluationError:
        return EvaluationError(f"replacement {self._text!r}: {message} (column {self._place})")
