"""Boolean logic: tests on a value, and what joins them."""

from typing import Any

from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError
from flowrun.expression.conversion import convert
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.scope import Scope
from flowrun.expression.types import Evaluate, ResultType, Term, Value

_BOOLEAN, _STRING = ResultType.BOOLEAN, ResultType.STRING


def is_blank(text: str | None) -> bool:
    """Whether a text is null, empty or only what `trim` drops."""
    return text is None or not trim(text)


def _equals(subject: Term, arguments: tuple[Term, ...]) -> Term:
    [argument] = arguments
    same_type = subject.type is argument.type
    # A Date is compared with other types as its milliseconds; all else as it prints.
    left, right = (
        term if same_type or term.type is ResultType.DATE else convert(term, _STRING) for term in (subject, argument)
    )
    if same_type and isinstance(right.value, str):
        return _boolean_term(_equal_to(left.evaluate, right.value), left, right)
    read, read_argument = left.evaluate, right.evaluate

    def evaluate(scope: Scope) -> Value:
        value = read(scope)
        if value is None:
            return False
        other = read_argument(scope)
        if other is None:
            return False
        return _is_same(value, other) if same_type else str(value) == str(other)

    return _boolean_term(evaluate, left, right)


def _equal_to(read: Evaluate, text: str) -> Evaluate:
    return lambda scope: read(scope) == text


def _is_same(left: Value, right: Value) -> bool:
    """Java's object equality: NaN equals NaN, 0.0 is not -0.0, and a whole number never equals a decimal."""
    if isinstance(left, float) or isinstance(right, float):
        return type(left) is type(right) and repr(left) == repr(right)
    return left == right


def _equals_ignore_case(subject: str, text: str) -> bool:
    if subject.isascii() and text.isascii():
        return subject.lower() == text.lower()
    return len(subject) == len(text) and all(map(_is_same_letter, subject, text))


def _is_same_letter(left: str, right: str) -> bool:
    """Java compares one character with one: `ß` is not `SS`."""
    if left == right:
        return True
    left, right = _simple_upper(left), _simple_upper(right)
    return left == right or left.lower()[0] == right.lower()[0]


def _simple_upper(character: str) -> str:
    for candidate in (character.upper(), character.title()):
        if len(candidate) == 1:
            return candidate
    return character


def _and(subject: Term, arguments: tuple[Term, ...]) -> Term:
    return _joined(subject, arguments[0], decisive=False)


def _or(subject: Term, arguments: tuple[Term, ...]) -> Term:
    return _joined(subject, arguments[0], decisive=True)


def _joined(subject: Term, argument: Term, *, decisive: bool) -> Term:
    """A subject that is `decisive` settles it; else the argument does, which is evaluated once for all values."""
    read, read_argument = subject.evaluate, argument.evaluate
    key = object()

    def evaluate(scope: Scope) -> Value:
        if read(scope) is decisive:
            return decisive
        memory = scope.memory
        if memory is None:
            return read_argument(scope)
        if key not in memory:
            memory[key] = read_argument(scope)
        remembered: Value = memory[key]
        return remembered

    return _boolean_term(evaluate, subject, argument)


def _not(subject: bool | None) -> bool:
    if subject is None:
        raise EvaluationError("not(): the subject is null")
    return not subject


def _if_else(subject: Term, arguments: tuple[Term, ...]) -> Term:
    read = subject.evaluate
    if_true, if_false = (argument.evaluate for argument in arguments)
    depth = max(term.depth for term in (subject, *arguments)) + 1
    return Term(
        _STRING,
        lambda scope: if_true(scope) if read(scope) is True else if_false(scope),
        column=subject.column,
        name="",
        depth=depth,
    )


def _boolean_term(evaluate: Any, *parts: Term) -> Term:
    depth = max(part.depth for part in parts) + 1
    return Term(_BOOLEAN, evaluate, column=parts[0].column, name="", depth=depth)


