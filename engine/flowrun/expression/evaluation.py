"""The closures that evaluate a call: one shape for each number of arguments, so that the common ones cost little.

The subject is evaluated first, and where it is null the arguments are not looked at.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Argument, Function, NullArgument, NullSubject
from flowrun.expression.scope import Scope
from flowrun.expression.types import Evaluate, Term, Value

NO_SCOPE = Scope({})

# To look a member up in its Enum takes as long as a call.
_SUBJECT_SEEN, _SUBJECT_EMPTY, _SUBJECT_FALSE = NullSubject.SEEN, NullSubject.EMPTY, NullSubject.FALSE
_ARGUMENT_SEEN = NullArgument.SEEN


class Prepared(NamedTuple):
    """What an argument is prepared to: `evaluate` makes it, `value` is it, if it is known and not null."""

    evaluate: Callable[[Scope], Any]
    value: Any


Reader: TypeAlias = Term | Prepared
"""How a call gets at one argument: by `evaluate`, or by `value`, if it is known and not null."""


def evaluation(
    function: Function, subject: Term | None, declared: Sequence[Argument], readers: Sequence[Reader]
) -> Evaluate:
    """The closure for a call of a function that computes."""
    compute = function.compute
    assert compute is not None  # a function without it builds its own terms
    if subject is None:
        return _subjectless(function, compute, readers)
    if len(readers) > 1 or function.sees_scope:
        return _general(function, compute, subject.evaluate, declared, readers)
    if function.null_subject is _SUBJECT_SEEN:
        return _seeing_null(function, compute, subject.evaluate, declared, readers)
    null = _null(function)
    if not readers:
        return _without_argument(compute, subject.evaluate, null)
    if readers[0].value is not None:
        return _with_constant(compute, subject.evaluate, readers[0].value, null)
    if declared[0].null is _ARGUMENT_SEEN:
        return _with_argument(compute, subject.evaluate, readers[0].evaluate, null)
    return _general(function, compute, subject.evaluate, declared, readers)


def _null(function: Function) -> Value:
    """What a null subject gives."""
    if function.null_subject is _SUBJECT_EMPTY:
        return ""
    return False if function.null_subject is _SUBJECT_FALSE else None


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


def _seeing_null(
    function: Function,
    compute: Callable[..., Value],
    read: Evaluate,
    declared: Sequence[Argument],
    readers: Sequence[Reader],
) -> Evaluate:
    if not readers:
        return lambda scope: compute(read(scope))
    value, read_argument = readers[0].value, readers[0].evaluate
    if value is not None:
        return lambda scope: compute(read(scope), value)
    if declared[0].null is _ARGUMENT_SEEN:
        return lambda scope: compute(read(scope), read_argument(scope))
    return _general(function, compute, read, declared, readers)


def _subjectless(function: Function, compute: Callable[..., Value], readers: Sequence[Reader]) -> Evaluate:
    if function.sees_scope:
        return lambda scope: compute(scope, *[reader.evaluate(scope) for reader in readers])
    return lambda scope: compute(*[reader.evaluate(scope) for reader in readers])


def _general(
    function: Function,
    compute: Callable[..., Value],
    read: Evaluate,
    declared: Sequence[Argument],
    readers: Sequence[Reader],
) -> Evaluate:
    seen = function.null_subject is _SUBJECT_SEEN
    null = _null(function)
    evaluators = [reader.evaluate for reader in readers]
    sees_scope = function.sees_scope
    rules = [
        (position, argument)
        for position, (argument, reader) in enumerate(zip(declared, readers, strict=True))
        if argument.null is not _ARGUMENT_SEEN and reader.value is None
    ]

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
