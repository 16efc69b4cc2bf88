"""Small processors, and flows made of them: generate → mark → … → drop."""

from itertools import pairwise
from pathlib import Path

from flowrun import FlowFile, Input, Processor, ProcessSession, Property, Relationship, integer
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry


class Generate(Processor):
    """Make flowfiles: so many in all, so many a session, each with so many attributes and this content.

    As in life, a flowfile has its own uuid and filename, and shares the values of its other attributes with many.
    """

    input = Input.FORBIDDEN
    blocking = False
    count = Property("Count", integer, "How many in all.")
    batch_size = Property("Batch", integer, "How many a session.", default="1000")
    width = Property("Attributes", integer, "How many attributes, the three of every flowfile among them.", default="5")
    content = Property("Content", str, "The content.", default="")
    success = Relationship("success", "All of them.")

    def on_scheduled(self) -> None:
        """Begin anew."""
        self._made = 0
        self._bytes = self.content.encode()
        self._shared = {f"attribute-{number}": f"value of attribute-{number}" for number in range(3, self.width)}

    def on_trigger(self, session: ProcessSession) -> None:
        end = min(self._made + self.batch_size, self.count)
        for number in range(self._made, end):
            attributes = {**self._shared, "filename": f"file-{number}.txt"}
            session.transfer(session.create(attributes=attributes, content=self._bytes), self.success)
        self._made = end

    def has_pending(self) -> bool:
        return self._made < self.count


class Mark(Processor):
    """Set one attribute, to a value that the flowfile does not have yet."""

    blocking = False
    value = Property("Value", str, "The value.", default="passed")
    success = Relationship("success", "All of them.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(session.put_attribute(flowfile, "mark", self.value), self.success)


class Drop(Processor):
    """End flowfiles."""

    blocking = False

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.remove(flowfile)


CLASSES: dict[str, type[Processor]] = {kind.__name__: kind for kind in (Generate, Mark, Drop)}


def graph_of(text: str, *processors: type[Processor]) -> FlowGraph:
    """The graph of a flow file that uses these types, and those of this module."""
    loaded = load_flow_text(text, Path("benchmark.yaml"))
    if loaded.definition is None:
        raise ValueError("; ".join(map(str, loaded.problems)))
    registry = Registry(classes={**CLASSES, **{kind.__name__: kind for kind in processors}})
    return require(build_graph(loaded.definition, registry, NO_PARAMETERS))


def chain(count: int, *, batch: int = 1000, marks: int = 3, unlimited: bool = False) -> FlowGraph:
    """Generate → so many × Mark → Drop. `unlimited`: queues are never full, so all flowfiles wait at once."""
    names = ["generate", *(f"mark-{number}" for number in range(marks)), "drop"]
    pressure = ", back_pressure: {objects: 0, size: 0 B}" if unlimited else ""
    lines = ["flow: chain", "processors:"]
    lines.append(f"  generate: {{type: Generate, properties: {{Count: {count}, Batch: {batch}}}}}")
    lines += [f"  mark-{number}: {{type: Mark, properties: {{Value: {number}}}}}" for number in range(marks)]
    lines += ["  drop: {type: Drop}", "connections:"]
    for source, destination in pairwise(names):
        lines.append(f"  - {{from: {source}, relationships: [success], to: {destination}{pressure}}}")
    return graph_of("\n".join(lines) + "\n")
