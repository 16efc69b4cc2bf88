"""Regex Replace: every match of a Java pattern replaced, in the whole text or line by line."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flowrun import EvaluationError
from flowrun.dialect.regex import JavaPattern, compile_regex

from .block_pattern import BlockPattern, block_pattern
from .lines import split_lines
from .match_replacement import MatchError

if TYPE_CHECKING:
    import regex


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `block` finds the same in many lines at once; None where that can't be proved."""

    pattern: JavaPattern
    block: BlockPattern | None
    timeout: float


@lru_cache(maxsize=256)
def compile_search(text: str, timeout: float) -> Search:
    """The search for a Java pattern; `timeout` is in seconds, for one search. Raises ExpressionError."""
    return Search(compile_regex(text, timeout=timeout), block_pattern(text, timeout), timeout)


@dataclass(frozen=True, slots=True)
class RegexReplacement:
    """Each match replaced by what `replacement` makes of it. Raises EvaluationError when the time is up."""

    search: Search
    replacement: "Callable[[regex.Match[str]], str]"

    def edit_text(self, text: str) -> str:
        """All matches in the whole text."""
        try:
            return self.search.pattern.sub(text, self.replacement)
        except MatchError:
            raise
        except EvaluationError as error:
            raise EvaluationError(
                f"the Search Value's regular expression took longer than {self.search.timeout:g} sec, or too much "
                "memory; a repetition of a repetition, such as (a+)+, may do that"
            ) from error

    def edit_lines(self, lines: str) -> str:
        """The matches in each line, whose end is part of the text searched."""
        block = self.search.block
        if block is not None and block.fits(lines):
            try:
                return block.replace(lines, self.replacement)
            except TimeoutError:
                pass  # a time limit is for one line: the lines one by one may all keep it
        return "".join([self.edit_text(line) for line in split_lines(lines)])
