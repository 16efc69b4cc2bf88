"""Regex Replace: every match of a Java pattern replaced, in the whole text or line by line."""

from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

from flowrun import EvaluationError
from flowrun.dialect.regex import JavaPattern, SearchTime, compile_regex

from .line_search import LineSearch, line_search
from .line_stretch import LineStretch, line_stretch
from .lines import split_lines
from .match_replacement import MatchError, MatchReplacement, library_template
from .refusal import NotChangedError


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; `in_lines` and `stretch` find the same faster where they can be used."""

    pattern: JavaPattern
    in_lines: LineSearch | None
    stretch: LineStretch | None
    timeout: float


@lru_cache(maxsize=256)
def compile_search(text: str, timeout: float) -> Search:
    """The search for a Java pattern; `timeout` is in seconds, for one flowfile. Raises ExpressionError."""
    return Search(compile_regex(text), line_search(text), line_stretch(text), timeout)


class RegexReplacement:
    """Each match replaced, in one flowfile.

    Raises NotChangedError when the time for all its searches is up, and what the replacement raises.
    """

    def __init__(self, search: Search, replacement: MatchReplacement) -> None:
        self._search = search
        self._replacement = replacement
        self._time = SearchTime(search.timeout)

    def edit_text(self, text: str) -> str:
        """All matches in the whole text."""
        begun = perf_counter()
        try:
            edited = self._search.pattern.sub(text, self._replacement, timeout=self._time.left)
            self._time.spend(begun, len(text))
        except MatchError:
            raise
        except EvaluationError as error:
            raise self._time_is_up() from error
        return edited

    def edit_lines(self, lines: str) -> str:
        """The matches in each line, whose end is part of the text searched."""
        edited = self._edit_many_lines(lines)
        return "".join([self.edit_text(line) for line in split_lines(lines)]) if edited is None else edited

    def _edit_many_lines(self, lines: str) -> str | None:
        """The same for all lines at once; None where that is not possible."""
        pieces = self._replacement.pieces
        if self._search.stretch is not None and pieces is not None:
            return self._search.stretch.replace(lines, pieces[::2])
        if self._search.in_lines is None:
            return None
        replacement = self._replacement if pieces is None else library_template(pieces)
        try:
            return self._search.in_lines.replace(lines, replacement, self._time)
        except MatchError:
            raise
        except (EvaluationError, TimeoutError, MemoryError) as error:
            raise self._time_is_up() from error

    def _time_is_up(self) -> NotChangedError:
        return NotChangedError(
            f"the Search Value's regular expression took longer than {self._search.timeout:g} sec in all, or too much "
            "memory; a repetition of a repetition, such as (a+)+, may do that"
        )
