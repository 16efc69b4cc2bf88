"""Delimited lists in one string. The delimiter is plain text."""

from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.types import ResultType

_STRING = ResultType.STRING


def _compact(subject: str, delimiter: str) -> str:
    if not delimiter:
        return subject
    return delimiter.join(token for token in subject.split(delimiter) if token)


def _trim(subject: str, delimiter: str) -> str:
    if not delimiter:
        return subject
    tokens = subject.split(delimiter)
    while tokens and not tokens[0]:
        del tokens[0]
    while tokens and not tokens[-1]:
        del tokens[-1]
    return delimiter.join(tokens)


def _unique(subject: str, delimiter: str) -> str:
    if not delimiter:
        return subject
    return delimiter.join(dict.fromkeys(subject.split(delimiter)))


_DELIMITER = (Argument("delimiter", null=NullArgument.SUBJECT),)

FUNCTIONS = (
    Function(
        "compactDelimitedList",
        _STRING,
        _DELIMITER,
        _STRING,
        "The list without its empty values. White space is not empty; an empty delimiter changes nothing.",
        Example("${tags:compactDelimitedList(',')}", "a,b,c", {"tags": ",,a,,b,c,"}),
        _compact,
        NullSubject.EMPTY,
    ),
    Function(
        "trimDelimitedList",
        _STRING,
        _DELIMITER,
        _STRING,
        "The list without the empty values at both ends. An empty delimiter changes nothing.",
        Example("${tags:trimDelimitedList(',')}", "a,,b", {"tags": ",,a,,b,"}),
        _trim,
        NullSubject.EMPTY,
    ),
    Function(
        "unique",
        _STRING,
        _DELIMITER,
        _STRING,
        "The list without repeats, in its order; an empty value counts as one. An empty delimiter changes nothing.",
        Example("${tags:unique(',')}", "red,blue", {"tags": "red,blue,red"}),
        _unique,
        NullSubject.EMPTY,
    ),
)
