"""Which processors of the old flow are the new one's under another name."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowrun.flow.definition import ProcessorDefinition
from flowrun.graph import FlowGraph

LEAST_LIKENESS = 0.5
"""The share of all that is known about two processors that must agree, else one was removed and another added."""

Fact = tuple[str, ...]


def renamed_processors(old: FlowGraph, new: FlowGraph) -> Mapping[str, str]:
    """New name by old name, for processors that have the old flow's type and mostly what else it says about them.

    Only names that one of the flows does not have can have changed, and only if nothing else is as much alike.
    """
    gone = [name for name in old.nodes if name not in new.nodes]
    come = [name for name in new.nodes if name not in old.nodes]
    unknown = {*gone, *come}
    before, after = (
        {name: _Known.of(graph, name, unknown) for name in names} for graph, names in ((old, gone), (new, come))
    )
    likeness = {
        (was, now): first.likeness(second)
        for was, first in before.items()
        for now, second in after.items()
        if first.type == second.type
    }
    best: dict[str, Counter[float]] = {}
    for names, value in likeness.items():
        for name in names:
            best.setdefault(name, Counter())[value] += 1
    return {
        was: now
        for (was, now), value in likeness.items()
        if value >= LEAST_LIKENESS and all(max(best[name]) == value and best[name][value] == 1 for name in (was, now))
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known about one processor."""

    type: str
    facts: frozenset[Fact]

    @classmethod
    def of(cls, graph: FlowGraph, name: str, unknown: set[str]) -> "_Known":
        return cls(type(graph.nodes[name].processor).__name__, frozenset(_facts(graph, name, unknown)))

    def likeness(self, other: "_Known") -> float:
        """The share of facts that both have, of all facts."""
        both = self.facts | other.facts
        return len(self.facts & other.facts) / len(both) if both else 1.0


def _facts(graph: FlowGraph, name: str, unknown: set[str]) -> Iterator[Fact]:
    """What is known about a processor. Neighbours that may have been renamed too count by their type."""
    node = graph.nodes[name]
    yield from _written(graph.definition.processors[name])
    for relationship, connections in node.routes.items():
        for connection in connections:
            target = _neighbour(graph, connection.destination, unknown)
            yield ("to", relationship, target)
    for connection in node.incoming:
        yield ("from", _neighbour(graph, connection.source, unknown))


def _neighbour(graph: FlowGraph, name: str | None, unknown: set[str]) -> str:
    if name is None:
        return ""
    return type(graph.nodes[name].processor).__name__ if name in unknown else f"'{name}'"


def _written(definition: ProcessorDefinition) -> Iterator[Fact]:
    for name, text in (*definition.properties.items(), *definition.dynamic.items()):
        yield ("property", name, text.value)
    for rule in definition.rules:
        yield ("rule", rule.name.value)
    if definition.comment is not None:
        yield ("comment", definition.comment.value)
    if definition.schedule is not None:
        yield ("schedule", *(str(t) for t in (definition.schedule.every, definition.schedule.cron) if t is not None))
