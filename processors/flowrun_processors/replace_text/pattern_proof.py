"""What can be proved of a Java pattern, so that lines may be searched faster without finding anything else.

Only a part of Java's syntax is understood, so that the proof is easy to believe; of other patterns nothing is known.
"""

import re
import string
from dataclasses import dataclass, replace
from itertools import pairwise

from flowrun.dialect.regex import compile_regex

_START_OF_LINE = r"(?<![^\n\r])"
_END_OF_LINE = r"(?![^\n\r])"

_FLAGS = re.compile(r"\(\?([ims]+)\)")
_GROUP = re.compile(r"\((?:\?:|\?<[A-Za-z][A-Za-z0-9]*>|(?!\?))")
_QUANTIFIER = re.compile(r"(?:([*+?])|\{([0-9]{1,4})(,[0-9]{0,4})?\})[?+]?")
_PROPERTY = re.compile(r"\\[pP]\{[A-Za-z_]+\}")
_CLASS = re.compile(r"\[(\^?+)((?:[^\[\]\\&]|\\.)+)\]")
_CLASS_ITEM = re.compile(r"(\\.|.)(?:-(\\.|.))?", re.DOTALL)
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)

_PUNCTUATION = frozenset(string.punctuation)
_WITHIN_LINES = frozenset("dwShtfea") | _PUNCTUATION
"""What may follow a backslash for a character, or a set of them, that holds no line's end."""
_CHARACTERS = frozenset("snrvDWH") | _WITHIN_LINES
"""What may follow a backslash for a character, or a set of them, of whatever kind."""


class NotProvedError(Exception):
    """The pattern has something that this reader does not know to be harmless."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a pattern that needs at least one character, or of a part of one.

    `text` is the pattern with `^` and `$` meant for each of many lines. If it stays `within_lines`, it can't match a
    line's end, and so finds in many lines at once what the pattern finds in each line alone. `repetitions` and
    `choices` bound how often a search may turn back; `least` is the fewest characters that are matched. `needed` is a
    text that every match holds, which may be empty, and `needed_at` how far from its start, if that is always the same.
    `run` is the character, or set, that it ends with a repetition of, if it does.
    """

    text: str
    least: int
    within_lines: bool = True
    repetitions: int = 0
    choices: int = 0
    is_character: bool = False
    needed: str = ""
    needed_at: int | None = None
    run: str = ""

    @property
    def is_quick(self) -> bool:
        """Whether a search in a short line is quick, whatever the line holds."""
        return self.repetitions <= 1 and self.choices <= 4


def prove(pattern: str) -> Proof:
    """What is known of the whole pattern. Raises NotProvedError."""
    if "\\Q" in pattern and "\\\\" in pattern:
        raise NotProvedError  # the backslash before the Q may be an escaped one
    flags = _FLAGS.match(pattern)
    rest = pattern[flags.end() :] if flags else pattern
    reader = _PatternReader(_QUOTED.sub(_escaped, rest))
    proof = reader.alternatives()
    if reader.rest or proof.least == 0:
        raise NotProvedError
    if flags is None:
        return proof
    flagged = _joined(flags[0] + proof.text, [proof], proof.least, within_lines=flags[1] == "i")
    return flagged if "i" in flags[1] else _around(flagged, proof)


def _escaped(quoted: re.Match[str]) -> str:
    return "".join(
        f"\\{character}" if character in _PUNCTUATION else f"[{character}]" if character.isdigit() else character
        for character in quoted[1]
    )


def _joined(text: str, parts: list[Proof], least: int, *, within_lines: bool = True, choices: int = 0) -> Proof:
    return Proof(
        text,
        least,
        within_lines and all(part.within_lines for part in parts),
        sum(part.repetitions for part in parts),
        sum(part.choices for part in parts) + choices,
    )


def _plain(text: str, character: str, *, within_lines: bool = True) -> Proof:
    """A character that stands for itself."""
    return Proof(text, 1, within_lines, is_character=True, needed=character, needed_at=0)


def _around(proof: Proof, part: Proof) -> Proof:
    """The proof of what begins and ends with a part, and needs what that needs."""
    return replace(proof, needed=part.needed, needed_at=part.needed_at, run=part.run)


def _needing_longest(proof: Proof, parts: list[Proof]) -> Proof:
    """The proof of a sequence of parts, which needs all of them: the longest text is the rarest."""
    needed, needed_at, plain = "", None, ""
    length: int | None = 0
    for part in parts:
        plain = plain + part.needed if part.is_character and part.needed else ""
        found = plain or part.needed
        if len(found) > len(needed):
            needed = found
            before = None if length is None or part.needed_at is None else length + part.needed_at
            needed_at = None if before is None else before - max(len(plain) - 1, 0)
        length = None if length is None or part.repetitions or part.choices else length + part.least
    return replace(proof, needed=needed, needed_at=needed_at)


