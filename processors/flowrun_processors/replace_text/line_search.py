"""A faster search for lines, where it is proved to find the same as a search line by line under a time limit.

The library looks at the clock for each search and each match, which takes longer than most of them.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING, TypeAlias

from flowrun.dialect.regex import SearchTime, compile_regex

from .lines import has_other_line_ends, split_lines
from .pattern_proof import NotProvedError, Proof, prove

if TYPE_CHECKING:
    from regex import Match, Pattern

LineReplacement: TypeAlias = "str | Callable[[Match[str]], str]"
"""What a match becomes: a template of the library, or what is called with it."""

_SHORT_LINE = 1024


class LineSearch:
    """Replaces in lines."""

    def __init__(self, pattern: str, proof: Proof) -> None:
        self._in_line = compile_regex(pattern).library_pattern
        self._in_block = compile_regex(proof.text).library_pattern if proof.within_lines else None
        self._is_quick = proof.is_quick
        self._needed = proof.needed
        # The library finds a text that is at a fixed place of the match as fast as the lines that hold it are found.
        self._picks_lines = bool(proof.needed) and proof.needed_at is None

    def replace(self, lines: str, replacement: LineReplacement, time: SearchTime) -> str | None:
        """The lines with each match replaced; None where only a search line by line, under a time limit, will do.

        Raises TimeoutError or EvaluationError when the time is up, and MemoryError.
        """
        if self._needed not in lines:
            return lines
        is_quick = self._is_quick and max(map(len, lines.split("\n"))) <= _SHORT_LINE
        if self._in_block is not None and not has_other_line_ends(lines):
            return "".join(self._blocks_replaced(self._in_block, lines, replacement, time, limited=not is_quick))
        if not is_quick:
            return None
        begun = perf_counter()
        edited = [self._in_line.sub(replacement, line) if self._needed in line else line for line in split_lines(lines)]
        time.spend(begun, len(lines))
        return "".join(edited)

    def _blocks_replaced(
        self, pattern: "Pattern[str]", lines: str, replacement: LineReplacement, time: SearchTime, *, limited: bool
    ) -> Iterator[str]:
        """All lines replaced together, or those in a row that hold what is needed, and those between as they are."""
        if not self._picks_lines:
            groups: Iterable[tuple[bool, Iterable[str]]] = ((True, (lines,)),)
        else:
            groups = groupby(split_lines(lines), lambda line: self._needed in line)
        for is_needed, group in groups:
            block = "".join(group)
            if not is_needed:
                yield block
            else:
                begun = perf_counter()
                yield pattern.sub(replacement, block, timeout=time.left if limited else None)
                time.spend(begun, len(block))


def line_search(pattern: str) -> LineSearch | None:
    """The faster search for a Java pattern; None where nothing is proved of it."""
    try:
        return LineSearch(pattern, prove(pattern))
    except NotProvedError:
        return None
