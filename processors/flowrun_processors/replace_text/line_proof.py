"""The proof that a Java pattern finds the same in many lines at once as in each line alone.

Only a part of Java's syntax is understood, so that the proof is easy to believe; whatever else occurs is not proved.
What is understood can't match a line's end, needs at least one character, and sees no further than the line's end.
"""

import re
import string
from dataclasses import dataclass

_START_OF_LINE = r"(?<![^\n\r])"
_END_OF_LINE = r"(?![^\n\r])"

_GROUP = re.compile(r"\((?:\?:|\?<[A-Za-z][A-Za-z0-9]*>|(?!\?))")
_QUANTIFIER = re.compile(r"(?:([*+?])|\{([0-9]{1,4})(,[0-9]{0,4})?\})[?+]?")
_CLASS = re.compile(r"\[(\^?)((?:[^\[\]\\&]|\\.)+)\]")
_CLASS_ITEM = re.compile(r"(\\.|.)(?:-(\\.|.))?", re.DOTALL)
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)

_PUNCTUATION = frozenset(string.punctuation)
_WITHIN_LINES = frozenset("dwShtfea") | _PUNCTUATION
"""What may follow a backslash for a character, or a set of them, that holds no line's end."""
_EXCLUDABLE = frozenset("snrvDWH") | _WITHIN_LINES


class NotProvedError(Exception):
    """The pattern has something that this reader does not know to be safe."""


@dataclass(frozen=True, slots=True)
class ProvedPart:
    """A part of a pattern as it is to be searched for in many lines.

    `least` is the fewest characters it matches; `repetitions` and `choices` bound how often a search may turn back.
    """

    text: str
    least: int
    repetitions: int = 0
    choices: int = 0
    is_character: bool = False

    @property
    def is_quick(self) -> bool:
        """Whether a search in a short line is quick, whatever the line holds."""
        return self.repetitions <= 1 and self.choices <= 4


def prove(pattern: str) -> ProvedPart:
    """The whole pattern, with `^` and `$` meant for each line. Raises NotProvedError."""
    if pattern.count("\\\\") and "\\Q" in pattern:
        raise NotProvedError  # the backslash before the Q may be an escaped one
    ignore_case = "(?i)" if pattern.startswith("(?i)") else ""
    reader = _PatternReader(_QUOTED.sub(_escaped, pattern.removeprefix(ignore_case)))
    part = reader.alternatives()
    if reader.rest or part.least == 0:
        raise NotProvedError
    return ProvedPart(ignore_case + part.text, part.least, part.repetitions, part.choices)


def _escaped(quoted: re.Match[str]) -> str:
    return "".join(
        f"\\{character}" if character in _PUNCTUATION else f"[{character}]" if character.isdigit() else character
        for character in quoted[1]
    )


class _PatternReader:
    """Reads a pattern from the left; `rest` is what is still to come."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def alternatives(self) -> ProvedPart:
        """Parts with `|` between them."""
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        return ProvedPart(
            "|".join(part.text for part in parts),
            min(part.least for part in parts),
            sum(part.repetitions for part in parts),
            sum(part.choices for part in parts) + len(parts) - 1,
        )

    def _sequence(self) -> ProvedPart:
        parts: list[ProvedPart] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._repeated(self._atom()))
        return ProvedPart(
            "".join(part.text for part in parts),
            sum(part.least for part in parts),
            sum(part.repetitions for part in parts),
            sum(part.choices for part in parts),
        )

    def _atom(self) -> ProvedPart:
        character = self.rest[0]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "*+?{\r\n":
            raise NotProvedError
        self.rest = self.rest[1:]
        if character == "^":
            return ProvedPart(_START_OF_LINE, 0)
        if character == "$":
            return ProvedPart(_END_OF_LINE, 0)
        return ProvedPart(character, 1, is_character=True)

    def _group(self) -> ProvedPart:
        opening = self._match(_GROUP)
        body = self.alternatives()
        if not self._take(")"):
            raise NotProvedError
        return ProvedPart(f"{opening[0]}{body.text})", body.least, body.repetitions, body.choices)

    def _class(self) -> ProvedPart:
        found = self._match(_CLASS)
        items = _CLASS_ITEM.findall(found[2])
        if not (_excludes_line_ends(items) if found[1] else all(_is_within_lines(*item) for item in items)):
            raise NotProvedError
        return ProvedPart(found[0], 1, is_character=True)

    def _escape(self) -> ProvedPart:
        text, letter = self.rest[:2], self.rest[1:2]
        self.rest = self.rest[2:]
        if letter == "b" and not self.rest.startswith("{"):
            return ProvedPart(text, 0)
        if letter not in _WITHIN_LINES:
            raise NotProvedError
        return ProvedPart(text, 1, is_character=True)

    def _repeated(self, part: ProvedPart) -> ProvedPart:
        if not self.rest or self.rest[0] not in "*+?{":
            return part
        if part.least == 0:
            raise NotProvedError
        found = self._match(_QUANTIFIER)
        sign, count, most = found.groups()
        least = part.least * (int(count) if count else sign == "+")
        repetitions, choices = part.repetitions, part.choices
        if sign == "?":
            choices += 1
        elif not part.is_character:
            repetitions += 2
        elif sign or most:
            repetitions += 1
        return ProvedPart(part.text + found[0], least, repetitions, choices)

    def _match(self, expected: re.Pattern[str]) -> re.Match[str]:
        found = expected.match(self.rest)
        if found is None:
            raise NotProvedError
        self.rest = self.rest[found.end() :]
        return found

    def _take(self, character: str) -> bool:
        if not self.rest.startswith(character):
            return False
        self.rest = self.rest[1:]
        return True


def _excludes_line_ends(items: list[tuple[str, str]]) -> bool:
    """Whether what the items don't name can't be a line's end."""
    ends = [end for item in items for end in item if end]
    single = {low for low, high in items if not high}
    return all(len(end) == 1 or end[1] in _EXCLUDABLE for end in ends) and ("\\s" in single or {"\\n", "\\r"} <= single)


def _is_within_lines(low: str, high: str) -> bool:
    if not high:
        return low not in "\r\n" if len(low) == 1 else low[1] in _WITHIN_LINES
    ends = [end[-1] for end in (low, high) if len(end) == 1 or end[1] in _PUNCTUATION]
    return len(ends) == 2 and not (ends[0] <= "\r" and ends[1] >= "\n")