def _repetitions(parts: list[Proof]) -> int:
    """How many repetitions of a sequence may turn back for each other.

    A run up to a character that can't belong to it, as in `\\w+=`, ends in one way only: it multiplies nothing.
    """
    waiting = [_ends_before(part, following) for part, following in pairwise(parts)]
    counted = [0 if ends else part.repetitions for part, ends in zip(parts, [*waiting, False], strict=False)]
    return max(sum(counted), int(any(waiting)))


def _ends_before(part: Proof, following: Proof) -> bool:
    mark = following.needed[:1] if following.needed_at == 0 else ""
    if mark not in _PUNCTUATION or not part.run or part.repetitions > 1 or part.choices:
        return False
    return compile_regex(part.run).fullmatch(mark) is None


class _PatternReader:
    """Reads a pattern from the left; `rest` is what is still to come."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern

    def alternatives(self) -> Proof:
        """Parts with `|` between them."""
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        text = "|".join(part.text for part in parts)
        return _joined(text, parts, min(part.least for part in parts), choices=len(parts) - 1)

    def _sequence(self) -> Proof:
        parts: list[Proof] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._repeated(self._atom()))
        joined = _joined("".join(part.text for part in parts), parts, sum(part.least for part in parts))
        run = parts[-1].run if parts else ""
        return _needing_longest(replace(joined, repetitions=_repetitions(parts), run=run), parts)

    def _atom(self) -> Proof:
        character = self.rest[0]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        if character in "*+?{":
            raise NotProvedError
        self.rest = self.rest[1:]
        if character == "^":
            return Proof(_START_OF_LINE, 0)
        if character == "$":
            return Proof(_END_OF_LINE, 0)
        if character == ".":
            return Proof(character, 1, is_character=True)
        return _plain(character, character, within_lines=character not in "\r\n")

    def _group(self) -> Proof:
        opening = self._match(_GROUP)
        body = self.alternatives()
        if not self._take(")"):
            raise NotProvedError
        return _around(_joined(f"{opening[0]}{body.text})", [body], body.least), body)

    def _class(self) -> Proof:
        found = self._match(_CLASS)
        items = _CLASS_ITEM.findall(found[2])
        if any(end[0] == "\\" and end[1] not in _CHARACTERS for item in items for end in item if end):
            raise NotProvedError
        if found[1]:
            excluded = {low for low, high in items if not high}
            within_lines = "\\s" in excluded or {"\\n", "\\r"} <= excluded
        else:
            within_lines = all(_is_within_lines(low, high) for low, high in items)
        return Proof(found[0], 1, within_lines=within_lines, is_character=True)

    def _escape(self) -> Proof:
        if _PROPERTY.match(self.rest):
            return Proof(self._match(_PROPERTY)[0], 1, within_lines=False, is_character=True)
        text, letter = self.rest[:2], self.rest[1:2]
        self.rest = self.rest[2:]
        if letter == "b" and not self.rest.startswith("{"):
            return Proof(text, 0)
        if letter not in _CHARACTERS:
            raise NotProvedError
        if letter in _PUNCTUATION:
            return _plain(text, letter)
        return Proof(text, 1, within_lines=letter in _WITHIN_LINES, is_character=True)

    def _repeated(self, part: Proof) -> Proof:
        if not self.rest or self.rest[0] not in "*+?{":
            return part
        if part.least == 0:
            raise NotProvedError
        found = self._match(_QUANTIFIER)
        sign, count, most = found.groups()
        least = part.least * (int(count) if count else sign == "+")
        # A group that is repeated may turn back in each of its repetitions: never quick.
        repetitions = 0 if sign == "?" else 2 if not part.is_character else 1 if sign or most else 0
        repeated = _joined(part.text + found[0], [part], least, choices=sign == "?")
        run = part.text if part.is_character and repetitions else ""
        repeated = replace(repeated, repetitions=repeated.repetitions + repetitions, run=run)
        return _around(repeated, replace(part, run=run)) if least else repeated

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


def _is_within_lines(low: str, high: str) -> bool:
    if not high:
        return low not in "\r\n" if len(low) == 1 else low[1] in _WITHIN_LINES
    ends = [end[-1] for end in (low, high) if len(end) == 1 or end[1] in _PUNCTUATION]
    return len(ends) == 2 and not (ends[0] <= "\r" and ends[1] >= "\n")
