"""The functions of a Jayway JsonPath: `.length()`, `.sum()`, `.concat(…)`.

Jayway source: `PathFunctionFactory` and the classes it names.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from flowrun.dialect.json_text import JsonValue, print_json, print_scalar
from flowrun.dialect.jsonpath.comparisons import is_number
from flowrun.dialect.jsonpath.nodes import NOT_FOUND, Absence, Found, Function
from flowrun.errors import EvaluationError, ExpressionError


class Argument(Protocol):
    """What stands in a function's parentheses."""

    def read(self, item: JsonValue, root: JsonValue) -> Found:
        """The argument's value."""

    def items(self, root: JsonValue) -> Found:
        """What is in the argument's value."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text or object that is written as an argument."""

    value: JsonValue

    def read(self, item: JsonValue, root: JsonValue) -> Found:
        """The value as written."""
        return self.value

    def items(self, root: JsonValue) -> Found:
        """The value as written."""
        return self.value


Arguments: TypeAlias = Sequence[Argument]
Of: TypeAlias = Callable[[JsonValue, list[JsonValue]], JsonValue]


def make_function(name: str, arguments: Arguments) -> Function:
    """The function of that name with these arguments. Raises ExpressionError if there is none."""
    if name in ("length", "size"):
        return _length(arguments)
    of = _FUNCTIONS.get(name)
    if of is None:
        raise ExpressionError(
            f"expected a JsonPath function ({', '.join(sorted((*_FUNCTIONS, 'length')))}), found {name!r}"
        )
    if name == "index" and not arguments:
        raise ExpressionError("expected a number in index(…), found nothing")

    def function(value: JsonValue, root: JsonValue) -> Found:
        values: list[JsonValue] = []
        for argument in arguments:
            found = argument.read(root, root)
            if isinstance(found, Absence):
                return NOT_FOUND
            values.append(found)
        return of(value, values)

    return function


def _length(arguments: Arguments) -> Function:
    def function(value: JsonValue, root: JsonValue) -> Found:
        if arguments:
            items = arguments[0].items(value)
            if isinstance(items, (list, Absence)):
                return items if isinstance(items, Absence) else len(items)
        return len(value) if isinstance(value, (list, dict)) else None

    return function


def _append(value: JsonValue, arguments: list[JsonValue]) -> JsonValue:
    return [*value, *arguments] if isinstance(value, list) else value


def _concat(value: JsonValue, arguments: list[JsonValue]) -> JsonValue:
    pieces = [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
    for item in _flat(arguments):
        pieces.append(print_json(item) if isinstance(item, (list, dict)) else print_scalar(item))
    return "".join(pieces)


def _keys(value: JsonValue, arguments: list[JsonValue]) -> JsonValue:
    return list(value) if isinstance(value, dict) else None


def _aggregate(calculate: Callable[[list[float]], float]) -> Of:
    def of(value: JsonValue, arguments: list[JsonValue]) -> JsonValue:
        items = [*(value if isinstance(value, list) else ()), *_flat(arguments)]
        numbers = [_double(item) for item in items if is_number(item)]
        if not numbers:
            raise EvaluationError("a JsonPath function such as sum() expected a list with numbers, found none")
        return calculate(numbers)

    return of


def _at(position: int | None) -> Of:
    def of(value: JsonValue, arguments: list[JsonValue]) -> JsonValue:
        if not isinstance(value, list):
            raise EvaluationError("a JsonPath function such as first() expected a list, found none")
        wanted = position
        if wanted is None:
            numbers = [
                item for item in _flat(arguments) if isinstance(item, (int, float)) and not isinstance(item, bool)
            ]
            if not numbers or not math.isfinite(numbers[0]):
                raise EvaluationError("the JsonPath function index(…) expected a number, found none")
            wanted = int(numbers[0])
        if not -len(value) <= wanted < len(value):
            raise EvaluationError(f"a JsonPath function expected an item {wanted}, found a list of {len(value)}")
        return value[wanted]

    return of


def _flat(arguments: list[JsonValue]) -> list[JsonValue]:
    """The arguments, with lists replaced by what is in them, and without nulls."""
    items: list[JsonValue] = []
    for argument in arguments:
        items.extend(argument if isinstance(argument, list) else [argument])
    return [item for item in items if item is not None]


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _total(numbers: list[float]) -> float:
    total = 0.0
    for number in numbers:
        # One by one as Java does: Python's sum() compensates for what is lost.
        total += number
    return total


def _deviation(numbers: list[float]) -> float:
    count = float(len(numbers))
    total = _total(numbers)
    variance = _total([number * number for number in numbers]) / count - total * total / count / count
    return math.sqrt(variance) if variance >= 0 else math.nan


_FUNCTIONS: dict[str, Of] = {
    "append": _append,
    "avg": _aggregate(lambda numbers: _total(numbers) / len(numbers)),
    "concat": _concat,
    "first": _at(0),
    "index": _at(None),
    "keys": _keys,
    "last": _at(-1),
    "max": _aggregate(max),
    "min": _aggregate(min),
    "stddev": _aggregate(_deviation),
    "sum": _aggregate(_total),
}
