"""The regular expressions of filters: for one reading of a document they have a limited time together."""

from contextvars import ContextVar
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern, SearchTime

_TIME: "ContextVar[SearchTime | None]" = ContextVar("time for the regular expressions of filters", default=None)


def begin_reading() -> None:
    """Another document is read: the time begins anew."""
    _TIME.set(None)


def matches(pattern: "JavaPattern", text: str) -> bool:
    """Whether the pattern matches the whole text. Raises EvaluationError when the time is up."""
    time = _TIME.get()
    if time is None:
        from flowrun.dialect.regex import DEFAULT_TIMEOUT, SearchTime  # loaded with the first pattern

        time = SearchTime(DEFAULT_TIMEOUT)
        _TIME.set(time)
    begun = perf_counter()
    found = pattern.fullmatch(text, timeout=time.left)
    time.spend(begun, len(text))
    return found is not None
