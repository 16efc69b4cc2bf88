"""What a match becomes: the Replacement Value, evaluated for it, then read as Java reads a replacement.

Source: NiFi's `ReplaceText.RegexReplace`, accidents included: they are what flows were written against.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from flowrun import EvaluationError, FlowFile, ProcessorError
from flowrun.dialect.regex import JavaPattern, Replacement, compile_replacement
from flowrun.property import ConfiguredExpression

from .refusal import NotChangedError

if TYPE_CHECKING:
    import regex

_REFERENCE_IN_VALUE = re.compile(r"\$[0-9]")
_REFERENCE_AFTER_TEXT = re.compile(r"[^\\]\$([0-9]+)")
_GROUP_MARK = "\0"
_MARKED_GROUP = re.compile(f"{_GROUP_MARK}([0-9]+){_GROUP_MARK}")
_DOLLAR_BEFORE_TEXT = re.compile(r"\$[^0-9]")


class MatchError(NotChangedError):
    """The Replacement Value can't be evaluated for a match."""


class MatchReplacement:
    """The replacement of one flowfile's matches.

    Calling it raises MatchError where an expression fails, and ProcessorError where the text refers to a group that the
    pattern does not have. Neither quotes the text: it may hold content.
    """

    def __init__(self, value: ConfiguredExpression[str], flowfile: FlowFile, pattern: JavaPattern) -> None:
        self._value = value
        self._flowfile = flowfile
        self._pattern = pattern
        self._is_constant = value.expression.is_constant
        self._text: str | None = None
        self._replacement: Replacement | None = None

    @property
    def pieces(self) -> tuple[str, ...] | None:
        """Texts and, between each two, the number of the group that goes there; None where each match may differ."""
        return replacement_pieces(self._evaluated({}), self._pattern) if self._is_constant else None

    def __call__(self, match: "regex.Match[str]") -> str:
        """What this match becomes."""
        if self._replacement is None or not self._is_constant:
            self._read(self._evaluated(_groups(match)))
        assert self._replacement is not None  # read just now, or before
        try:
            return self._replacement(match)
        except EvaluationError:
            raise ProcessorError(
                "the Replacement Value refers to a group that the Search Value does not have, "
                "or ends in a lone $ or backslash: write \\$ or \\\\ for the character itself"
            ) from None

    def _evaluated(self, groups: Mapping[str, str]) -> str:
        if self._is_constant:
            return self._value.expression.evaluate({}, quote=escape_references)
        try:
            return self._value.evaluate(self._flowfile, extra=groups, quote=escape_references)
        except EvaluationError as error:
            raise MatchError("an expression of the Replacement Value fails on what was found") from error

    def _read(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._replacement = read_replacement(text, self._pattern)


def read_replacement(text: str, pattern: JavaPattern) -> Replacement:
    """The replacement that NiFi makes of an evaluated Replacement Value."""
    text = escape_unknown_references(text, pattern.groups)
    if _DOLLAR_BEFORE_TEXT.search(text):
        return lambda match: text
    return compile_replacement(text, pattern)


def _groups(match: "regex.Match[str]") -> dict[str, str]:
    """The groups that took part, by the names that expressions know them by."""
    return {f"${number}": text for number, text in enumerate((match[0], *match.groups())) if text is not None}


class _GroupNames:
    """Stands for a match, and gives each group's name in place of its text."""

    def __getitem__(self, number: int) -> str:
        return f"{_GROUP_MARK}{number}{_GROUP_MARK}"


@lru_cache(maxsize=256)
def replacement_pieces(text: str, pattern: JavaPattern) -> tuple[str, ...] | None:
    """Texts and, between each two, the group's number, of an evaluated Replacement Value; None if it has a mistake."""
    if _GROUP_MARK in text:
        return None
    try:
        marked = read_replacement(text, pattern)(cast("regex.Match[str]", _GroupNames()))
    except EvaluationError:
        return None
    return tuple(_MARKED_GROUP.split(marked))


def library_template(pieces: Sequence[str]) -> str:
    """The template of the library for the pieces of a replacement."""
    written = [rf"\g<{piece}>" if place % 2 else piece.replace("\\", "\\\\") for place, piece in enumerate(pieces)]
    return "".join(written)


def escape_references(value: str) -> str:
    """What an expression yields, with `$1` as text; a backslash in it still escapes."""
    return _REFERENCE_IN_VALUE.sub(r"\\\g<0>", value) if "$" in value else value


def escape_unknown_references(text: str, groups: int) -> str:
    """The text with a reference to a group that does not exist made text, by a backslash before it.

    With more than one such reference the later backslashes land one place too early each, as they do in NiFi, where the
    places are those of the text before the first change.
    """
    if groups == 0:
        return text
    escaped = text
    for found in _REFERENCE_AFTER_TEXT.finditer(text):
        if not found[1].startswith("0") and _lowest_group(found[1], groups) > groups:
            dollar = found.start(1) - 1
            escaped = f"{escaped[:dollar]}\\{escaped[dollar:]}"
    return escaped


def _lowest_group(digits: str, groups: int) -> int:
    """The group that the digits mean if as many of the last ones as need be are text."""
    length = min(len(digits), len(str(groups)))
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    return int(digits[:length])
