"""A faster search for lines, where it is proved to find the same as a search line by line under a time limit.

The library looks at the clock for each search and each match, which takes longer than most of them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import regex

from flowrun.dialect.regex.translation import translate

from .lines import split_lines
from .pattern_proof import NotProvedError, Proof, prove

if TYPE_CHECKING:
    from regex import Match, Pattern

LineReplacement: TypeAlias = "str | Callable[[Match[str]], str]"
"""What a match becomes: a template of the library, or what is called with it."""

_SHORT_LINE = 4096
_OTHER_LINE_ENDS = "\x85\u2028\u2029"


class LineSearch:
    """Replaces in lines. `timeout` is in seconds."""

    def __init__(self, pattern: str, proof: Proof, timeout: float) -> None:
        self._in_line = _compiled(pattern)
        self._in_block = _compiled(proof.text) if proof.within_lines else None
        self._is_quick = proof.is_quick
        self._timeout = timeout

    def replace(self, lines: str, replacement: LineReplacement) -> str | None:
        """The lines with each match replaced; None where only a search line by line, under a time limit, will do."""
        is_quick = self._is_quick and max(map(len, lines.split("\n"))) <= _SHORT_LINE
        if self._in_block is not None and not _has_other_line_ends(lines):
            try:
                return self._in_block.sub(replacement, lines, timeout=None if is_quick else self._timeout)
            except (TimeoutError, MemoryError):
                return None  # the limits are for one line: the lines one by one may all keep them
        if is_quick:
            return "".join([self._in_line.sub(replacement, line) for line in split_lines(lines)])
        return None


def line_search(pattern: str, timeout: float) -> LineSearch | None:
    """The faster search for a Java pattern; None where nothing is proved of it."""
    try:
        return LineSearch(pattern, prove(pattern), timeout)
    except NotProvedError:
        return None


def _compiled(pattern: str) -> "Pattern[str]":
    return regex.compile(translate(pattern).text, regex.VERSION1, cache_pattern=False)


def _has_other_line_ends(lines: str) -> bool:
    """Whether there are line ends that don't end a line here, but before which a `$` of Java matches too."""
    return not lines.isascii() and any(end in lines for end in _OTHER_LINE_ENDS)
