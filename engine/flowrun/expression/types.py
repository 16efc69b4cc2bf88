"""The types of the language, and the term: a part of an expression that has a type and can be evaluated."""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from flowrun.expression.scope import Scope


class ResultType(Enum):
    """What a part of an expression yields. Each value may be null.

    A Number is a whole number or a decimal, which shows only at run time. In Python: String is str, Boolean bool,
    whole number int, decimal float, Date int (milliseconds since the epoch), Instant int (nanoseconds).
    """

    BOOLEAN = "Boolean"
    STRING = "String"
    WHOLE_NUMBER = "whole Number"
    DECIMAL = "Decimal"
    NUMBER = "Number"
    DATE = "Date"
    INSTANT = "Instant"

    __hash__ = object.__hash__
    """Types are looked up while an expression is read, and an Enum's own hash is slow."""


Value: TypeAlias = str | int | float | bool | None
Evaluate: TypeAlias = Callable[[Scope], Value]


class Term:
    """A part of an expression, ready to be evaluated.

    `column` and `name` say where it stands and what to call it in messages; `constant` that `value` is known already;
    `literal` that it was written as a plain string, which is then checked before the run; `reduced` that it unites the
    values of several attributes (`count`, `join`), so that no further function may follow; `is_attribute` that it is
    an attribute as it stands; `depth` how far it nests.
    """

    constant = False
    is_attribute = False
    literal = False
    reduced = False
    value: Value = None

    def __init__(
        self,
        type: ResultType,  # noqa: A002 the word of the language
        evaluate: Evaluate,
        *,
        column: int,
        name: str,
        depth: int = 1,
    ) -> None:
        self.type = type
        self.evaluate = evaluate
        self.column = column
        self.name = name
        self.depth = depth


class Constant(Term):
    """A term whose value is known."""

    constant = True

    def __init__(self, type: ResultType, value: Value, *, column: int, name: str) -> None:  # noqa: A002
        super().__init__(type, lambda scope: value, column=column, name=name)
        self.value = value


class Literal(Constant):
    """A plain string as it was written, or null."""

    literal = True
    type = ResultType.STRING
    depth = 1

    def __init__(self, value: str | None, column: int) -> None:
        self.evaluate = lambda scope: value
        self.column = column
        self.name = "null" if value is None else value
        self.value = value
