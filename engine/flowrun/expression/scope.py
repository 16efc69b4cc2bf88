"""What an expression can see while it is evaluated."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from flowrun.errors import EvaluationError

if TYPE_CHECKING:
    from datetime import tzinfo

_MAXIMUM_NESTING = 20
_MAXIMUM_NESTED_EVALUATIONS = 10_000


class FlowFileProperties(Protocol):
    """The part of a flowfile that expressions can see beside its attributes; dates are seconds since the epoch."""

    @property
    def id(self) -> int:
        """`flowFileId`."""
        ...

    @property
    def size(self) -> int:
        """`fileSize`, in bytes."""
        ...

    @property
    def entry_date(self) -> float:
        """`entryDate`."""
        ...

    @property
    def lineage_start(self) -> float:
        """`lineageStartDate`."""
        ...


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


_PROPERTIES: Mapping[str, Callable[[FlowFileProperties], str]] = {
    "flowFileId": lambda flowfile: str(flowfile.id),
    "fileSize": lambda flowfile: str(flowfile.size),
    "entryDate": lambda flowfile: _milliseconds(flowfile.entry_date),
    "lineageStartDate": lambda flowfile: _milliseconds(flowfile.lineage_start),
}


class Scope:
    """Where names are looked up.

    First come `extra` names, given by the caller; then the flowfile's properties: `flowFileId`, `fileSize`,
    `entryDate`, `lineageStartDate`, and what `properties` holds, such as `lastQueueDate` and `queueDateIndex`; then
    its attributes; and last, if `environment` is true, the environment's variables. `state` is what `getStateValue`
    reads; `zone` stands for the system's time zone where it is not None.
    """

    element: str | None = None
    memory: dict[object, Any] | None = None
    _nesting: "_Nesting | None" = None

    def __init__(
        self,
        attributes: Mapping[str, str],
        *,
        extra: Mapping[str, str] | None = None,
        flowfile: FlowFileProperties | None = None,
        properties: Mapping[str, str] | None = None,
        state: Mapping[str, str] | None = None,
        environment: bool = False,
        zone: "tzinfo | None" = None,
    ) -> None:
        self.attributes = attributes
        self.extra = extra
        self.flowfile = flowfile
        self.properties = properties
        self.state = state
        self.environment = environment
        self.zone = zone

    def lookup(self, name: str) -> str | None:
        """The value of a name; None where nothing has it."""
        if self.extra is not None and name in self.extra:
            return self.extra[name]
        if self.flowfile is not None and name in _PROPERTIES:
            return _PROPERTIES[name](self.flowfile)
        if self.properties is not None and name in self.properties:
            return self.properties[name]
        value = self.attributes.get(name)
        if value is None and self.environment:
            return _environment_variable(name)
        return value

    def names(self) -> list[str]:
        """The names that patterns are matched against: all but those of the environment."""
        properties = _PROPERTIES if self.flowfile is not None else ()
        return list(dict.fromkeys((*(self.extra or ()), *properties, *(self.properties or ()), *self.attributes)))

    def iterating(self) -> "Scope":
        """A scope of its own for one pass over several values; each is set as `element` in turn."""
        scope = self._copy()
        scope.memory = {}
        return scope

    def nested(self) -> "Scope":
        """A scope for an expression that comes out of a value. Raises EvaluationError if that goes on and on."""
        scope = self._copy()
        scope._nesting = (self._nesting or _Nesting()).deeper()
        return scope

    def _copy(self) -> "Scope":
        scope = Scope(
            self.attributes,
            extra=self.extra,
            flowfile=self.flowfile,
            properties=self.properties,
            state=self.state,
            environment=self.environment,
            zone=self.zone,
        )
        scope._nesting = self._nesting
        return scope


def looking_up(name: str) -> Callable[[Scope], str | None]:
    """What gives `scope.lookup(name)`, settled as far as the name allows: most lookups end at the attributes."""
    if name in _PROPERTIES:
        return lambda scope: scope.lookup(name)

    def look_up(scope: Scope) -> str | None:
        if scope.extra is None and scope.properties is None:
            value = scope.attributes.get(name)
            if value is not None or not scope.environment:
                return value
        return scope.lookup(name)

    return look_up


class _Nesting:
    """How deep, and how often in all, values are evaluated as expressions: text from outside must not run away."""

    __slots__ = ("_count", "_depth")

    def __init__(self, depth: int = 0, count: list[int] | None = None) -> None:
        self._depth = depth
        self._count = [0] if count is None else count

    def deeper(self) -> "_Nesting":
        self._count[0] += 1
        if self._depth >= _MAXIMUM_NESTING or self._count[0] > _MAXIMUM_NESTED_EVALUATIONS:
            raise EvaluationError("the text leads to itself, or to too many further expressions")
        return _Nesting(self._depth + 1, self._count)


def _environment_variable(name: str) -> str | None:
    try:
        return os.environ.get(name)
    except ValueError:  # a name that can't be one, such as with a lone surrogate
        return None
