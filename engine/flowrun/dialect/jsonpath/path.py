"""A path that was read: selectors, evaluated as Jayway does.

Jayway source: `CompiledPath`, `PathToken`, `EvaluationContextImpl`.
"""

from dataclasses import dataclass
from typing import TypeAlias

from jsonpath_ng.jsonpath import Child, DatumInContext, Descendants, Index, JSONPath, Slice, This

from flowrun.dialect.json_text import JsonValue
from flowrun.dialect.jsonpath.functions import make_function
from flowrun.dialect.jsonpath.nodes import (
    NOT_FOUND,
    Absence,
    Call,
    Every,
    Filter,
    Found,
    Member,
    Members,
    MissingMemberError,
    Selection,
    Span,
    WrongKindError,
)
from flowrun.errors import EvaluationError

Key: TypeAlias = str | int


class AnyDepth(JSONPath):
    """Marks `..`: the next selector is tried on the value and on all that is in it."""


@dataclass(frozen=True, slots=True)
class SelectorPath:
    """Keys that lead to one place at most, then a tree of jsonpath-ng's nodes for the rest of the path.

    `from_root` tells `$` from `@`. Only for the first node of the rest does a value of the wrong kind matter.
    """

    from_root: bool
    selectors: tuple[JSONPath, ...]
    definite: bool
    keys: tuple[Key, ...]
    rest: JSONPath | None

    @classmethod
    def of(cls, selectors: tuple[JSONPath, ...], *, from_root: bool = True, required: bool = False) -> "SelectorPath":
        """The path of these selectors; `required` makes it lead nowhere if any object lacks a member that is named."""
        selectors = _finished(selectors)
        keys = _leading_keys(selectors)
        rest = selectors[len(keys) :]
        definite = all(isinstance(node, (Selection, Call)) or _key(node) is not None for node in rest)
        return cls(from_root, selectors, definite, keys, _tree(rest, required=required) if rest else None)

    def read(self, item: JsonValue, root: JsonValue) -> Found:
        """The value of a definite path, or the list of values of any other. Raises EvaluationError."""
        if self.rest is None:
            value = self.follow(root if self.from_root else item, len(self.keys))
            return NOT_FOUND if value is Absence.OUT_OF_RANGE else value
        matches = self.matches(item, root)
        if not isinstance(matches, list):
            return matches
        if self.definite:
            return _result(matches[-1]) if matches else NOT_FOUND
        return [match.value for match in matches]

    def items(self, root: JsonValue) -> Found:
        """What the path with `[*]` after it leads to."""
        return SelectorPath.of((*self.selectors, Every()), from_root=self.from_root).read(root, root)

    def required(self) -> "SelectorPath":
        """The path that leads nowhere if any object lacks a member that is named."""
        return SelectorPath.of(self.selectors, from_root=self.from_root, required=True)

    def matches(self, item: JsonValue, root: JsonValue) -> list[DatumInContext] | Absence:
        """Every place to which the path leads, with the way there. Raises EvaluationError."""
        start = self._start(item, root)
        if not isinstance(start, DatumInContext):
            return NOT_FOUND if start is NOT_FOUND or self.definite else []
        if self.rest is None:
            return [start]
        first = self.selectors[len(self.keys)]
        if isinstance(first, (Selection, Members)) and not isinstance(start.value, dict):
            return NOT_FOUND
        if isinstance(first, (Index, Slice, Span)) and not isinstance(start.value, list):
            return NOT_FOUND
        if isinstance(first, Filter) and not isinstance(start.value, (list, dict)):
            raise WrongKindError("a JsonPath filter expected a list or an object, found neither")
        try:
            return self.rest.find(start)
        except MissingMemberError:
            return NOT_FOUND
        except RecursionError:
            raise EvaluationError("the JsonPath has too many steps for its data to be followed") from None

    def follow(self, value: JsonValue, count: int) -> JsonValue | Absence:
        """The value at the end of the first keys, or why there is none."""
        for key in self.keys[:count]:
            if isinstance(key, str):
                if not isinstance(value, dict) or key not in value:
                    return NOT_FOUND
                value = value[key]
            else:
                if not isinstance(value, list):
                    return NOT_FOUND
                if not -len(value) <= key < len(value):
                    return Absence.OUT_OF_RANGE
                value = value[key]
        return value

    def _start(self, item: JsonValue, root: JsonValue) -> DatumInContext | Absence:
        """Where the keys end, in the context of its parent and of the root."""
        value = root if self.from_root else item
        context = None if self.from_root else DatumInContext(root)
        if not self.keys:
            return DatumInContext(value, context=context)
        parent = self.follow(value, len(self.keys) - 1)
        found = self.follow(value, len(self.keys))
        if isinstance(found, Absence):
            return found
        if len(self.keys) > 1 or context is not None:
            context = DatumInContext(root)
        context = DatumInContext(parent, context=context)
        return DatumInContext(found, path=self.selectors[len(self.keys) - 1], context=context)


def _result(match: DatumInContext) -> JsonValue:
    value: JsonValue = match.value
    if isinstance(match.path, Call) and match.path.name == "keys" and isinstance(value, list):
        # Java's text of a set, which is neither a list nor an object to NiFi.
        return f"[{', '.join(map(str, value))}]"
    return value


def _key(selector: JSONPath) -> Key | None:
    """The one key that a selector stands for, or None if it is none such."""
    if isinstance(selector, Member):
        return selector.name
    if isinstance(selector, Index) and len(selector.indices) == 1:
        return selector.indices[0]
    return None


def _leading_keys(selectors: tuple[JSONPath, ...]) -> tuple[Key, ...]:
    keys = []
    for selector in selectors:
        key = _key(selector)
        if key is None:
            break
        keys.append(key)
    return tuple(keys)


def _finished(selectors: tuple[JSONPath, ...]) -> tuple[JSONPath, ...]:
    """What only the whole path tells: what a function is of, and whether `['a','b']` is the end."""
    selectors = _of_all_that_was_scanned(selectors)
    finished = []
    for i, node in enumerate(selectors):
        scanned = i > 0 and isinstance(selectors[i - 1], AnyDepth)
        if isinstance(node, Selection):
            last = i == len(selectors) - 1
            node = Selection(node.names, whole=scanned) if last else Members(node.names)
        elif isinstance(node, Filter) and scanned:
            node = Filter(node.condition, scanned=True)
        finished.append(node)
    return tuple(finished)


def _of_all_that_was_scanned(selectors: tuple[JSONPath, ...]) -> tuple[JSONPath, ...]:
    """`$..price.sum()` is one sum of all prices, not a sum at each place."""
    if selectors and isinstance(selectors[0], AnyDepth):
        for i, node in enumerate(selectors):
            if isinstance(node, Call):
                function = make_function(node.name, (SelectorPath.of(selectors[:i]),))
                return (Call(node.name, function), *selectors[i + 1 :])
    return selectors


def _tree(selectors: tuple[JSONPath, ...], *, required: bool) -> JSONPath:
    tree: JSONPath = This()
    after_scan = False
    for node in selectors:
        if isinstance(node, AnyDepth):
            after_scan = True
            continue
        if required and isinstance(node, Member) and not after_scan:
            node = Member(node.name, required=True)
        tree = Descendants(tree, node) if after_scan else Child(tree, node)
        after_scan = False
    return tree
