"""A flow that runs step by step, and edits of it."""

from collections import Counter
from pathlib import Path
from textwrap import dedent

from tests.engine.kit import CLASSES

from flowrun import Processor
from flowrun.clock import MovableClock
from flowrun.flow.definition import FlowDefinition
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.orphans import REFUSE, OrphanRule
from flowrun.parameter_reference import Parameters
from flowrun.registry import Registry, Types
from flowrun.reload.reload import Reload
from flowrun.reload.sameness import kept_services
from flowrun.repository import Repository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import Engine, FlowRunner
from flowrun.service import ControllerService


class Edited:
    """A flow whose engine is stepped by hand."""

    def __init__(
        self,
        text: str,
        *,
        repository: Repository | None = None,
        processors: dict[str, type[Processor]] | None = None,
        services: dict[str, type[ControllerService]] | None = None,
        orphans: OrphanRule = REFUSE,
        **parameters: str,
    ) -> None:
        self.registry = Registry(
            Types(Processor, classes={**CLASSES, **(processors or {})}), Types(ControllerService, classes=services)
        )
        self.repository = repository or MemoryRepository()
        self.clock = MovableClock()
        self.runner = FlowRunner(self.built(text, parameters), self.repository, clock=self.clock, orphans=orphans)
        self.engine: Engine = self.runner._prepare()

    def __enter__(self) -> "Edited":
        self.engine.lifecycle.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.lifecycle.stop()

    @property
    def graph(self) -> FlowGraph:
        """What runs."""
        return self.runner.graph

    def work(self, steps: int = 1000) -> None:
        """Trigger so often, or until there is nothing to do."""
        for _ in range(steps):
            if not self.engine.scheduler.step() and not self.engine.scheduler.busy:
                return

    def begin(self, text: str, **parameters: str) -> Reload:
        """An edit on its way."""
        return Reload(self.runner, self.built(text, parameters, running=self.runner.graph))

    def edit(self, text: str, **parameters: str) -> bool:
        """Whether the edit came through at once. Raises FlowError if it is refused."""
        return self.begin(text, **parameters).step(self.engine)

    def built(self, text: str, values: dict[str, str], running: FlowGraph | None = None) -> FlowGraph:
        """The graph of a flow file whose first line is given already."""
        definition = definition_of(text)
        parameters = Parameters(values)
        kept = kept_services(running, definition, parameters) if running is not None else {}
        return require(build_graph(definition, self.registry, parameters, services=kept))

    def queued(self) -> dict[str, int]:
        """How many flowfiles are in each queue that has some."""
        queues = {**self.graph.queues, **self.runner.orphaned}
        return {identity: len(queue) for identity, queue in queues.items() if len(queue)}

    def check_nothing_is_lost(self) -> None:
        """What the repository has is in the queues of the graph that runs, each in its own, or taken from there."""
        stored = {p.flowfile.id: p.connection for p in self.repository.recover().placements}
        waiting = [(p.flowfile.id, identity) for identity, queue in self.graph.queues.items() for p in queue]
        assert len(waiting) == len(dict(waiting))
        assert dict(waiting).items() <= stored.items()
        assert self.queued() == Counter(stored.values())
        assert not self.runner.orphaned


def definition_of(text: str) -> FlowDefinition:
    loaded = load_flow_text("flow: test\n" + dedent(text), Path("test.yaml"))
    assert loaded.definition is not None, loaded.problems
    assert loaded.problems == (), loaded.problems
    return loaded.definition
