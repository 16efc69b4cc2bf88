"""Regex Replace: every match of a Java pattern replaced, in the whole text or line by line."""

from dataclasses import dataclass
from functools import lru_cache

from flowrun import EvaluationError
from flowrun.dialect.regex import JavaPattern, compile_regex

from .line_search import LineSearch, line_search
from .lines import split_lines
from .match_replacement import MatchError, MatchReplacement
from .refusal import NotChangedError


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; `in_lines` finds the same faster where it can be used."""

    pattern: JavaPattern
    in_lines: LineSearch | None
    timeout: float


@lru_cache(maxsize=256)
def compile_search(text: str, timeout: float) -> Search:
    """The search for a Java pattern; `timeout` is in seconds, for one search. Raises ExpressionError."""
    return Search(compile_regex(text, timeout=timeout), line_search(text, timeout), timeout)


@dataclass(frozen=True, slots=True)
class RegexReplacement:
    """Each match replaced. Raises NotChangedError when the time is up, and what the replacement raises."""

    search: Search
    replacement: MatchReplacement

    def edit_text(self, text: str) -> str:
        """All matches in the whole text."""
        try:
            return self.search.pattern.sub(text, self.replacement)
        except MatchError:
            raise
        except EvaluationError as error:
            raise NotChangedError(
                f"the Search Value's regular expression took longer than {self.search.timeout:g} sec, or too much "
                "memory; a repetition of a repetition, such as (a+)+, may do that"
            ) from error

    def edit_lines(self, lines: str) -> str:
        """The matches in each line, whose end is part of the text searched."""
        if self.search.in_lines is not None:
            template = self.replacement.template
            replaced = self.search.in_lines.replace(lines, self.replacement if template is None else template)
            if replaced is not None:
                return replaced
        return "".join([self.edit_text(line) for line in split_lines(lines)])
