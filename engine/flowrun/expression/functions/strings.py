"""Strings: case, white space, length, parts put together, defaults for what is missing."""

from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.functions.boolean import is_blank
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.java_text import check_length, has_pairs, length, shown, united, units
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType

_STRING, _WHOLE = ResultType.STRING, ResultType.WHOLE_NUMBER


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


def _replace_null(subject: str | None, value: str | None) -> str | None:
    return value if subject is None else subject


def _replace_empty(subject: str | None, value: str | None) -> str | None:
    return value if is_blank(subject) else subject


def _length(subject: str | None) -> int:
    return 0 if subject is None else length(subject)


def _evaluate_string(scope: Scope, subject: str) -> str:
    from flowrun.expression import evaluate_value  # the language within the language

    try:
        return evaluate_value(subject, scope.nested())
    except ExpressionError as error:
        raise EvaluationError(f"evaluateELString(): {shown(subject)} is no expression: {error.message}") from error
    except EvaluationError as error:
        # Of texts within texts, only the innermost says what is wrong.
        raise EvaluationError(f"evaluateELString(): {str(error).removeprefix('evaluateELString(): ')}") from error


_TEXT_ARGUMENT = (Argument("text"),)
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
