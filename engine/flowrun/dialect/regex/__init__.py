"""The regular expressions of `java.util.regex`, translated for the `regex` library."""

from flowrun.dialect.regex.pattern import DEFAULT_TIMEOUT, JavaPattern, compile_regex, quote, split
from flowrun.dialect.regex.replacement import Replacement, compile_replacement
from flowrun.dialect.regex.search_time import SearchTime

__all__ = [
    "DEFAULT_TIMEOUT",
    "JavaPattern",
    "Replacement",
    "SearchTime",
    "compile_regex",
    "compile_replacement",
    "quote",
    "split",
]
