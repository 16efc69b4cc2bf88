"""The selectors of a Jayway JsonPath that jsonpath-ng has not, as nodes of jsonpath-ng.

Jayway source: `PropertyPathToken`, `WildcardPathToken`, `ArraySliceToken`, `PredicatePathToken`, `FunctionPathToken`.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, TypeAlias

from jsonpath_ng.jsonpath import DatumInContext, Index, JSONPath

from flowrun.dialect.json_text import JsonValue
from flowrun.errors import EvaluationError

Condition: TypeAlias = Callable[[JsonValue, JsonValue], bool]
"""Whether an item is meant, given the item and the document's root."""


class Absence(Enum):
    """What stands where no value can."""

    NOT_FOUND = "not found"
    OUT_OF_RANGE = "out of range"
    NOT_EDITABLE = "not editable"


NOT_FOUND: Final = Absence.NOT_FOUND
"""A definite path that leads nowhere."""

Found: TypeAlias = JsonValue | Absence

Function: TypeAlias = Callable[[JsonValue, JsonValue], Found]
"""A value made from a value, given the root as well."""


class WrongKindError(EvaluationError):
    """A selector or operator met a kind of value that it is not for. Within a filter it only means: not this item."""


class MissingMemberError(Exception):
    """A path whose members must all exist met an object without one."""


class Member(JSONPath):
    """One member of an object: `.name`. Unlike jsonpath-ng's `Fields`, it takes `*` for a name as any other."""

    def __init__(self, name: str, *, required: bool = False) -> None:
        self.name = name
        self.required = required

    def find(self, data: Any) -> list[DatumInContext]:
        """The member, or nothing."""
        datum = DatumInContext.wrap(data)
        if not isinstance(datum.value, dict):
            return []
        if self.name in datum.value:
            return [DatumInContext(datum.value[self.name], path=self, context=datum)]
        if self.required:
            raise MissingMemberError
        return []


class Members(JSONPath):
    """Several members of an object, each followed on its own: `['a','b']` before another selector."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.members = [Member(name) for name in names]

    def find(self, data: Any) -> list[DatumInContext]:
        """The members that exist."""
        datum = DatumInContext.wrap(data)
        return [found for member in self.members for found in member.find(datum)]


class Selection(JSONPath):
    """An object of those members that exist: `['a','b']` at the end. After `..` only objects with all of them count."""

    def __init__(self, names: tuple[str, ...], *, whole: bool = False) -> None:
        self.names = names
        self.whole = whole

    def find(self, data: Any) -> list[DatumInContext]:
        """One new object, or nothing."""
        datum = DatumInContext.wrap(data)
        value = datum.value
        if not isinstance(value, dict) or (self.whole and not all(name in value for name in self.names)):
            return []
        selected = {name: value[name] for name in self.names if name in value}
        return [DatumInContext(selected, path=self, context=datum)]


class Every(JSONPath):
    """Every member of an object, or item of a list: `*`."""

    def find(self, data: Any) -> list[DatumInContext]:
        """The members or items, in order."""
        datum = DatumInContext.wrap(data)
        if isinstance(datum.value, dict):
            return [DatumInContext(value, path=Member(name), context=datum) for name, value in datum.value.items()]
        if isinstance(datum.value, list):
            return [DatumInContext(value, path=Index(i), context=datum) for i, value in enumerate(datum.value)]
        return []


class Span(JSONPath):
    """Items from a negative index on, which Jayway counts through zero: `[-2:1]` is the last two and the first."""

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    def find(self, data: Any) -> list[DatumInContext]:
        """The items, in the order of their indexes."""
        datum = DatumInContext.wrap(data)
        if not isinstance(datum.value, list):
            return []
        length = len(datum.value)
        indexes = range(max(self.start, -length), min(self.end, length))
        return [DatumInContext(datum.value[i], path=Index(i), context=datum) for i in indexes]


class Filter(JSONPath):
    """The items of a list for which a condition holds, or an object for which it does: `[?(…)]`.

    After `..` every object is tried by itself, and items only of a list for which the condition holds as well.
    """

    def __init__(self, condition: Condition, *, scanned: bool = False) -> None:
        self.condition = condition
        self.scanned = scanned

    def find(self, data: Any) -> list[DatumInContext]:
        """The items, or the object itself."""
        datum = DatumInContext.wrap(data)
        value, root = datum.value, root_of(datum)
        if isinstance(value, dict):
            return [datum] if self._accepts(value, root) else []
        if not isinstance(value, list) or (self.scanned and not self._accepts(value, root)):
            return []
        accepts = self._accepts
        return [
            DatumInContext(item, path=Index(i), context=datum) for i, item in enumerate(value) if accepts(item, root)
        ]

    def _accepts(self, item: JsonValue, root: JsonValue) -> bool:
        try:
            return self.condition(item, root)
        except WrongKindError:
            return False


class Call(JSONPath):
    """A function of what was found: `.length()`."""

    def __init__(self, name: str, function: Function) -> None:
        self.name = name
        self.function = function

    def find(self, data: Any) -> list[DatumInContext]:
        """The one result, or nothing if an argument is not found."""
        datum = DatumInContext.wrap(data)
        result = self.function(datum.value, root_of(datum))
        return [] if isinstance(result, Absence) else [DatumInContext(result, path=self, context=datum)]


def root_of(datum: DatumInContext) -> JsonValue:
    """The document in which a value was found."""
    while datum.context is not None:
        datum = datum.context
    root: JsonValue = datum.value
    return root
