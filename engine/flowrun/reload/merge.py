"""One graph of two: what runs and is left as it is by an edit, and what the edit brings."""

from collections.abc import Mapping

from flowrun.connection import Connection
from flowrun.graph import FlowGraph, network_of
from flowrun.node import ProcessorNode
from flowrun.reload.sameness import is_same_processor, is_same_queue


class Merge:
    """What of a running graph goes on under an edited one. Nothing changes before `graph` is called.

    `kept` are the names of processors that go on, `leaving` nodes that stop, `arriving` nodes that start; a processor
    that was changed is in both. `refilled` are queues that are made anew, for they queue in another way; `gone` those
    that the edited flow has no more.
    """

    def __init__(self, running: FlowGraph, edited: FlowGraph) -> None:
        self._running = running
        self._edited = edited
        self.kept = frozenset(
            name for name in edited.nodes if name in running.nodes and is_same_processor(running, edited, name)
        )
        self.leaving = tuple(node for name, node in running.nodes.items() if name not in self.kept)
        self.arriving = tuple(node for name, node in edited.nodes.items() if name not in self.kept)
        before, after = running.queues, edited.queues
        self.gone = tuple(queue for identity, queue in before.items() if identity not in after)
        self.refilled = {
            identity: queue
            for identity, queue in before.items()
            if identity in after and not is_same_queue(queue, after[identity])
        }
        self.services_leaving = tuple(
            name for name, service in running.services.items() if edited.services.get(name) is not service
        )
        self.services_arriving = tuple(
            name for name, service in edited.services.items() if running.services.get(name) is not service
        )

    @property
    def orphans(self) -> Mapping[str, int]:
        """How many flowfiles there are in connections that the edited flow has no more, those at work too."""
        return {queue.id: len(queue) for queue in self.gone if len(queue)}

    @property
    def affected(self) -> list[ProcessorNode]:
        """The nodes that must have no session at work when the graph changes.

        Those that stop; those that take from a queue that is made anew; and those that fill one that will be gone.
        """
        names = {node.name for node in self.leaving}
        names |= {queue.destination for queue in self.refilled.values() if queue.destination is not None}
        names |= {queue.source for queue in self.gone}
        return [self._running.nodes[name] for name in names if name in self._running.nodes]

    @property
    def is_empty(self) -> bool:
        """Whether the edit changes nothing that runs."""
        return not (
            self.leaving
            or self.arriving
            or self.gone
            or self.refilled
            or self.services_leaving
            or self.services_arriving
            or self._running.queues.keys() != self._edited.queues.keys()
            or self._routes(self._running) != self._routes(self._edited)
            or self._running.masking.attributes != self._edited.masking.attributes
            or self._running.dead_letter_command != self._edited.dead_letter_command
        )

    def graph(self, now: float) -> FlowGraph:
        """The graph that runs from now on. Called once, on the engine thread, with nothing affected at work."""
        queues = {identity: self._queue(identity, queue, now) for identity, queue in self._edited.queues.items()}
        nodes = {name: self._node(name, node) for name, node in self._edited.nodes.items()}
        for name, node in nodes.items():
            wired = self._edited.nodes[name]
            incoming = [queues[connection.id] for connection in wired.incoming]
            routes = {name: tuple(queues[way.id] for way in ways) for name, ways in wired.routes.items()}
            node.connect(incoming, routes)
        edited = self._edited
        connections = {identity: queues[identity] for identity in edited.connections}
        return FlowGraph(
            edited.definition,
            nodes,
            connections,
            network_of(edited.definition.name, nodes, connections),
            edited.masking,
            edited.services,
            edited.parameters,
            edited.dead_letter_command,
        )

    def _queue(self, identity: str, fresh: Connection, now: float) -> Connection:
        running = self._running.queues.get(identity)
        if running is not None and identity not in self.refilled:
            return running
        if running is not None:
            fresh.overflow.swap = running.overflow.swap
            fresh.put(running.drain(), now)
        return fresh

    def _node(self, name: str, fresh: ProcessorNode) -> ProcessorNode:
        running = self._running.nodes.get(name)
        if running is None:
            return fresh
        if name in self.kept:
            running.transaction_settings = fresh.transaction_settings  # what is masked may have changed
            return running
        fresh.statistics = running.statistics
        return fresh

    @staticmethod
    def _routes(graph: FlowGraph) -> dict[tuple[str, str], list[str]]:
        return {
            (name, relationship): [way.id for way in ways]
            for name, node in graph.nodes.items()
            for relationship, ways in node.routes.items()
        }
