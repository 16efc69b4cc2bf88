"""From the definition to the objects that run: a graph of nodes and connections. Every mistake is found here.

Nothing is started: a graph that was built has run nothing yet.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from shutil import which
from typing import TYPE_CHECKING

from flowrun.component_building import NO_SERVICES, ComponentBuilder
from flowrun.connection import Connection
from flowrun.errors import FlowError, Problem, Severity
from flowrun.flow.definition import FlowDefinition
from flowrun.flow.settings import CommandSettings, FlowSettings, resolve_settings
from flowrun.masking import Masking
from flowrun.node import ProcessorNode
from flowrun.node_building import make_node
from flowrun.parameter_reference import NO_PARAMETERS, Parameters
from flowrun.processor import Input, Processor
from flowrun.registry import Registry
from flowrun.service import ControllerService
from flowrun.wiring import Wiring

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, slots=True)
class FlowGraph:
    """A flow, ready to run: `network` is a MultiDiGraph whose nodes hold a ProcessorNode as `node`, and whose edges,
    keyed by the connection's identity, hold a Connection as `connection`."""

    definition: FlowDefinition
    nodes: Mapping[str, ProcessorNode]
    connections: Mapping[str, Connection]
    network: "networkx.MultiDiGraph[str]"
    masking: Masking
    services: Mapping[str, ControllerService]
    parameters: Parameters = NO_PARAMETERS
    dead_letter_command: CommandSettings | None = None

    @property
    def dead_letters(self) -> list[Connection]:
        """The queues that lead nowhere."""
        return [node.dead_letters for node in self.nodes.values() if node.dead_letters is not None]

    @property
    def queues(self) -> dict[str, Connection]:
        """All queues by identity, dead letters too."""
        return {**self.connections, **{connection.id: connection for connection in self.dead_letters}}


@dataclass(frozen=True, slots=True)
class BuiltGraph:
    """What `build_graph` found: the graph, if nothing is wrong, and every problem."""

    graph: FlowGraph | None
    problems: tuple[Problem, ...]


def build_graph(
    definition: FlowDefinition,
    registry: Registry,
    parameters: Parameters,
    *,
    to_run: bool = True,
    services: Mapping[str, ControllerService] = NO_SERVICES,
) -> BuiltGraph:
    """Make the objects of a flow; all mistakes at once, in the order of the file.

    `to_run`: what the flow needs of the world outside must be there; else its absence is a warning. `services` are
    those that are there already: a flow that is edited while it runs goes on with them.
    """
    settings, problems = resolve_settings(definition, parameters)
    secrets = [value for name, value in parameters.values.items() if name in parameters.sensitive]
    masking = Masking(definition.sensitive_attributes, secrets)
    components = ComponentBuilder(definition, registry, parameters, to_run=to_run, services=services)
    builder = _GraphBuilder(definition, components, settings, masking, parameters)
    graph = builder.build()
    problems += _missing_program(definition, settings, to_run=to_run)
    found = tuple(sorted({*problems, *builder.problems}, key=_by_place))
    return BuiltGraph(None if any(p.severity is Severity.ERROR for p in found) else graph, found)


def _missing_program(definition: FlowDefinition, settings: FlowSettings, *, to_run: bool) -> tuple[Problem, ...]:
    command, told = settings.dead_letter_command, definition.on_dead_letter
    if command is None or told is None or which(command.words[0]) is not None:
        return ()
    message = f"command: no program '{command.words[0]}' is found here: name it by its path, or install it"
    return (Problem(message, told.command[0].place, Severity.ERROR if to_run else Severity.WARNING),)


