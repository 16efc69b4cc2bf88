"""Java's regular expressions, matched by the `regex` library within a time limit."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from time import process_time
from types import MappingProxyType
from typing import Final

import regex

from flowrun.dialect.regex.assertions import LAST_MATCH
from flowrun.dialect.regex.translation import Translation, translate
from flowrun.errors import EvaluationError, ExpressionError

DEFAULT_TIMEOUT: Final = 5.0

_COMPILE_ERRORS: Final = (regex.error, ValueError, OverflowError, RecursionError, MemoryError)
_MATCH_ERRORS: Final = (TimeoutError, MemoryError)


class JavaPattern:
    """A pattern of `java.util.regex`; every search ends within the time limit, or raises EvaluationError.

    The limit is the pattern's own unless a `timeout` is given: seconds of CPU time of the process. `library_pattern` is
    the library's, which has none: for who has proved that it is quick.
    """

    def __init__(self, text: str, translation: Translation, *, timeout: float) -> None:
        self.text = text
        self.groups = translation.groups
        self.group_names: Mapping[str, int] = MappingProxyType(translation.group_names)
        self.library_pattern = _compiled(translation.text)
        self._timeout = timeout
        # Where an empty match has just been, no place that is searched next is the end of the last match.
        other = translation.text.replace(LAST_MATCH, "(?!)")
        self._after_empty = self.library_pattern if other == translation.text else _compiled(other)

    def fullmatch(self, text: str, *, timeout: float | None = None) -> "regex.Match[str] | None":
        """The match of the whole text: Java's `matches()`."""
        try:
            return self.library_pattern.fullmatch(text, timeout=timeout or self._timeout)
        except _MATCH_ERRORS as error:
            raise self._expired(error, timeout) from None

    def search(self, text: str, *, timeout: float | None = None) -> "regex.Match[str] | None":
        """The first match anywhere: Java's `find()`."""
        try:
            return self.library_pattern.search(text, timeout=timeout or self._timeout)
        except _MATCH_ERRORS as error:
            raise self._expired(error, timeout) from None

    def finditer(self, text: str, *, timeout: float | None = None) -> Iterator["regex.Match[str]"]:
        """The matches that repeated `find()` gives: after an empty one, the next begins a character further on."""
        pattern, start = self.library_pattern, 0
        limit, deadline = timeout or self._timeout, 0.0
        try:
            while start <= len(text):
                for match in pattern.finditer(text, start, timeout=limit):
                    yield match
                    start, empty = match.end(), match.end() == match.start()
                    if empty or pattern is not self.library_pattern:
                        break
                else:
                    return
                pattern, start = (self._after_empty, start + 1) if empty else (self.library_pattern, start)
                # The library's limit holds from here on anew: what is left of the time is for all that follows.
                deadline = deadline or process_time() + limit
                limit = deadline - process_time()
                if limit <= 0:
                    raise TimeoutError
        except _MATCH_ERRORS as error:
            raise self._expired(error, timeout) from None

    def sub(self, text: str, replacer: Callable[["regex.Match[str]"], str], *, timeout: float | None = None) -> str:
        """The text with each match replaced: Java's `replaceAll`."""
        parts: list[str] = []
        end = 0
        for match in self.finditer(text, timeout=timeout):
            parts += (text[end : match.start()], replacer(match))
            end = match.end()
        if not parts:
            return text
        return "".join([*parts, text[end:]])

    def _expired(self, error: BaseException, timeout: float | None) -> EvaluationError:
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        if isinstance(error, TimeoutError):
            limit = timeout or self._timeout
            reason = f"took longer than {limit:.3g} sec; a repetition of a repetition, such as (a+)+, may do that"
        else:
            reason = "needs more memory than there is"
        return EvaluationError(f"the regular expression {shown!r} {reason}")


def _compiled(text: str) -> "regex.Pattern[str]":
    try:
        return regex.compile(text, regex.VERSION1, cache_pattern=False)
    except _COMPILE_ERRORS as error:
        raise ExpressionError(f"the regular expression cannot be used: {error}") from error


@lru_cache(maxsize=1024)
def compile_regex(text: str, *, timeout: float = DEFAULT_TIMEOUT) -> JavaPattern:
    """The Java pattern; raises ExpressionError with the column where it is none, or cannot be translated."""
    return JavaPattern(text, translate(text), timeout=timeout)


def quote(text: str) -> str:
    """The pattern that matches exactly the text: Java's `Pattern.quote`."""
    return "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E"


def split(pattern: JavaPattern, text: str) -> list[str]:
    """The parts between the matches, as Java's `String.split`.

    Empty parts at the end are dropped, and so is the one before an empty match at the start.
    """
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        if end == match.start() == match.end() == 0:
            continue
        parts.append(text[end : match.start()])
        end = match.end()
    if not parts:
        return [text]
    parts.append(text[end:])
    while parts and not parts[-1]:
        parts.pop()
    return parts
