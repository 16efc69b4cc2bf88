"""Why a flowfile is where it is: each step of its way, what decided it, and which ways it did not take."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from flowrun.errors import Place
from flowrun.flow.definition import ProcessorDefinition
from flowrun.flowfile import FlowFile
from flowrun.graph import FlowGraph
from flowrun.history.event import HistoryEvent, events_of
from flowrun.history.finding import Finding, findings
from flowrun.history.trail import Hop
from flowrun.node import ProcessorNode
from flowrun.repository.commit import EventType

GraphAt = Callable[[float], FlowGraph | None]
"""The graph that ran at a moment; None if it is not known."""


class Branch(Struct, frozen=True, kw_only=True):
    """A way out of a processor: where it leads, where the flow says so, and what it means."""

    relationship: str
    leads_to: str
    place: Place | None
    meaning: str = ""
    finding: Finding | None = None


class Step(Struct, frozen=True, kw_only=True):
    """One step, explained.

    `waited` is how many seconds it waited in the queue before (None: it is not known), `tried` how often it had been
    tried. `taken` is the way by which it left, `not_taken` the others. `findings` are what expressions said that make
    no way out; `remarks` what the processor has to say. `is_known` is false where the flow of that time, or the
    processor in it, is not known.
    """

    hop: Hop
    events: tuple[HistoryEvent, ...]
    place: Place | None = None
    type: str = ""
    waited: float | None = None
    tried: int = 0
    taken: Branch | None = None
    not_taken: tuple[Branch, ...] = ()
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    is_known: bool = True


def explain(hops: Iterable[Hop], graph_at: GraphAt) -> Iterator[Step]:
    """The steps of a way, in order."""
    for hop in hops:
        passage = hop.passage
        waited = max(0.0, passage.moment - hop.waited_since) if hop.waited_since is not None else None
        step = Step(hop=hop, events=tuple(events_of(hop)), waited=waited, tried=hop.tried)
        graph = graph_at(passage.moment)
        node = graph.nodes.get(passage.author) if graph is not None else None
        if graph is None or node is None:
            yield _changed(step, is_known=not passage.author)
            continue
        definition = graph.definition.processors[passage.author]
        yield _explained(step, _Processor(graph, node, definition))


def _changed(step: Step, *, is_known: bool) -> Step:
    return Step(hop=step.hop, events=step.events, waited=step.waited, tried=step.tried, is_known=is_known)


class _Processor:
    """A processor in the flow of that time."""

    def __init__(self, graph: FlowGraph, node: ProcessorNode, definition: ProcessorDefinition) -> None:
        self.node = node
        self.definition = definition
        self._connections = graph.definition.connections

    def branch(self, relationship: str, finding: Finding | None) -> Branch:
        """One way out."""
        connections = self.node.routes.get(relationship, ())
        ends = {text.value.lower(): text for text in (*self.definition.auto_terminate, *self.definition.dead_letter)}
        written = ends.get(relationship.lower())
        leads_to = (
            ", ".join(c.destination or "the dead letters" for c in connections) or "nothing: it is auto-terminated"
        )
        place = written.place if written is not None else None
        for connection in connections:
            place = self._written(connection.source, relationship, connection.destination or "") or place
        declared = self.node.processor.relationships.get(relationship)
        meaning = declared.description if declared is not None and finding is None else ""
        return Branch(relationship=relationship, leads_to=leads_to, place=place, meaning=meaning, finding=finding)

    def expiration_place(self, connection: str) -> Place | None:
        """Where the flow says how old flowfiles may grow in a queue."""
        source, _, rest = connection.partition(" -- ")
        relationships, _, destination = rest.rpartition(" --> ")
        return self._written(source, relationships.split(", ")[0], destination)

    def _written(self, source: str, relationship: str, destination: str) -> Place | None:
        """Where the flow says that this relationship leads there."""
        for written in self._connections:
            if (written.source.value, written.destination.value) == (source, destination):
                names = [text.value.lower() for text in written.relationships]
                if not names or relationship.lower() in names:
                    return written.place
        return None


def _explained(step: Step, processor: _Processor) -> Step:
    passage = step.hop.passage
    seen = step.hop.before or step.hop.after
    if any(event.type is EventType.EXPIRE for event in step.events):
        place = processor.expiration_place(step.hop.came_by)
        return Step(hop=step.hop, events=step.events, waited=step.waited, tried=step.tried, place=place)
    found = tuple(findings(processor.node, processor.definition, seen)) if step.hop.before is not None else ()
    makes = {finding.relationship: finding for finding in found if finding.relationship}
    ways = [processor.branch(name, makes.get(name)) for name in processor.node.processor.relationships]
    left = passage.relationship
    return Step(
        hop=step.hop,
        events=step.events,
        place=processor.definition.place,
        type=type(processor.node.processor).__name__,
        waited=step.waited,
        tried=step.tried,
        taken=next((way for way in ways if way.relationship == left), None),
        not_taken=tuple(way for way in ways if way.relationship != left) if left else (),
        findings=tuple(finding for finding in found if not finding.relationship),
        remarks=tuple(_remarks(processor.node, seen, step.hop.after, left)),
    )


def _remarks(node: ProcessorNode, before: FlowFile, after: FlowFile, relationship: str) -> list[str]:
    """What the processor says itself; it may come from anybody, and must not end the answer."""
    try:
        return [str(remark) for remark in node.processor.explain(before, after, relationship)]
    except Exception as error:  # noqa: BLE001 a mistake of its author's
        return [f"{type(node.processor).__name__}.explain failed: {type(error).__name__}: {error}"]
