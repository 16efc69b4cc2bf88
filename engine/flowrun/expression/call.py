"""From a declared function, a subject and arguments to the term that evaluates the call.

What can be known before the run is computed here, once.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.conversion import convert
from flowrun.expression.evaluation import NO_SCOPE, Prepared, Reader, evaluation
from flowrun.expression.functions.declaration import Argument, Function, NullArgument
from flowrun.expression.scope import Scope
from flowrun.expression.types import Constant, Term

MAXIMUM_DEPTH = 150
"""How many functions, conversions and strings may lie within each other: each takes a Python frame to evaluate."""


def call(function: Function, subject: Term | None, arguments: Sequence[Term], column: int) -> Term:
    """The term for `subject:function(arguments)`. Raises ExpressionError where number or types can't be right."""
    declared: Sequence[Argument] = function.arguments
    if len(arguments) != len(declared):
        _check_count(function, len(arguments), column)
        declared = [declared[min(position, len(declared) - 1)] for position in range(len(arguments))]
    if subject is not None and subject.type is not function.subject:
        subject = _converted_subject(function, subject)
    converted = [
        argument if argument.type is each.type and not each.is_switch else _converted_argument(function, each, argument)
        for each, argument in zip(declared, arguments, strict=True)
    ]
    if function.build is not None and subject is not None:
        term = function.build(subject, tuple(converted))
        term.column, term.name = column, f"{function.name}()"
    else:
        term = _computed(function, subject, declared, converted, column)
    if function.reduces:
        term.reduced = True
    if term.depth > MAXIMUM_DEPTH:
        raise ExpressionError("the expression is too long, or nests too deeply", column=column)
    return term


def _check_count(function: Function, count: int, column: int) -> None:
    fewest, most = function.fewest, function.most
    if count >= fewest and (most is None or count <= most):
        return
    if most is None:
        wanted = f"at least {fewest}"
    elif fewest == most:
        wanted = str(most) if most else "no"
    else:
        wanted = f"{fewest} {'or' if most == fewest + 1 else 'to'} {most}"
    plural = "" if most == 1 or wanted == "at least 1" else "s"
    raise ExpressionError(f"{function.name}() takes {wanted} argument{plural}, found {count}", column=column)


def _converted_subject(function: Function, subject: Term) -> Term:
    if function.is_exact and function.subject is not None and subject.type is not function.subject:
        raise ExpressionError(
            f"{function.name}() works on an {function.subject.value} only, {subject.name} gives a {subject.type.value}",
            column=subject.column,
        )
    return convert(subject, function.subject)


def _converted_argument(function: Function, declared: Argument, argument: Term) -> Term:
    if declared.is_switch and not (argument.constant and isinstance(argument.value, bool)):
        raise ExpressionError(f"{function.name}() takes only true or false as they stand", column=argument.column)
    return convert(argument, declared.type)


def _computed(
    function: Function, subject: Term | None, declared: Sequence[Argument], arguments: Sequence[Term], column: int
) -> Term:
    readers = [
        argument if each.prepare is None else _prepared(function, each, argument)
        for each, argument in zip(declared, arguments, strict=True)
    ]
    depth, constant_parts = (0, True) if subject is None else (subject.depth, subject.constant)
    for argument in arguments:
        depth = max(depth, argument.depth)
        constant_parts = constant_parts and argument.constant
    evaluate = evaluation(function, subject, declared, readers)
    term = Term(function.result, evaluate, column=column, name=f"{function.name}()", depth=depth + 1)
    return _folded(term) if constant_parts and function.is_pure and not function.sees_scope else term


def _folded(term: Term) -> Term:
    try:
        value = term.evaluate(NO_SCOPE)
    except EvaluationError:  # it is found when the flow runs, as in NiFi
        return term
    return Constant(term.type, value, column=term.column, name=term.name)


def _prepared(function: Function, declared: Argument, argument: Term) -> Reader:
    """How the call gets at what an argument is prepared to: at once where it is known, or by a closure."""
    prepare, read = declared.prepare, argument.evaluate
    assert prepare is not None  # the caller looked
    if argument.literal and declared.is_checked:
        return _checked(function, declared, argument, prepare)

    def evaluate(scope: Scope) -> Any:
        text = read(scope)
        try:
            return None if text is None else prepare(str(text))
        except ExpressionError as error:
            raise EvaluationError(_complaint(function, declared, error)) from error

    return Prepared(evaluate, None)


def _checked(function: Function, declared: Argument, argument: Term, prepare: Callable[[str], Any]) -> Reader:
    if argument.value is None:
        if declared.null is NullArgument.SUBJECT:
            return argument
        raise ExpressionError(f"{function.name}(): the {declared.name} can't be null", column=argument.column)
    try:
        prepared = prepare(str(argument.value))
    except (ExpressionError, EvaluationError) as error:
        raise ExpressionError(_complaint(function, declared, error), column=argument.column) from error
    return Prepared(lambda scope: prepared, prepared)


def _complaint(function: Function, declared: Argument, error: ExpressionError | EvaluationError) -> str:
    if not isinstance(error, ExpressionError):
        return f"{function.name}(): {error}"
    place = f" (character {error.column} of the {declared.name})" if error.column is not None else ""
    return f"{function.name}(): {error.message}{place}"
