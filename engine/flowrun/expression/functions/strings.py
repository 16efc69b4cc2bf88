"""Strings: case, white space, length, parts put together, defaults for what is missing."""

from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.conversion import int_value
from flowrun.expression.functions.boolean import is_blank
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.java_text import check_length, has_pairs, length, slice_units, united, units
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType

_STRING, _WHOLE = ResultType.STRING, ResultType.WHOLE_NUMBER

_INT_MAX = (1 << 31) - 1
_DEFAULT_PAD = "_"


def _append(subject: str | None, text: str | None) -> str:
    return (subject or "") + (text or "")


def _prepend(subject: str | None, text: str | None) -> str:
    return (text or "") + (subject or "")


def _replace(subject: str, text: str, replacement: str) -> str:
    if not text and has_pairs(subject):
        subject = units(subject)
    grows = len(replacement) - len(text)
    if grows > 0:
        check_length(len(subject) + grows * subject.count(text), "replace")
    return united(subject.replace(text, replacement))


def _padding(subject: str, wanted: int | None, pad: str | None) -> str:
    missing = wanted - length(subject) if wanted is not None and wanted <= _INT_MAX else 0
    if missing <= 0:
        return ""
    check_length(missing, "padLeft() or padRight")
    pad = pad or _DEFAULT_PAD
    return slice_units(pad * (missing // length(pad) + 1), 0, missing)


def _pad_left(subject: str, wanted: int | None, pad: str | None = None) -> str:
    return _padding(subject, wanted, pad) + subject


def _pad_right(subject: str, wanted: int | None, pad: str | None = None) -> str:
    return subject + _padding(subject, wanted, pad)


def _replace_null(subject: str | None, value: str | None) -> str | None:
    return value if subject is None else subject


def _replace_empty(subject: str | None, value: str | None) -> str | None:
    return value if is_blank(subject) else subject


def _length(subject: str | None) -> int:
    return 0 if subject is None else length(subject)


def _repeat(subject: str, fewest: int, most: int | None = None) -> str:
    fewest = int_value(fewest)
    most = fewest if most is None else int_value(most)
    if fewest < 1:
        raise EvaluationError(f"repeat(): expected a number of at least 1, found {fewest}")
    if fewest > most:
        raise EvaluationError(f"repeat(): the fewest, {fewest}, is more than the most, {most}")
    check_length(most * len(subject), "repeat")
    if most == fewest:
        return subject * fewest
    from random import randint  # costs an import, for a rare form

    return subject * randint(fewest, most)


def _evaluate_string(scope: Scope, subject: str) -> str:
    from flowrun.expression import evaluate_value  # the language within the language

    try:
        return evaluate_value(subject, scope.nested())
    except (EvaluationError, ExpressionError) as error:
        raise EvaluationError(f"evaluateELString(): {error}") from error


_TEXT_ARGUMENT = (Argument("text"),)
_PAD_ARGUMENTS = (Argument("length", _WHOLE), Argument("pad", is_optional=True))
_PADDING = (
    "; the pad (`_` where it is missing, null or empty) is repeated and cut to fit. A length that is no number, not "
    "above 0, over 2147483647 or not above the subject's changes nothing."
)

FUNCTIONS = (
    Function(
        "toUpper",
        _STRING,
        (),
        _STRING,
        "The subject in upper case, by the rules of Unicode: `ß` becomes `SS`.",
        Example("${filename:toUpper()}", "ABC.TXT", {"filename": "abc.txt"}),
        str.upper,
    ),
    Function(
        "toLower",
        _STRING,
        (),
        _STRING,
        "The subject in lower case, by the rules of Unicode.",
        Example("${filename:toLower()}", "abc.txt", {"filename": "ABC.TXT"}),
        str.lower,
    ),
    Function(
        "trim",
        _STRING,
        (),
        _STRING,
        "The subject without blanks and control characters (up to U+0020) at both ends; no-break spaces stay.",
        Example("${title:trim()}", "1 2 3", {"title": "   1 2 3\t"}),
        trim,
    ),
    Function(
        "length",
        _STRING,
        (),
        _WHOLE,
        "The number of UTF-16 units, so that `😀` counts 2; 0 for null.",
        Example("${filename:length()}", "7", {"filename": "abc.txt"}),
        _length,
        NullSubject.SEEN,
    ),
    Function(
        "append",
        _STRING,
        _TEXT_ARGUMENT,
        _STRING,
        "The subject with the text behind it; null counts as an empty string on both sides.",
        Example("${filename:append('.gz')}", "a.txt.gz", {"filename": "a.txt"}),
        _append,
        NullSubject.SEEN,
    ),
    Function(
        "prepend",
        _STRING,
        _TEXT_ARGUMENT,
        _STRING,
        "The subject with the text in front of it; null counts as an empty string on both sides.",
        Example("${filename:prepend('new-')}", "new-a.txt", {"filename": "a.txt"}),
        _prepend,
        NullSubject.SEEN,
    ),
    Function(
        "replace",
        _STRING,
        (Argument("text", null=NullArgument.ERROR), Argument("replacement", null=NullArgument.ERROR)),
        _STRING,
        "The subject with every occurrence of the text replaced, both taken as they are; an empty text is found "
        "between all characters.",
        Example("${filename:replace('.', '_')}", "a_b_txt", {"filename": "a.b.txt"}),
        _replace,
    ),
    Function(
        "padLeft",
        _STRING,
        _PAD_ARGUMENTS,
        _STRING,
        "The subject filled up on the left to the length" + _PADDING,
        Example("${number:padLeft(6, '0')}", "000042", {"number": "42"}),
        _pad_left,
    ),
    Function(
        "padRight",
        _STRING,
        _PAD_ARGUMENTS,
        _STRING,
        "The subject filled up on the right to the length" + _PADDING,
        Example("${greeting:padRight(8, '.')}", "hello...", {"greeting": "hello"}),
        _pad_right,
    ),
    Function(
        "repeat",
        _STRING,
        (
            Argument("fewest", _WHOLE, NullArgument.ERROR),
            Argument("most", _WHOLE, NullArgument.ERROR, is_optional=True),
        ),
        _STRING,
        "The subject so many times, or with two numbers a random number of times between them, both included. A number "
        "below 1, or a first above the second, is an error.",
        Example("${text:repeat(3)}", "ababab", {"text": "ab"}),
        _repeat,
        NullSubject.EMPTY,
        is_pure=False,
    ),
    Function(
        "replaceNull",
        _STRING,
        (Argument("value"),),
        _STRING,
        "The value if the subject is null, else the subject.",
        Example("${owner:replaceNull('nobody')}", "nobody"),
        _replace_null,
        NullSubject.SEEN,
    ),
    Function(
        "replaceEmpty",
        _STRING,
        (Argument("value"),),
        _STRING,
        "The value if the subject is null, empty or only white space, else the subject.",
        Example("${owner:replaceEmpty('nobody')}", "nobody", {"owner": " "}),
        _replace_empty,
        NullSubject.SEEN,
    ),
    Function(
        "evaluateELString",
        _STRING,
        (),
        _STRING,
        "The subject's text, evaluated as an expression that sees the same names. Parameters are null there, and text "
        "that is no valid expression is an error.",
        Example("${query:evaluateELString()}", "id = 7", {"query": "id = ${id}", "id": "7"}),
        _evaluate_string,
        sees_scope=True,
    ),
)
