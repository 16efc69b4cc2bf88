"""The closures that evaluate a call: one shape for each number of arguments, so that the common ones cost little.

The subject is evaluated first, and where it is null the arguments are not looked at.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Argument, Function, NullArgument, NullSubject
from flowrun.expression.scope import Scope
from flowrun.expression.types import Evaluate, Term, Value

NO_SCOPE = Scope({})

_NULL_VALUES: dict[NullSubject, Value] = {NullSubject.NULL: None, NullSubject.EMPTY: "", NullSubject.FALSE: False}


class Reader(NamedTuple):
    """How a call gets at one argument: by `evaluate`, or, where `is_constant`, it is `value`."""

    evaluate: Callable[[Scope], Any]
    value: Any
    is_constant: bool


def evaluation(function: Function, subject: Term | None, declared: list[Argument], readers: list[Reader]) -> Evaluate:
    """The closure for a call of a function that computes."""
    assert function.compute is not None  # a function without it builds its own terms
    if subject is None:
        return _subjectless(function, function.compute, readers)
    rules = [
        (position, argument)
        for position, (argument, reader) in enumerate(zip(declared, readers, strict=True))
        if argument.null is not NullArgument.SEEN and not (reader.is_constant and reader.value is not None)
    ]
    compute = function.compute
    if rules or len(readers) > 1 or function.sees_scope or function.null_subject is NullSubject.SEEN:
        return _general(function, compute, subject.evaluate, readers, rules)
    null = _NULL_VALUES[function.null_subject]
    if not readers:
        return _without_argument(compute, subject.evaluate, null)
    if readers[0].is_constant:
        return _with_constant(compute, subject.evaluate, readers[0].value, null)
    return _with_argument(compute, subject.evaluate, readers[0].evaluate, null)


def _without_argument(compute: Callable[..., Value], read: Evaluate, null: Value) -> Evaluate:
    def evaluate(scope: Scope) -> Value:
        subject = read(scope)
        return null if subject is None else compute(subject)

    return evaluate


def _with_constant(compute: Callable[..., Value], read: Evaluate, argument: Any, null: Value) -> Evaluate:
    def evaluate(scope: Scope) -> Value:
        subject = read(scope)
        return null if subject is None else compute(subject, argument)

    return evaluate


def _with_argument(
    compute: Callable[..., Value], read: Evaluate, read_argument: Callable[[Scope], Any], null: Value
) -> Evaluate:
    def evaluate(scope: Scope) -> Value:
        subject = read(scope)
        return null if subject is None else compute(subject, read_argument(scope))

    return evaluate


def _subjectless(function: Function, compute: Callable[..., Value], readers: list[Reader]) -> Evaluate:
    if function.sees_scope:
        return lambda scope: compute(scope, *[reader.evaluate(scope) for reader in readers])
    return lambda scope: compute(*[reader.evaluate(scope) for reader in readers])


def _general(
    function: Function,
    compute: Callable[..., Value],
    read: Evaluate,
    readers: list[Reader],
    rules: list[tuple[int, Argument]],
) -> Evaluate:
    seen = function.null_subject is NullSubject.SEEN
    null = _NULL_VALUES.get(function.null_subject)
    evaluators = [reader.evaluate for reader in readers]
    sees_scope = function.sees_scope

    def evaluate(scope: Scope) -> Value:
        subject = read(scope)
        if subject is None and not seen:
            return null
        arguments = [evaluator(scope) for evaluator in evaluators]
        for position, argument in rules:
            if arguments[position] is None:
                return _null_argument(function, argument, subject)
        return compute(scope, subject, *arguments) if sees_scope else compute(subject, *arguments)

    return evaluate


def _null_argument(function: Function, argument: Argument, subject: Value) -> Value:
    if argument.null is NullArgument.ERROR:
        raise EvaluationError(f"{function.name}(): the {argument.name} is null")
    if argument.null is NullArgument.SUBJECT:
        return subject
    return False if argument.null is NullArgument.FALSE else None
