"""What the tests of the engine share: small processors, and a flow from a few lines of YAML."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from flowrun import FlowFile, Input, Processor, ProcessorError, ProcessSession, Property, Relationship, integer
from flowrun.clock import MovableClock
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry
from flowrun.repository import Repository
from flowrun.runner import FlowRunner, Outcome


class Make(Processor):
    """Make flowfiles, numbered from 0, in one go."""

    input = Input.FORBIDDEN
    blocking = False
    count = Property("Count", integer, "How many.", default="1")
    size = Property("Size", integer, "Bytes of content.", default="0")
    success = Relationship("success", "All of them.")

    def on_trigger(self, session: ProcessSession) -> None:
        made = int(session.state.get("made", "0"))
        if made >= self.count:
            return
        for number in range(made, self.count):
            flowfile = session.create(attributes={"number": str(number)}, content=b"x" * self.size)
            session.transfer(flowfile, self.success)
        session.set_state({"made": str(self.count)})


class Tick(Processor):
    """Make one flowfile a trigger."""

    input = Input.FORBIDDEN
    blocking = False
    success = Relationship("success", "It.")

    def on_trigger(self, session: ProcessSession) -> None:
        session.transfer(session.create(), self.success)


class Pass(Processor):
    """Pass flowfiles on, marked."""

    blocking = False
    success = Relationship("success", "All.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(session.put_attribute(flowfile, "passed", "yes"), self.success)


class PassOnWorker(Pass):
    """Pass flowfiles on, from a worker thread."""

    blocking = True


class Collect(Processor):
    """Keep what comes, outside the flow, for a test to look at."""

    blocking = False

    def on_scheduled(self) -> None:
        self.seen: list[FlowFile] = []

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.seen.append(flowfile)
        session.remove(flowfile)


class Fail(Processor):
    """Send flowfiles to failure, or raise, as often as told; then to success."""

    blocking = False
    times = Property("Times", integer, "How often.", default="1")
    how = Property("How", str, "transfer, raise or crash.", default="transfer")
    success = Relationship("success", "In the end.")
    failure = Relationship("failure", "At first.")

    def on_scheduled(self) -> None:
        self.tried: list[FlowFile] = []

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.tried.append(flowfile)
        if sum(tried.id == flowfile.id for tried in self.tried) > self.times:
            session.transfer(flowfile, self.success)
            return
        changed = session.put_attribute(session.write(flowfile, b"spoiled"), "spoiled", "yes")
        copy = session.clone(changed)
        if self.how == "raise":
            raise ProcessorError("not today")
        if self.how == "crash":
            raise ZeroDivisionError("a mistake of the author")
        session.transfer(changed, self.failure, cause="not today")
        session.remove(copy)


CLASSES = {kind.__name__: kind for kind in (Make, Tick, Pass, PassOnWorker, Collect, Fail)}


def flow(text: str, **more: type[Processor]) -> FlowGraph:
    """The graph of a flow file whose first lines are given already. Raises FlowError if it is wrong."""
    loaded = load_flow_text("flow: test\n" + dedent(text), Path("test.yaml"))
    assert loaded.definition is not None, loaded.problems
    assert loaded.problems == ()
    return require(build_graph(loaded.definition, Registry(classes={**CLASSES, **more}), NO_PARAMETERS))


def run_once(graph: FlowGraph, repository: Repository, clock: MovableClock | None = None, **options: float) -> Outcome:
    """Run the graph as `--once` does, on a clock that jumps."""
    runner = FlowRunner(graph, repository, clock=clock or MovableClock())
    return runner.run(once=True, duration=options.get("duration"))


def collected(graph: FlowGraph, name: str = "collect") -> list[FlowFile]:
    """What a Collect processor saw."""
    processor = graph.nodes[name].processor
    assert isinstance(processor, Collect)
    return processor.seen


Graph = Callable[[], FlowGraph]
