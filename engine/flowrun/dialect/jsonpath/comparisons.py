"""What the operators of a JsonPath filter say of two values.

Jayway source: `EvaluatorFactory`, `ValueNodes`.
"""

import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, TypeGuard

from flowrun.dialect.json_text import JsonValue
from flowrun.dialect.jsonpath.nodes import Absence, Found, WrongKindError
from flowrun.dialect.numbers import format_double

Comparison: TypeAlias = Callable[[Found, Found], bool]

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")


def is_number(value: Found) -> TypeGuard[int | float]:
    """Whether a value is a number: no boolean is."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number_text(number: float) -> str:
    """A number as Java's `BigDecimal` prints the double or whole number."""
    if isinstance(number, int):
        return str(number)
    text = format_double(number)
    return str(Decimal(text)) if text[-1].isdigit() else text


def equal(left: Found, right: Found) -> bool:
    """`==`: a text equals a number if it spells it; what is not found equals nothing."""
    if isinstance(left, Absence) or isinstance(right, Absence):
        return False
    if isinstance(left, str) and is_number(right):
        return left == number_text(right)
    if is_number(left) and isinstance(right, str):
        return _decimal(right) == _decimal(number_text(left))
    return _same(left, right)


def _same(left: JsonValue, right: JsonValue) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[name], right[name]) for name in left)
    return left == right


def _decimal(text: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _ordered(compare: Callable[[Any, Any], bool]) -> Comparison:
    def comparison(left: Found, right: Found) -> bool:
        if is_number(left) and is_number(right):
            return compare(left, right)
        if isinstance(left, str) and isinstance(right, str):
            return compare(_units(left), _units(right))
        return False

    return comparison


def _units(text: str) -> bytes:
    """A text that sorts by UTF-16 units, as Java's do."""
    return text.encode("utf-16-be", "surrogatepass")


def _equal_and_alike(left: Found, right: Found) -> bool:
    return isinstance(left, str) == isinstance(right, str) and equal(left, right)


def _holds(items: Found, value: Found) -> bool:
    return isinstance(items, list) and any(equal(value, item) for item in items)


def _in(left: Found, right: Found) -> bool:
    if not isinstance(right, (list, dict)):
        raise WrongKindError("expected a list after in or nin")
    return _holds(right, left)


def _contains(left: Found, right: Found) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return _holds(left, right)


def _size(left: Found, right: Found) -> bool:
    if not is_number(right) or not isinstance(left, (str, list)):
        return False
    length = len(_units(left)) // 2 if isinstance(left, str) else len(left)
    return length <= right < length + 1


def _empty(left: Found, right: Found) -> bool:
    if not isinstance(left, (str, list, dict)):
        return False
    if not isinstance(right, bool):
        raise WrongKindError("expected true or false after empty")
    return (not left) == right


def _of_two_lists(test: Callable[[list[JsonValue], list[JsonValue]], bool]) -> Comparison:
    def comparison(left: Found, right: Found) -> bool:
        if not isinstance(left, (list, dict)) or not isinstance(right, (list, dict)):
            raise WrongKindError("expected lists on both sides of subsetof, anyof or noneof")
        return isinstance(left, list) and isinstance(right, list) and test(left, right)

    return comparison


def _is_subset(left: list[JsonValue], right: list[JsonValue]) -> bool:
    return all(_holds(right, item) for item in left)


def _meets(left: list[JsonValue], right: list[JsonValue]) -> bool:
    return any(equal(one, other) for one in left for other in right)


COMPARISONS: dict[str, Comparison] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "===": _equal_and_alike,
    "!==": lambda left, right: not _equal_and_alike(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": _in,
    "nin": lambda left, right: not _in(left, right),
    "contains": _contains,
    "size": _size,
    "empty": _empty,
    "subsetof": _of_two_lists(_is_subset),
    "anyof": _of_two_lists(_meets),
    "noneof": _of_two_lists(lambda left, right: not _meets(left, right)),
    "all": _of_two_lists(lambda left, right: _is_subset(right, left)),
}
"""The operators but `=~`, by name in lower case."""
