"""JSON: looking into a document and changing it, by Jayway's JSONPath.

Source: NiFi's `JsonPathBaseEvaluator` and what derives from it; its document must be strict JSON.
"""

from typing import TYPE_CHECKING

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.call import call
from flowrun.expression.functions.declaration import Argument, Build, Example, Function, NullArgument, NullSubject
from flowrun.expression.types import ResultType, Term

if TYPE_CHECKING:
    from flowrun.dialect.json_text import JsonValue
    from flowrun.dialect.jsonpath import Found, JsonPath

_STRING = ResultType.STRING


def _json_path(text: str) -> "JsonPath":
    from flowrun.dialect.jsonpath import JsonPath  # loaded with the first path

    return JsonPath.compile(text)


def _document(name: str, subject: str | None) -> "JsonValue":
    from flowrun.dialect.json_text import read_document

    if not subject:
        raise EvaluationError(f"{name}(): expected a JSON document, found {'null' if subject is None else 'nothing'}")
    try:
        return read_document(subject)
    except EvaluationError as error:
        raise EvaluationError(f"{name}(): {error}") from error


def _look(subject: str | None, path: "JsonPath") -> str:
    from flowrun.dialect.jsonpath import Absence

    document = _document("jsonPath", subject)
    try:
        found = path.read(document)
    except EvaluationError:  # NiFi takes any failure of the path as a place that is not there
        return ""
    return "" if isinstance(found, Absence) else _printed(found)


def _printed(value: "JsonValue") -> str:
    """A scalar as plain text, what a list of one holds, or compact JSON."""
    from flowrun.dialect.json_text import print_json, print_scalar

    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return print_json(value) if isinstance(value, list | dict) else print_scalar(value)


def _edited(document: "JsonValue", edited: "Found", *, missing: str | None = None) -> str:
    """The document after an edit, before it where the place is missing, or nothing where it can't be edited so."""
    from flowrun.dialect.json_text import print_json
    from flowrun.dialect.jsonpath import NOT_FOUND, Absence

    if edited is NOT_FOUND:
        return print_json(document) if missing is None else missing
    return "" if isinstance(edited, Absence) else print_json(edited)


def _delete(subject: str | None, path: "JsonPath") -> str:
    document = _document("jsonPathDelete", subject)
    return _edited(document, path.delete(document))


def _set(subject: str | None, path: "JsonPath", value: "JsonValue") -> str:
    document = _document("jsonPathSet", subject)
    return _edited(document, path.set(document, value))


def _add(subject: str | None, path: "JsonPath", value: "JsonValue") -> str:
    document = _document("jsonPathAdd", subject)
    return _edited(document, path.add(document, value))


def _put(subject: str | None, path: "JsonPath", key: str, value: str | None) -> str:
    document = _document("jsonPathPut", subject)
    return _edited(document, path.put(document, key, value), missing="")


_PATH = Argument("path", null=NullArgument.ERROR, prepare=_json_path)
_ANY_PATH = Argument("path", null=NullArgument.ERROR)
_VALUE = Argument("value", None)
_KEY = Argument("key", null=NullArgument.ERROR)
_EXAMPLE = Example("", "")

_SET = Function("jsonPathSet", _STRING, (_PATH, _VALUE), _STRING, "", _EXAMPLE, _set, NullSubject.SEEN)
_ADD = Function("jsonPathAdd", _STRING, (_PATH, _VALUE), _STRING, "", _EXAMPLE, _add, NullSubject.SEEN)
_PUT = Function("jsonPathPut", _STRING, (_PATH, _KEY, Argument("value")), _STRING, "", _EXAMPLE, _put, NullSubject.SEEN)


def _building(function: Function) -> Build:
    """The function, but for Dates and Instants, which have no form in JSON."""

    def build(subject: Term, arguments: tuple[Term, ...]) -> Term:
        for argument in arguments[1:]:
            if argument.type in (ResultType.DATE, ResultType.INSTANT):
                raise ExpressionError(
                    f"{argument.name} gives a {argument.type.value}, which can't be put into JSON: add toNumber(), "
                    "toString() or format(…)",
                    column=argument.column,
                )
        return call(function, subject, arguments, subject.column)

    return build


FUNCTIONS = (
    Function(
        "jsonPath",
        _STRING,
        (_PATH,),
        _STRING,
        "What the path leads to: a text, number or Boolean as it is, null as an empty string, what a list of one "
        "holds, other lists and objects as compact JSON; an empty string where it leads nowhere. A subject that is no "
        "JSON is an error.",
        Example("${body:jsonPath('$.user.name')}", "Ada", {"body": '{"user": {"name": "Ada"}}'}),
        _look,
        NullSubject.SEEN,
    ),
    Function(
        "jsonPathDelete",
        _STRING,
        (_PATH,),
        _STRING,
        "The document without what the path leads to; unchanged where it leads nowhere. A subject that is no JSON is "
        "an error.",
        Example("${body:jsonPathDelete('$.b')}", '{"a":1}', {"body": '{"a": 1, "b": 2}'}),
        _delete,
        NullSubject.SEEN,
    ),
    Function(
        "jsonPathSet",
        _STRING,
        (_ANY_PATH, _VALUE),
        _STRING,
        "The document with the value where the path leads, a text, number, Boolean or null; unchanged where it leads "
        "nowhere, an empty string for `$`. A subject that is no JSON is an error.",
        Example("${body:jsonPathSet('$.a', 5)}", '{"a":5}', {"body": '{"a": 1}'}),
        null_subject=NullSubject.SEEN,
        build=_building(_SET),
    ),
    Function(
        "jsonPathAdd",
        _STRING,
        (_ANY_PATH, _VALUE),
        _STRING,
        "The document with the value at the end of the list where the path leads; unchanged where it leads nowhere, an "
        "empty string where there is no list. A subject that is no JSON is an error.",
        Example("${body:jsonPathAdd('$.list', 'x')}", '{"list":[1,"x"]}', {"body": '{"list": [1]}'}),
        null_subject=NullSubject.SEEN,
        build=_building(_ADD),
    ),
    Function(
        "jsonPathPut",
        _STRING,
        (_ANY_PATH, Argument("key", None, NullArgument.ERROR), _VALUE),
        _STRING,
        "The document with the key, and the value as a text or null, in the object where the path leads; an empty "
        "string where there is no object. A subject that is no JSON is an error.",
        Example("${body:jsonPathPut('$', 'b', 'x')}", '{"a":1,"b":"x"}', {"body": '{"a": 1}'}),
        null_subject=NullSubject.SEEN,
        build=_building(_PUT),
    ),
)
