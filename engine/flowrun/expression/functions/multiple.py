"""Several attributes at once: what unites their values, and the declarations of what selects them."""

from typing import Any

from flowrun.expression.functions.declaration import Argument, Example, Function, NullSubject
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType, Term, Value

_STRING, _WHOLE = ResultType.STRING, ResultType.WHOLE_NUMBER


def _count(subject: Term, arguments: tuple[Term, ...]) -> Term:
    read = subject.evaluate
    key = object()

    def evaluate(scope: Scope) -> Value:
        value = read(scope)
        counts = value is not None and value is not False
        if scope.memory is None:
            return int(counts)
        total: int = scope.memory.get(key, 0) + counts
        scope.memory[key] = total
        return total

    return Term(_WHOLE, evaluate, column=subject.column, name="", depth=subject.depth + 1)


def _join(subject: Term, arguments: tuple[Term, ...]) -> Term:
    [delimiter] = arguments
    read, read_delimiter = subject.evaluate, delimiter.evaluate
    key = object()

    def evaluate(scope: Scope) -> Value:
        value = read(scope) or ""
        memory: dict[object, Any] = {} if scope.memory is None else scope.memory
        if key in memory:
            between = read_delimiter(scope)
            value = f"{memory[key]}{'null' if between is None else between}{value}"
        memory[key] = value
        return value

    depth = max(subject.depth, delimiter.depth) + 1
    return Term(_STRING, evaluate, column=subject.column, name="", depth=depth)


_REDUCTIONS = (
    Function(
        "count",
        None,
        (),
        _WHOLE,
        "How many of the values are neither null nor false; 0 if there is none. Nothing may follow it: to go on, write "
        "`${literal(${…:count()}):…}`.",
        Example("${allAttributes('a', 'b'):contains('x'):count()}", "1", {"a": "x", "b": "y"}),
        null_subject=NullSubject.SEEN,
        build=_count,
        reduces=True,
    ),
    Function(
        "join",
        _STRING,
        (Argument("delimiter"),),
        _STRING,
        "The values in one text, the delimiter between them; null counts as an empty string. Nothing may follow it: "
        "to go on, write `${literal(${…:join(…)}):…}`.",
        Example("${allAttributes('a', 'b'):toUpper():join('-')}", "X-Y", {"a": "x", "b": "y"}),
        null_subject=NullSubject.SEEN,
        build=_join,
        reduces=True,
    ),
)


def _source(name: str, arguments: tuple[Argument, ...], meaning: str, example: Example) -> Function:
    rest = (
        "true if the rest of the chain, which must end in a Boolean, is true for any"
        if name.startswith("any")
        else (
            "if the rest of the chain ends in a Boolean, true if it is for all; else it must end in `count` or `join`, "
            "for all"
        )
    )
    return Function(name, None, arguments, _STRING, f"{meaning}: {rest} of them.", example, has_subject=False)


_NAMES = (Argument("name", is_repeated=True),)
_PATTERNS = (Argument("regular expression", is_repeated=True),)
_DELINEATED = (Argument("text"), Argument("delimiter"))
_WHICH_NAMED = "The attributes of these names, a missing one being null; names are plain strings"
_WHICH_MATCHING = "The attributes whose whole names match, one that matches twice counted twice; null if none does"
_WHICH_PARTS = "The parts of the text between matches of the delimiter, a regular expression; null if there are none"

_SOURCES = (
    _source(
        "anyAttribute",
        _NAMES,
        _WHICH_NAMED,
        Example("${anyAttribute('a', 'b'):contains('x')}", "true", {"a": "x", "b": "y"}),
    ),
    _source(
        "allAttributes",
        _NAMES,
        _WHICH_NAMED,
        Example("${allAttributes('a', 'b'):contains('x')}", "false", {"a": "x", "b": "y"}),
    ),
    _source(
        "anyMatchingAttribute",
        _PATTERNS,
        _WHICH_MATCHING,
        Example("${anyMatchingAttribute('size\\..*'):gt(100)}", "true", {"size.a": "7", "size.b": "700"}),
    ),
    _source(
        "allMatchingAttributes",
        _PATTERNS,
        _WHICH_MATCHING,
        Example("${allMatchingAttributes('size\\..*'):join('+')}", "7+700", {"size.a": "7", "size.b": "700"}),
    ),
    _source(
        "anyDelineatedValue",
        _DELINEATED,
        _WHICH_PARTS,
        Example("${anyDelineatedValue(${list}, ','):equals('b')}", "true", {"list": "a,b,c"}),
    ),
    _source(
        "allDelineatedValues",
        _DELINEATED,
        _WHICH_PARTS,
        Example("${allDelineatedValues(${list}, ','):count()}", "3", {"list": "a,b,c"}),
    ),
)

FUNCTIONS = _SOURCES + _REDUCTIONS
