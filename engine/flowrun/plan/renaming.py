"""Which processors of the old flow are the new one's under another name."""

from collections.abc import Iterator, Mapping

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
    likeness = {
        (before, after): _likeness(old, before, new, after)
        for before in gone
        for after in come
        if type(old.nodes[before].processor).__name__ == type(new.nodes[after].processor).__name__
    }
    found: dict[str, str] = {}
    for (before, after), value in sorted(likeness.items(), key=lambda entry: -entry[1]):
        rivals = [v for (b, a), v in likeness.items() if (b == before) != (a == after)]
        if value >= LEAST_LIKENESS and value > max(rivals, default=0.0):
            found[before] = after
    return found


def _likeness(old: FlowGraph, before: str, new: FlowGraph, after: str) -> float:
    """The share of facts that both have, of all facts."""
    unknown = {*old.nodes} ^ {*new.nodes}
    first = set(_facts(old, before, unknown))
    second = set(_facts(new, after, unknown))
    return len(first & second) / len(first | second) if first | second else 1.0


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
