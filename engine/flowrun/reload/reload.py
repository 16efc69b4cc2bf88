"""Brings one edit into a flow that runs."""

from collections.abc import Callable

from flowrun.bulletin import Level
from flowrun.errand import Errand, NotBegunError
from flowrun.errors import FlowError, Problem
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.reload.merge import Merge
from flowrun.runner import Engine, FlowRunner

LONGEST_START = 30.0
"""Seconds that a controller service has to be enabled, before the edit is refused."""
_PATIENCE = 0.2
"""Seconds that the engine thread has to come, before it is asked again."""


class Reload:
    """One edit on its way into a running flow; `step` is for the engine thread, `carry_out` for any other.

    Only what the edit changes is held up, and only until its last session has ended. Then it is stopped, what the edit
    brings is started, and the graphs are exchanged between two triggers. If anything can't start, or a flowfile would
    be orphaned, what was stopped starts again, and the flow goes on as it was.
    """

    def __init__(self, runner: FlowRunner, edited: FlowGraph) -> None:
        self._runner = runner
        self._edited = edited
        self._running = runner.graph
        self._merge = Merge(runner.graph, edited)
        self._held: list[ProcessorNode] = []

    @property
    def is_empty(self) -> bool:
        """Whether the edit changes nothing that runs."""
        return self._merge.is_empty

    @property
    def waits_for(self) -> list[str]:
        """The processors that are still at work."""
        return sorted(node.name for node in self._held if node.active)

    def carry_out(self, pause: Callable[[], bool]) -> bool:
        """Have it done; False: it is not wanted any more, and the flow goes on as it was.

        `pause` waits a moment while something is still at work, and says whether the edit is still wanted. Raises
        FlowError if the edit is refused, and RepositoryError, after which the run ends.
        """
        while not self._runner.is_stopping:
            if self._ask(self.step):
                return True
            if not pause():
                break
        self._ask(self._resume)
        return False

    def step(self, engine: Engine) -> bool:
        """Get on with it; False: something is still at work. Raises FlowError if the edit is refused."""
        if self._runner.is_stopping:
            return False
        try:
            self._refuse_orphans()
            self._hold()
            if any(node.active for node in self._held):
                return False
            self._exchange(engine)
        except BaseException:
            self._resume(engine)
            raise
        return True

    def _ask(self, action: Callable[[Engine], bool]) -> bool:
        errand = Errand(action)
        if not self._runner.perform(errand.run):
            return False
        try:
            return errand.outcome(_PATIENCE)
        except NotBegunError:
            return False

    def _refuse_orphans(self) -> None:
        place = self._edited.definition.place
        orphans = sorted(self._merge.orphans.items())
        if orphans:
            raise FlowError([Problem(_orphaned(identity, count), place) for identity, count in orphans])
        names = [graph.definition.name for graph in (self._running, self._edited)]
        if names[0] != names[1]:
            message = (
                f"the flow is called '{names[1]}' now, and '{names[0]}' runs: a name changes with a new start only"
            )
            raise FlowError(Problem(message, place))

    def _hold(self) -> None:
        """Let nothing that is affected be triggered any more."""
        if not self._held:
            self._held = [node for node in self._merge.affected if node.is_running]
        for node in self._held:
            node.is_running = False

    def _resume(self, engine: Engine) -> bool:
        """Let what was held go on."""
        held, self._held = self._held, []
        for node in held:
            node.is_running = True
            engine.scheduler.wake(node.name)
        return True

    def _exchange(self, engine: Engine) -> None:
        running, lifecycle = self._running, engine.lifecycle
        engine.settlement.act(at_rest=True)  # else a source that starts anew would find again what is safe already
        for node in self._merge.leaving:
            lifecycle.halt(node)
        for name in reversed(self._merge.services_leaving):
            lifecycle.disable(name)
        try:
            started = self._start(engine)
            self._refuse_orphans()  # somebody may have put some there while services started
        except BaseException:
            self._go_back(engine)
            raise
        self._swap(engine, started)
        kept = {node.name for node in self._held} & self._merge.kept
        self._held = [node for node in running.nodes.values() if node.name in kept]
        self._resume(engine)

    def _start(self, engine: Engine) -> list[ProcessorNode]:
        """Start what the edit brings; gives the processors that may be triggered. Raises FlowError."""
        definition, lifecycle = self._edited.definition, engine.lifecycle
        for name in self._merge.services_arriving:
            service, place = self._edited.services[name], definition.services[name].place
            lifecycle.enable(name, service, place, limit=LONGEST_START)
        return [
            node for node in self._merge.arriving if lifecycle.prepare(node, definition.processors[node.name].place)
        ]

    def _go_back(self, engine: Engine) -> None:
        """Stop what the edit brought, and start again what runs: whatever fails now is told, and stays stopped."""
        definition, lifecycle = self._running.definition, engine.lifecycle
        for node in self._merge.arriving:
            lifecycle.halt(node)
        for name in reversed(self._merge.services_arriving):
            lifecycle.disable(name)
        failed = set()
        for name in self._merge.services_leaving:
            try:
                service, place = self._running.services[name], definition.services[name].place
                lifecycle.enable(name, service, place, limit=LONGEST_START)
            except FlowError as error:
                engine.settlement.tell(name, Level.ERROR, f"can't start again: {error}")
        for node in self._merge.leaving:
            try:
                lifecycle.prepare(node, definition.processors[node.name].place)
            except FlowError as error:
                failed.add(node.name)
                engine.settlement.tell(node.name, Level.ERROR, f"can't start again, and stays stopped: {error}")
        self._held = [node for node in self._held if node.name not in failed]

    def _swap(self, engine: Engine, started: list[ProcessorNode]) -> None:
        runner, settlement = self._runner, engine.settlement
        now = engine.clock.now()
        graph = self._merge.graph(now)
        queues = graph.queues
        for queue in queues.values():
            queue.overflow.swap = runner.swap
        for identity in [identity for identity in runner.orphaned if identity in queues]:  # it is back
            placements = runner.orphaned[identity].drain()
            queues[identity].put(placements, now)
            if not queues[identity].is_dead_letter:
                settlement.recovered(placements)
        runner.orphaned = {identity: queue for identity, queue in runner.orphaned.items() if identity not in queues}
        settlement.masking = graph.masking
        settlement.follows_origins |= any(node.settings.skip_overlap for node in graph.nodes.values())
        runner.graph = graph
        if not self._merge.is_empty:
            runner.generation += 1
        engine.scheduler.adopt(graph.nodes)
        for node in started:
            engine.scheduler.start(node)
        for listener in runner.graph_listeners:
            try:
                listener(graph)
            except Exception as error:  # noqa: BLE001 the edit has come in, whoever could not follow it
                settlement.tell(graph.definition.name, Level.ERROR, f"the edit could not be followed: {error}")


def _orphaned(identity: str, count: int) -> str:
    are = "1 flowfile is" if count == 1 else f"{count:,} flowfiles are"
    return (
        f"{are} in the connection '{identity}', which the edit removes: bring it back and let them move, or empty it "
        "with 'flowrun queue purge', then save the file again"
    )
