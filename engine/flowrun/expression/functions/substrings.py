"""Parts of a string: by position, before and after a text, and one field of a delimited line."""

from flowrun.errors import EvaluationError
from flowrun.expression.conversion import int_value
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.java_text import length, shown, slice_units
from flowrun.expression.types import ResultType

_STRING, _WHOLE, _BOOLEAN = ResultType.STRING, ResultType.WHOLE_NUMBER, ResultType.BOOLEAN


def _substring(subject: str, start: int, end: int | None = None) -> str:
    size = length(subject)
    start = int_value(start)
    end = size if end is None else int_value(end)
    return slice_units(subject, start, end) if 0 <= start <= end <= size else ""


def _substring_before(subject: str, text: str | None) -> str:
    return subject.partition(text)[0] if text else subject


def _substring_after(subject: str, text: str | None) -> str:
    if not text:
        return subject
    _, found, after = subject.partition(text)
    return after if found else subject


def _substring_before_last(subject: str, text: str) -> str:
    if not text:
        return subject
    before, found, _ = subject.rpartition(text)
    return before if found else subject


def _substring_after_last(subject: str, text: str) -> str:
    return subject.rpartition(text)[2] if text else subject


def _get_delimited_field(
    subject: str,
    index: int,
    delimiter: str | None = ",",
    quote: str | None = '"',
    escape: str | None = "\\",
    strip: bool | None = False,
) -> str:
    if not subject:
        return ""
    if index is None:
        raise EvaluationError("getDelimitedField(): the index is not a number")
    if index < 1:
        return ""
    marks = [_single(name, mark) for name, mark in (("delimiter", delimiter), ("quote", quote), ("escape", escape))]
    if len(set(marks)) < len(marks):
        raise EvaluationError(
            f"getDelimitedField(): delimiter, quote and escape must differ, found {', '.join(map(shown, marks))}"
        )
    fields = _fields(subject, *marks, strip=strip is True)
    index = int_value(index)
    return fields[index - 1] if 0 < index <= len(fields) else ""


def _single(name: str, mark: str | None) -> str:
    if mark is None or length(mark) != 1:
        raise EvaluationError(f"getDelimitedField(): the {name} must be one character, found {shown(mark)}")
    return mark


def _fields(line: str, delimiter: str, quote: str, escape: str, *, strip: bool) -> list[str]:
    fields: list[str] = []
    field: list[str] = []
    is_quoted = is_escaped = False
    for character in line:
        if character == quote and not is_escaped:
            is_quoted = not is_quoted
            if not strip:
                field.append(character)
        elif character == delimiter and not is_escaped and not is_quoted:
            fields.append("".join(field))
            field.clear()
        elif character != escape or not strip:
            field.append(character)
        is_escaped = character == escape and not is_escaped
    fields.append("".join(field))
    return fields


_TEXT = (Argument("text", null=NullArgument.SUBJECT),)
_TEXT_NEEDED = (Argument("text", null=NullArgument.ERROR),)

FUNCTIONS = (
    Function(
        "substring",
        _STRING,
        (
            Argument("start", _WHOLE, NullArgument.ERROR),
            Argument("end", _WHOLE, NullArgument.ERROR, is_optional=True),
        ),
        _STRING,
        "The characters from start (the first is 0) up to, not with, end. A position outside of the subject, or a "
        "start behind the end, gives an empty string; what is no number is an error.",
        Example("${filename:substring(0, 4)}", "2024", {"filename": "20240131.csv"}),
        _substring,
        NullSubject.EMPTY,
    ),
    Function(
        "substringBefore",
        _STRING,
        _TEXT,
        _STRING,
        "What is before the first occurrence of the text; all of it where the text is absent or empty.",
        Example("${filename:substringBefore('.')}", "a", {"filename": "a.tar.gz"}),
        _substring_before,
        NullSubject.EMPTY,
    ),
    Function(
        "substringBeforeLast",
        _STRING,
        _TEXT_NEEDED,
        _STRING,
        "What is before the last occurrence of the text; all of it where the text is absent or empty.",
        Example("${filename:substringBeforeLast('.')}", "a.tar", {"filename": "a.tar.gz"}),
        _substring_before_last,
        NullSubject.EMPTY,
    ),
    Function(
        "substringAfter",
        _STRING,
        _TEXT,
        _STRING,
        "What is behind the first occurrence of the text; all of it where the text is absent or empty.",
        Example("${filename:substringAfter('.')}", "tar.gz", {"filename": "a.tar.gz"}),
        _substring_after,
        NullSubject.EMPTY,
    ),
    Function(
        "substringAfterLast",
        _STRING,
        _TEXT_NEEDED,
        _STRING,
        "What is behind the last occurrence of the text; all of it where the text is absent or empty.",
        Example("${filename:substringAfterLast('.')}", "gz", {"filename": "a.tar.gz"}),
        _substring_after_last,
        NullSubject.EMPTY,
    ),
    Function(
        "getDelimitedField",
        _STRING,
        (
            Argument("index", _WHOLE),
            Argument("delimiter", is_optional=True),
            Argument("quote", is_optional=True),
            Argument("escape", is_optional=True),
            Argument("strip", _BOOLEAN, is_optional=True),
        ),
        _STRING,
        "One field of a delimited line, the first is 1. Delimiter, quote and escape are one character each, and "
        'differ; they are `,`, `"` and `\\` where not given. Quotes and escapes stay in the field unless strip is '
        "true. A field that is not there gives an empty string.",
        Example("${line:getDelimitedField(2, ';')}", "b", {"line": "a;b;c"}),
        _get_delimited_field,
        NullSubject.EMPTY,
    ),
)
