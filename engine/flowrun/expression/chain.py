"""Chains over several values: `any…` and `all…` run the functions behind them once for each.

Source: NiFi's evaluators in `…expression.language.evaluation.selection`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flowrun.dialect.numbers import trim
from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.conversion import convert
from flowrun.expression.evaluation import NO_SCOPE
from flowrun.expression.functions.searching import java_pattern
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType, Term, Value

Values = Callable[[Scope], Sequence[str | None]]


class SourceArgument(NamedTuple):
    """An argument of what selects several values."""

    term: Term
    is_string: bool


class Source:
    """What a chain runs over: `values` gives the values, at least one, which is null where there is none."""

    __slots__ = ("attributes", "by_pattern", "column", "depth", "is_any", "name", "values")

    def __init__(self, name: str, values: Values, *, column: int, depth: int = 1) -> None:
        self.name = name
        self.is_any = name.startswith("any")
        self.values = values
        self.column = column
        self.depth = depth
        self.attributes: tuple[str, ...] = ()
        self.by_pattern = False

    def element(self) -> Term:
        """The subject of the chain's first function: the value whose turn it is."""
        return Term(
            ResultType.STRING, lambda scope: scope.element, column=self.column, name=f"{self.name}()", depth=self.depth
        )

    def united(self, body: Term) -> Term:
        """The term for the whole chain. Raises ExpressionError where nothing unites its values."""
        if body.type is ResultType.BOOLEAN:
            return self._term(body, _any(self.values, body) if self.is_any else _all(self.values, body))
        if body.reduced and not self.is_any:
            return self._term(body, _reduction(self.values, body))
        ends = "a Boolean" if self.is_any else "a Boolean, count() or join()"
        raise ExpressionError(
            f"a chain that starts with {self.name}() must end in {ends}; it ends in a {body.type.value}",
            column=self.column,
        )

    def _term(self, body: Term, evaluate: Callable[[Scope], Value]) -> Term:
        return Term(body.type, evaluate, column=self.column, name=f"{self.name}()", depth=body.depth + 1)


def _any(values: Values, body: Term) -> Callable[[Scope], Value]:
    read = body.evaluate

    def evaluate(scope: Scope) -> Value:
        inner = scope.iterating()
        for position, value in enumerate(values(scope)):
            inner.element = value
            result = read(inner)
            if result or (result is None and position == 0):
                return result is True
        return False

    return evaluate


def _all(values: Values, body: Term) -> Callable[[Scope], Value]:
    read = body.evaluate

    def evaluate(scope: Scope) -> Value:
        inner = scope.iterating()
        for position, value in enumerate(values(scope)):
            inner.element = value
            result = read(inner)
            # A null result counts as false for the first value, and is passed over for the others.
            if result is False or (result is None and position == 0):
                return False
        return True

    return evaluate


def _reduction(values: Values, body: Term) -> Callable[[Scope], Value]:
    read = body.evaluate

    def evaluate(scope: Scope) -> Value:
        inner = scope.iterating()
        result: Value = None
        for value in values(scope):
            inner.element = value
            result = read(inner)
        return result

    return evaluate


def source(name: str, arguments: Sequence[SourceArgument], *, column: int) -> Source:
    """The source of that name. Raises ExpressionError where an argument can't be right."""
    if name.endswith(("DelineatedValue", "DelineatedValues")):
        if len(arguments) != 2:
            raise ExpressionError(f"{name}() takes 2 arguments, found {len(arguments)}", column=column)
        text, delimiter = (convert(argument.term, ResultType.STRING) for argument in arguments)
        return _delineated(name, text, delimiter, column=column)
    # An expression is not resolved here: in NiFi it is the name of an attribute that there is not.
    texts = [_plain_text(name, argument.term) for argument in arguments if argument.is_string]
    unresolved = len(arguments) - len(texts)
    if name.endswith(("MatchingAttribute", "MatchingAttributes")):
        return _matching(name, texts, [argument.term.column for argument in arguments if argument.is_string], column)
    return _named(name, texts, unresolved, column=column)


def _plain_text(name: str, term: Term) -> str:
    """A string as it is where nothing can be looked up."""
    try:
        text = term.evaluate(NO_SCOPE)
    except EvaluationError as error:
        raise ExpressionError(f"{name}(): {error}", column=term.column) from error
    if not isinstance(text, str) or not trim(text):
        raise ExpressionError(
            f"{name}() takes plain strings that are not empty; expressions in them are not resolved", column=term.column
        )
    return text


def _named(name: str, attributes: Sequence[str], unresolved: int, *, column: int) -> Source:
    """The attributes of these names, and as many nulls as there are names that were not resolved."""
    nulls = [None] * unresolved

    def values(scope: Scope) -> Sequence[str | None]:
        return [*map(scope.lookup, attributes), *nulls]

    found = Source(name, values, column=column)
    found.attributes = tuple(attributes)
    return found


def _matching(name: str, texts: Sequence[str], columns: Sequence[int], column: int) -> Source:
    """The attributes whose whole names match, one that matches twice being there twice."""
    patterns = []
    for text, place in zip(texts, columns, strict=True):
        try:
            patterns.append(java_pattern(text))
        except ExpressionError as error:
            raise ExpressionError(f"{name}(): {error.message}", column=place) from error

    def values(scope: Scope) -> Sequence[str | None]:
        names = scope.names()
        return [scope.lookup(each) for pattern in patterns for each in names if pattern.fullmatch(each)] or [None]

    found = Source(name, values, column=column)
    found.by_pattern = True
    return found


def _delineated(name: str, text: Term, delimiter: Term, *, column: int) -> Source:
    """The parts of a text between matches of the delimiter, a regular expression."""
    read, read_delimiter = text.evaluate, delimiter.evaluate

    def values(scope: Scope) -> Sequence[str | None]:
        whole = read(scope)
        between = None if whole is None else read_delimiter(scope)
        if between is None:
            return [None]
        from flowrun.dialect.regex import split  # loaded with the first regular expression

        try:
            return split(java_pattern(str(between)), str(whole)) or [None]
        except ExpressionError as error:
            raise EvaluationError(f"{name}(): {error.message}") from error

    return Source(name, values, column=column, depth=max(text.depth, delimiter.depth) + 1)
