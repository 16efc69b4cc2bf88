"""Searching: whether, and where, a text or a regular expression occurs."""

from typing import TYPE_CHECKING

from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.java_text import find, find_last
from flowrun.expression.types import ResultType

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

_STRING, _BOOLEAN, _WHOLE = ResultType.STRING, ResultType.BOOLEAN, ResultType.WHOLE_NUMBER


def java_pattern(text: str) -> "JavaPattern":
    """The compiled regular expression."""
    from flowrun.dialect.regex import compile_regex  # loaded with the first regular expression

    return compile_regex(text)


def _in(subject: str, *values: str | None) -> bool:
    return subject in values


def _find(subject: str, pattern: "JavaPattern") -> bool:
    return pattern.search(subject) is not None


def _matches(subject: str, pattern: "JavaPattern") -> bool:
    return pattern.fullmatch(subject) is not None


def _index_of(subject: str | None, text: str) -> int:
    return -1 if subject is None else find(subject, text)


def _last_index_of(subject: str | None, text: str) -> int:
    return -1 if subject is None else find_last(subject, text)


_TEXT = (Argument("text", null=NullArgument.FALSE),)
_PATTERN = (Argument("regular expression", null=NullArgument.FALSE, prepare=java_pattern),)

FUNCTIONS = (
    Function(
        "startsWith",
        _STRING,
        _TEXT,
        _BOOLEAN,
        "Whether the subject starts with the text.",
        Example("${filename:startsWith('a ')}", "true", {"filename": "a file.txt"}),
        str.startswith,
        NullSubject.FALSE,
    ),
    Function(
        "endsWith",
        _STRING,
        _TEXT,
        _BOOLEAN,
        "Whether the subject ends with the text.",
        Example("${filename:endsWith('.txt')}", "true", {"filename": "a file.txt"}),
        str.endswith,
        NullSubject.FALSE,
    ),
    Function(
        "contains",
        _STRING,
        _TEXT,
        _BOOLEAN,
        "Whether the text occurs in the subject.",
        Example("${filename:contains('file')}", "true", {"filename": "a file.txt"}),
        str.__contains__,
        NullSubject.FALSE,
    ),
    Function(
        "in",
        _STRING,
        (Argument("value", is_repeated=True),),
        _BOOLEAN,
        "Whether the subject is one of the values, exactly; a null value is none.",
        Example("${colour:in('red', 'green')}", "true", {"colour": "green"}),
        _in,
        NullSubject.FALSE,
    ),
    Function(
        "find",
        _STRING,
        _PATTERN,
        _BOOLEAN,
        "Whether the regular expression matches anywhere in the subject.",
        Example("${filename:find('[0-9]{4}')}", "true", {"filename": "report-2024.csv"}),
        _find,
        NullSubject.FALSE,
    ),
    Function(
        "matches",
        _STRING,
        _PATTERN,
        _BOOLEAN,
        "Whether the regular expression matches the whole subject.",
        Example("${filename:matches('.*\\.csv')}", "true", {"filename": "report-2024.csv"}),
        _matches,
        NullSubject.FALSE,
    ),
    Function(
        "indexOf",
        _STRING,
        (Argument("text", null=NullArgument.ERROR),),
        _WHOLE,
        "Where the text occurs first, counted from 0; -1 where it does not, or the subject is null.",
        Example("${filename:indexOf('.')}", "1", {"filename": "a.tar.gz"}),
        _index_of,
        NullSubject.SEEN,
    ),
    Function(
        "lastIndexOf",
        _STRING,
        (Argument("text", null=NullArgument.ERROR),),
        _WHOLE,
        "Where the text occurs last, counted from 0; -1 where it does not, or the subject is null.",
        Example("${filename:lastIndexOf('.')}", "5", {"filename": "a.tar.gz"}),
        _last_index_of,
        NullSubject.SEEN,
    ),
)
