"""Compares two flows: `plan_of(old, new)`."""

from collections.abc import Iterator, Mapping

from flowrun.connection import Connection
from flowrun.graph import FlowGraph
from flowrun.plan.change import Change, Kind, Part, Plan
from flowrun.plan.components import ComponentComparison
from flowrun.plan.flow_level import flow_changes
from flowrun.plan.queues import queue_fates
from flowrun.plan.reach import newly_reached
from flowrun.plan.renaming import renamed_processors
from flowrun.plan.routes import new_routes, route_changes
from flowrun.plan.settings import connection_settings, processor_settings
from flowrun.plan.wording import Wording


def plan_of(old: FlowGraph, new: FlowGraph, *, ages: Mapping[str, list[float]] | None = None) -> Plan:
    """What the new flow changes.

    `ages` says of flowfiles that are queued now how old they are in seconds, by connection; dead letters too. None:
    nobody has looked.
    """
    wording = Wording(old.masking, new.masking)
    changes = _Comparison(old, new, wording).changes()
    return Plan(tuple(changes), newly_reached(old, new, wording), queue_fates(old, new, ages))


class _Comparison:
    def __init__(self, old: FlowGraph, new: FlowGraph, wording: Wording) -> None:
        self._old = old
        self._new = new
        self._wording = wording
        self._renamed = renamed_processors(old, new)

    def changes(self) -> Iterator[Change]:
        yield from flow_changes(self._old.definition, self._new.definition, self._wording)
        yield from self._services()
        yield from self._processors()
        yield from self._connections()

    def _services(self) -> Iterator[Change]:
        old, new = self._old.services, self._new.services
        for name in dict.fromkeys([*new, *old]):
            if name not in old or name not in new:
                kind = Kind.REMOVED if name in old else Kind.ADDED
                service = type(old[name] if name in old else new[name]).__name__
                yield Change(Part.SERVICE, kind, name, f"{service}, is {'gone' if name in old else 'new'}")
                continue
            comparison = ComponentComparison(Part.SERVICE, name, self._wording)
            before, after = self._old.definition.services[name], self._new.definition.services[name]
            yield from comparison.changes(old[name], before, new[name], after)

    def _processors(self) -> Iterator[Change]:
        names = {new: old for old, new in self._renamed.items()}
        for name, node in self._new.nodes.items():
            before = names.get(name, name if name in self._old.nodes else None)
            if before is None:
                words = f"{type(node.processor).__name__}, is new: {new_routes(self._new, name)}"
                yield Change(Part.PROCESSOR, Kind.ADDED, name, words)
                continue
            if before != name:
                words = f"was called '{before}'; what it remembers, and its queues, do not come along"
                yield Change(Part.PROCESSOR, Kind.RENAMED, name, words, "name", before, name)
            yield from self._processor(before, name)
        for name, node in self._old.nodes.items():
            if name not in self._new.nodes and name not in self._renamed:
                words = f"{type(node.processor).__name__}, is gone"
                yield Change(Part.PROCESSOR, Kind.REMOVED, name, words)

    def _processor(self, before: str, after: str) -> Iterator[Change]:
        old, new = self._old.nodes[before], self._new.nodes[after]
        comparison = ComponentComparison(Part.PROCESSOR, after, self._wording)
        yield from comparison.changes(
            old.processor,
            self._old.definition.processors[before],
            new.processor,
            self._new.definition.processors[after],
        )
        yield from processor_settings(self._old, before, self._new, after, self._wording)
        yield from route_changes(old, new, self._renamed)

    def _connections(self) -> Iterator[Change]:
        old = {self._renamed_identity(connection): connection for connection in self._old.connections.values()}
        for identity, connection in self._new.connections.items():
            if identity in old:
                yield from connection_settings(old[identity], connection)

    def _renamed_identity(self, connection: Connection) -> str:
        """The identity that a connection of the old flow has where its processors have their new names."""
        source, _, rest = connection.id.partition(" -- ")
        relationships, _, destination = rest.partition(" --> ")
        names = [self._renamed.get(name, name) for name in (source, destination)]
        return f"{names[0]} -- {relationships} --> {names[1]}"