class _GraphBuilder:
    def __init__(
        self,
        definition: FlowDefinition,
        components: ComponentBuilder,
        settings: FlowSettings,
        masking: Masking,
        parameters: Parameters,
    ) -> None:
        self.problems: list[Problem] = []
        self._definition = definition
        self._settings = settings
        self._components = components
        self._masking = masking
        self._parameters = parameters
        self._wirings: dict[str, Wiring] = {}
        self._connections: dict[str, Connection] = {}
        self._has_loose_ends = False

    def build(self) -> FlowGraph | None:
        known = self._components.processors()
        self.problems += self._components.problems
        self._wire(known)
        nodes = {name: self._node(name, processor) for name, processor in known.items()}
        if len(known) < len(self._definition.processors):
            return None
        self._check_sources(nodes)
        network = network_of(self._definition.name, nodes, self._connections)
        if not self._has_loose_ends:  # else their mend brings flowfiles to where they are missing now
            self._check_reached(nodes, network)
        return FlowGraph(
            self._definition,
            nodes,
            self._connections,
            network,
            self._masking,
            self._components.services,
            self._parameters,
            self._settings.dead_letter_command,
        )

    def _wire(self, processors: Mapping[str, Processor]) -> None:
        for name, processor in processors.items():
            definition = self._definition.processors[name]
            self._wirings[name] = Wiring(definition, processor.relationships, self.problems)
        for written, settings in zip(self._definition.connections, self._settings.connections, strict=True):
            wiring = self._wirings.get(written.source.value)
            connection = wiring.connect(written, settings) if wiring is not None else None
            if connection is None or written.destination.value not in self._definition.processors:
                self._has_loose_ends = True
                continue
            if connection.id in self._connections:
                message = f"the connection '{connection.id}' is there already"
                self.problems.append(Problem(message, written.place))
            self._connections[connection.id] = connection
        for name, wiring in self._wirings.items():
            if any(p.severity is Severity.ERROR for p in processors[name].problems) or not wiring.end():
                self._has_loose_ends = True
        self._tell_of_dead_letters()

    def _tell_of_dead_letters(self) -> None:
        """Lead copies of dead letters to the processor that is told; not those of what it leads to itself, for they
        would come round again and again."""
        told = self._definition.on_dead_letter
        if told is None or told.processor is None or told.processor.value not in self._wirings:
            return
        own = _reached_from(told.processor.value, self._connections.values())
        for name, wiring in self._wirings.items():
            notice = wiring.tell(told.processor.value) if name not in own else None
            if notice is not None:
                self._connections[notice.id] = notice

    def _node(self, name: str, processor: Processor) -> ProcessorNode:
        definition, wiring = self._definition.processors[name], self._wirings[name]
        incoming = [c for c in self._connections.values() if c.destination == name]
        node = make_node(
            definition,
            processor,
            self._settings.processors[name],
            connected=any(connection.source != name for connection in incoming),
            masking=self._masking,
        )
        node.connect(incoming, wiring.routes)
        if definition.retry is not None:
            for text in definition.retry.relationships:
                wiring.resolve(text)
        return node

    def _check_sources(self, nodes: Mapping[str, ProcessorNode]) -> None:
        for name, node in nodes.items():
            place = self._definition.processors[name].place
            if node.processor.input is Input.FORBIDDEN and node.incoming:
                kind = type(node.processor).__name__
                source = node.incoming[0].source
                message = f"'{source}' leads to '{name}', but {kind} is a source and takes no flowfiles"
                self.problems.append(Problem(message, place))

    def _check_reached(self, nodes: Mapping[str, ProcessorNode], network: "networkx.MultiDiGraph[str]") -> None:
        import networkx

        first = {name for name, node in nodes.items() if node.is_source or not node.has_incoming_connection}
        reached = first.union(*(networkx.descendants(network, name) for name in first))
        for name, node in nodes.items():
            place = self._definition.processors[name].place
            if name in first and not node.is_source:
                message = f"nothing leads to '{name}': connect something to it, or remove it"
                self.problems.append(Problem(message, place))
            if name not in reached:
                message = f"no source leads to '{name}', only a loop does: it would never get a flowfile"
                self.problems.append(Problem(message, place))


def _reached_from(name: str, connections: Collection[Connection]) -> set[str]:
    """The processor, and all to which connections lead from it."""
    reached = {name}
    while more := {c.destination for c in connections if c.source in reached and c.destination} - reached:
        reached |= more
    return reached


def network_of(
    name: str, nodes: Mapping[str, ProcessorNode], connections: Mapping[str, Connection]
) -> "networkx.MultiDiGraph[str]":
    """The network of a flow of that name, as FlowGraph has it."""
    import networkx

    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=name)
    for node in nodes.values():
        network.add_node(node.name, node=node)
    for identity, connection in connections.items():
        if connection.destination is not None and connection.destination in nodes:
            network.add_edge(connection.source, connection.destination, key=identity, connection=connection)
    return network


def _by_place(problem: Problem) -> tuple[int, int]:
    return (problem.place.line, problem.place.column) if problem.place else (0, 0)


def require(built: BuiltGraph) -> FlowGraph:
    """The graph. Raises FlowError with every problem if there is an error among them."""
    if built.graph is None:
        raise FlowError(built.problems)
    return built.graph
