"""Controller services: shared, started first, stopped last, with state that is safe before it is used."""

from pathlib import Path

import pytest
from tests.engine.kit import CLASSES, collected

from flowrun import (
    ControllerService,
    FlowFile,
    Processor,
    ProcessSession,
    Property,
    Relationship,
    ServiceContext,
    ServiceProperty,
)
from flowrun.clock import MovableClock
from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry, Types
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner

LOG: list[str] = []


class Counter(ControllerService):
    """Count upwards, over restarts."""

    start = Property("Start", int, "The first number.", default="1")

    def on_enabled(self, context: ServiceContext) -> None:
        LOG.append("service enabled")
        self._context = context

    def on_disabled(self) -> None:
        LOG.append("service disabled")

    def next(self) -> int:
        number = int(self._context.state.get("last", self.start - 1)) + 1
        self._context.save_state({"last": str(number)})
        return number


class Unrelated(ControllerService):
    """Something else."""


class Number(Processor):
    """Number flowfiles by a service."""

    blocking = True
    counter = ServiceProperty("Counter", Counter, "Where numbers come from.")
    success = Relationship("success", "All.")

    def on_scheduled(self) -> None:
        LOG.append("processor started")

    def on_stopped(self) -> None:
        LOG.append("processor stopped")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(session.put_attribute(flowfile, "count", str(self.counter.next())), self.success)


FLOW = """flow: test
controller_services:
  numbers: {type: Counter, properties: {Start: 5}}
  other: {type: Unrelated}
processors:
  make: {type: Make, properties: {Count: 3}}
  number: {type: Number, properties: {Counter: numbers}}
  collect: {type: Collect}
connections: [make --> number, number --> collect]
"""


def build(text: str = FLOW) -> FlowGraph:
    loaded = load_flow_text(text, Path("test.yaml"))
    assert loaded.definition is not None, loaded.problems
    services = Types(ControllerService, classes={"Counter": Counter, "Unrelated": Unrelated})
    processors = Types(Processor, classes={**CLASSES, "Number": Number})
    return require(build_graph(loaded.definition, Registry(processors, services), NO_PARAMETERS))


def test_a_service_is_shared_and_its_state_goes_on_after_a_restart(tmp_path: Path) -> None:
    numbers = []
    for run in range(2):
        graph, repository = build(FLOW.replace("Count: 3", f"Count: {3 * (run + 1)}")), DiskRepository(tmp_path)
        FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
        repository.close()
        numbers += [flowfile.attributes["count"] for flowfile in collected(graph)]

    assert numbers == ["5", "6", "7", "8", "9", "10"]


def test_services_start_before_processors_and_stop_after_them(tmp_path: Path) -> None:
    LOG.clear()
    repository = DiskRepository(tmp_path)

    FlowRunner(build(), repository, clock=MovableClock()).run(once=True)
    repository.close()

    assert LOG == ["service enabled", "processor started", "processor stopped", "service disabled"]


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("Counter: numbers", "Counter: nubers", "there is no controller service 'nubers'; did you mean 'numbers'?"),
        ("Counter: numbers", "Counter: other", "'other' is a Unrelated, expected a Counter"),
        ("type: Counter", "type: Conter", "no controller service type 'Conter'; did you mean 'Counter'?"),
        ("Start: 5", "Strat: 5", "Counter has no property 'Strat'; did you mean 'Start'?"),
        ("properties: {Start: 5}", "properties: {Start: five}", "invalid literal"),
    ],
)
def test_mistakes_with_services_are_found_before_the_start(written: str, instead: str, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        build(FLOW.replace(written, instead, 1))

    assert message in str(caught.value)
    assert caught.value.problems[0].place is not None
