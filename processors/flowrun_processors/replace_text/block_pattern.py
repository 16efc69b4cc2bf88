"""A pattern that is searched for in many lines at once, where that finds the same as line by line."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import regex

from flowrun.dialect.regex.translation import translate

from .line_proof import NotProvedError, prove

if TYPE_CHECKING:
    from regex import Match

_SHORT_LINE = 4096
_OTHER_LINE_ENDS = "\x85\u2028\u2029"


class BlockPattern:
    """Searches blocks of whole lines. `timeout` is in seconds, for one block."""

    def __init__(self, pattern: str, timeout: float, *, is_quick: bool) -> None:
        self._compiled = regex.compile(translate(pattern).text, regex.VERSION1, cache_pattern=False)
        self._timeout = timeout
        self._is_quick = is_quick

    def fits(self, lines: str) -> bool:
        """Whether the block has no other line ends, before which a `$` of Java would match too."""
        return lines.isascii() or not any(end in lines for end in _OTHER_LINE_ENDS)

    def replace(self, lines: str, replacement: "Callable[[Match[str]], str]") -> str:
        """The lines with each match replaced. Raises TimeoutError."""
        if self._is_quick and max(map(len, lines.split("\n"))) <= _SHORT_LINE:
            # The library looks at the clock for every match, which takes longer than a short match itself.
            return self._compiled.sub(replacement, lines)
        return self._compiled.sub(replacement, lines, timeout=self._timeout)


def block_pattern(text: str, timeout: float) -> BlockPattern | None:
    """The pattern for blocks of lines; None where nothing proves that it finds the same as line by line."""
    try:
        proved = prove(text)
    except NotProvedError:
        return None
    return BlockPattern(proved.text, timeout, is_quick=proved.is_quick)