def _is_json(subject: str) -> bool:
    from flowrun.dialect.json_text import read_json  # loaded with the first document

    text = trim(subject)
    if text[:1] + text[-1:] not in ("{}", "[]"):
        return False
    try:
        read_json(text)
    except EvaluationError:
        return False
    return True


FUNCTIONS = (
    Function(
        "isNull",
        None,
        (),
        _BOOLEAN,
        "Whether the subject is missing. An empty string is not null.",
        Example("${filename:isNull()}", "true"),
        lambda subject: subject is None,
        NullSubject.SEEN,
    ),
    Function(
        "notNull",
        None,
        (),
        _BOOLEAN,
        "Whether the subject is there.",
        Example("${filename:notNull()}", "true", {"filename": ""}),
        lambda subject: subject is not None,
        NullSubject.SEEN,
    ),
    Function(
        "isEmpty",
        _STRING,
        (),
        _BOOLEAN,
        "Whether the subject is null, empty or only white space.",
        Example("${title:isEmpty()}", "true", {"title": "  "}),
        is_blank,
        NullSubject.SEEN,
    ),
    Function(
        "equals",
        None,
        (Argument("value", None, NullArgument.FALSE),),
        _BOOLEAN,
        "Whether both are the same. Values of different types are compared as they print, a Date as its milliseconds: "
        "the whole number 7 is not 7.0. Null equals nothing.",
        Example("${filename:equals('hello.txt')}", "true", {"filename": "hello.txt"}),
        null_subject=NullSubject.FALSE,
        build=_equals,
    ),
    Function(
        "equalsIgnoreCase",
        _STRING,
        (Argument("text", _STRING, NullArgument.FALSE),),
        _BOOLEAN,
        "Whether both are the same text when case does not count.",
        Example("${filename:equalsIgnoreCase('hello.txt')}", "true", {"filename": "HELLO.TXT"}),
        _equals_ignore_case,
        NullSubject.FALSE,
    ),
    Function(
        "and",
        _BOOLEAN,
        (Argument("condition", _BOOLEAN),),
        _BOOLEAN,
        "False if the subject is false, else the condition, which may be null; a null subject leaves it to the "
        "condition, too. The condition is evaluated once, whatever the number of attributes.",
        Example("${size:gt(0):and(${size:lt(10)})}", "true", {"size": "5"}),
        null_subject=NullSubject.SEEN,
        build=_and,
    ),
    Function(
        "or",
        _BOOLEAN,
        (Argument("condition", _BOOLEAN),),
        _BOOLEAN,
        "True if the subject is true, else the condition, which may be null. The condition is evaluated once, whatever "
        "the number of attributes.",
        Example("${name:isNull():or(${name:equals('')})}", "true", {"name": ""}),
        null_subject=NullSubject.SEEN,
        build=_or,
    ),
    Function(
        "not",
        _BOOLEAN,
        (),
        _BOOLEAN,
        "True for false, false for true; an error for null.",
        Example("${filename:endsWith('.gz'):not()}", "true", {"filename": "a.txt"}),
        _not,
        NullSubject.SEEN,
    ),
    Function(
        "ifElse",
        _BOOLEAN,
        (Argument("if true"), Argument("if false")),
        _STRING,
        "The first argument if the subject is true, else (for null, too) the second. Only the one chosen is evaluated.",
        Example("${size:gt(100):ifElse('large', 'small')}", "small", {"size": "7"}),
        null_subject=NullSubject.SEEN,
        build=_if_else,
    ),
    Function(
        "isJson",
        _STRING,
        (),
        _BOOLEAN,
        "Whether the text, without the blanks around it, is between `{}` or `[]` and starts with a strict JSON value; "
        "what follows the first value does not count.",
        Example("${body:isJson()}", "true", {"body": '{"a": [1, 2]}'}),
        _is_json,
        NullSubject.FALSE,
    ),
)
