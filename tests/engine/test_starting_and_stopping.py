"""How a run begins and ends: nothing is left undone, nothing is done twice, and nothing that hangs keeps it."""

import sqlite3
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

import pytest
from tests.engine.kit import CLASSES, Pass, Tick, collected, flow

from flowrun import ControllerService, FlowFile, Input, Processor, ProcessSession, Relationship, ServiceContext
from flowrun import lifecycle as lifecycle_module
from flowrun.clock import MovableClock, SystemClock
from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow_text
from flowrun.gathering import Gathered
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.node import ProcessorNode
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry, Types
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner
from flowrun.transaction import Transaction


class Acknowledge(Tick):
    """Does something after each commit."""

    def on_scheduled(self) -> None:
        self.done: list[str] = []

    def on_trigger(self, session: ProcessSession) -> None:
        flowfile = session.create()
        session.on_commit(lambda: self.done.append(flowfile.uuid))
        session.transfer(flowfile, self.success)

    def has_pending(self) -> bool:
        return True


@pytest.mark.parametrize("once", [False, True])
def test_what_waits_for_a_commit_is_done_before_the_run_ends_however_short_the_drain(once: bool) -> None:
    graph = flow("processors: {tick: {type: Source, auto_terminate: [success]}}", Source=Acknowledge)
    committed = 0

    def stop_after_five(_node: ProcessorNode, _transaction: Transaction, _gathered: Gathered) -> None:
        nonlocal committed
        committed += 1
        if committed == 5:
            runner.stop()

    runner = FlowRunner(graph, MemoryRepository(), observer=stop_after_five)
    runner.run(once=once, drain=0)

    assert len(graph.nodes["tick"].processor.done) == committed  # type: ignore[attr-defined]


class Reluctant(Tick):
    """Has more, and rests after each."""

    made = 0

    def has_pending(self) -> bool:
        return self.made < 3

    def on_trigger(self, session: ProcessSession) -> None:
        self.made += 1
        super().on_trigger(session)
        self.yield_resources()


def test_once_waits_for_a_source_that_rests_before_it_has_handed_over_everything() -> None:
    graph = flow(
        "processors: {tick: {type: Reluctant}, collect: {type: Collect}}\nconnections: [tick --> collect]",
        Reluctant=Reluctant,
    )

    outcome = FlowRunner(graph, MemoryRepository(), clock=MovableClock()).run(once=True)

    assert outcome.finished
    assert len(collected(graph)) == 3


class Caller(Processor):
    """A source that sends what it could not do to itself."""

    input = Input.ALLOWED
    blocking = False
    success = Relationship("success", "It.")
    failure = Relationship("failure", "At first.")

    def on_scheduled(self) -> None:
        self.calls = 0

    def on_trigger(self, session: ProcessSession) -> None:
        flowfile = session.get()
        if flowfile is not None:
            session.transfer(flowfile, self.success)
            return
        self.calls += 1
        session.transfer(session.penalize(session.create()), self.failure)


@pytest.mark.parametrize("schedule", ["{every: 1 day}", "{every: 1 day, overlap: skip}"])
def test_once_works_off_what_a_source_sent_to_itself(schedule: str) -> None:
    graph = flow(
        f"""
        processors:
          call: {{type: Caller, schedule: {schedule}}}
          collect: {{type: Collect}}
        connections: [call -- failure --> call, call -- success --> collect]
        """,
        Caller=Caller,
    )

    outcome = FlowRunner(graph, MemoryRepository(), clock=MovableClock()).run(once=True)

    assert outcome.finished
    assert len(collected(graph)) == 1
    assert graph.nodes["call"].processor.calls == 1  # type: ignore[attr-defined]


def test_source_with_a_loop_to_itself_works_it_off_at_its_schedule() -> None:
    graph = flow(
        """
        processors:
          call: {type: Caller, schedule: {every: 40 sec}}
          collect: {type: Collect}
        connections: [call -- failure --> call, call -- success --> collect]
        """,
        Caller=Caller,
    )

    FlowRunner(graph, MemoryRepository(), clock=MovableClock()).run(duration=161, drain=0)

    assert graph.nodes["call"].processor.calls == 3  # type: ignore[attr-defined]
    assert len(collected(graph)) == 2


def service_flow(kind: type[ControllerService]) -> FlowGraph:
    text = "flow: test\ncontroller_services: {keeper: {type: Keeper}}\n"
    text += "processors: {tick: {type: Tick, auto_terminate: [success]}}\n"
    loaded = load_flow_text(text, Path("test.yaml"))
    assert loaded.definition is not None, loaded.problems
    registry = Registry(Types(Processor, classes=CLASSES), Types(ControllerService, classes={"Keeper": kind}))
    return require(build_graph(loaded.definition, registry, NO_PARAMETERS))


class Keeper(ControllerService):
    """Saves its state on a thread of its own, and waits for it, both at the start and at the end."""

    def on_enabled(self, context: ServiceContext) -> None:
        self._context = context
        self._save("begun")

    def on_disabled(self) -> None:
        self._save("ended")

    def _save(self, word: str) -> None:
        thread = threading.Thread(target=lambda: self._context.save_state({**self._context.state, word: "yes"}))
        thread.start()
        thread.join()


def test_service_may_wait_for_a_thread_that_saves_its_state(tmp_path: Path) -> None:
    repository = DiskRepository(tmp_path)
    FlowRunner(service_flow(Keeper), repository, clock=MovableClock()).run(once=True)
    repository.close()

    again = DiskRepository(tmp_path)
    state = again.recover().state
    again.close()
    assert state["controller service keeper"] == {"begun": "yes", "ended": "yes"}


class Stuck(Pass):
    """Never stops, unless it is let go."""

    blocking = True
    let_go = threading.Event()

    def on_stopped(self) -> None:
        self.let_go.wait()


def test_processor_that_hangs_while_it_stops_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle_module, "LONGEST_STOP", 0.05)
    graph = flow(
        """
        processors:
          tick: {type: Tick}
          stuck: {type: Stuck, auto_terminate: [success]}
          last: {type: Last, auto_terminate: [success]}
        connections: [tick -- success --> stuck, tick -- success --> last]
        """,
        Stuck=Stuck,
        Last=Last,
    )
    runner = FlowRunner(graph, MemoryRepository(), clock=SystemClock())

    runner.run(once=True)
    Stuck.let_go.set()

    assert "did not stop cleanly: it took more than 0.05 sec" in str(next(iter(runner.bulletins)))
    assert graph.nodes["last"].processor.is_stopped  # type: ignore[attr-defined]


class Last(Pass):
    """Notes that it was stopped."""

    is_stopped = False

    def on_stopped(self) -> None:
        self.is_stopped = True


class Leaving(Pass):
    """Tries to end the process."""

    def on_stopped(self) -> None:
        sys.exit(3)


class LeavingOnWorker(Leaving):
    """Tries it on a thread."""

    blocking = True


@pytest.mark.parametrize("kind", [Leaving, LeavingOnWorker])
def test_processor_that_ends_the_process_while_it_stops_does_not_keep_others_from_stopping(
    kind: type[Processor],
) -> None:
    graph = flow(
        """
        processors:
          tick: {type: Tick}
          leaving: {type: Leaving, auto_terminate: [success]}
          last: {type: Last, auto_terminate: [success]}
        connections: [tick -- success --> leaving, tick -- success --> last]
        """,
        Leaving=kind,
        Last=Last,
    )
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())

    runner.run(once=True)

    assert "did not stop cleanly: 3" in str(next(iter(runner.bulletins)))
    assert graph.nodes["last"].processor.is_stopped  # type: ignore[attr-defined]


class NotStarting(Pass):
    """Tries to end the process at the start."""

    def on_scheduled(self) -> None:
        sys.exit(0)


def test_processor_that_ends_the_process_while_it_starts_is_named() -> None:
    graph = flow(
        "processors: {tick: {type: Tick}, bad: {type: Bad, auto_terminate: [success]}}\nconnections: [tick --> bad]",
        Bad=NotStarting,
    )

    with pytest.raises(FlowError, match="'bad' can't start: 0"):
        FlowRunner(graph, MemoryRepository()).run(once=True)


class OneThread(Pass):
    """Uses something that only the thread may use that made it."""

    def on_scheduled(self) -> None:
        self._database = sqlite3.connect(":memory:")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self._database.execute("select 1")
        super().process(session, flowfile)

    def on_stopped(self) -> None:
        self._database.close()


def test_processor_that_does_not_block_starts_works_and_stops_on_one_thread() -> None:
    graph = flow(
        "processors: {tick: {type: Tick}, one: {type: One, auto_terminate: [success]}}\nconnections: [tick --> one]",
        One=OneThread,
    )
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())

    runner.run(once=True)

    assert list(runner.bulletins) == []


class Late(Pass):
    """Gets done when the flow has stopped waiting for it."""

    blocking = True
    begun: SimpleQueue[None] = SimpleQueue()
    go_on = threading.Event()

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.begun.put(None)
        self.go_on.wait()
        super().process(session, flowfile)


class Patient(Pass):
    """Takes its time to stop."""

    blocking = True

    def on_stopped(self) -> None:
        Late.go_on.set()
        for thread in threading.enumerate():
            if thread.name.startswith("flowrun-worker"):
                thread.join()


def test_session_that_gets_done_while_processors_stop_is_committed() -> None:
    graph = flow(
        """
        processors:
          tick: {type: Tick, schedule: {every: 1 day}}
          late: {type: Late}
          patient: {type: Patient, auto_terminate: [success]}
        connections: [tick --> late, late --> patient]
        """,
        Late=Late,
        Patient=Patient,
    )
    repository = MemoryRepository()
    runner = FlowRunner(graph, repository, clock=SystemClock())

    def stop() -> None:
        Late.begun.get()
        runner.stop()

    threading.Thread(target=stop).start()
    runner.run(drain=0)

    [placement] = repository.recover().placements
    assert placement.connection == "late -- success --> patient"


class Counting(Processor):
    """A source of which two sessions count at once, so that one of them comes too late with its count."""

    input = Input.FORBIDDEN
    success = Relationship("success", "A number.")

    def on_scheduled(self) -> None:
        self.both_have_read = threading.Barrier(2)
        self.is_done = False

    def on_trigger(self, session: ProcessSession) -> None:
        number = int(session.state.get("number", "0"))
        if number == 0:
            self.both_have_read.wait()
        if number < 3:
            session.transfer(session.create(), self.success)
            session.set_state({"number": str(number + 1)})
        self.is_done = number >= 3

    def has_pending(self) -> bool:
        return not self.is_done


def test_poll_goes_on_although_a_session_came_too_late_with_its_state() -> None:
    graph = flow(
        """
        processors:
          count: {type: Counting, concurrent_tasks: 2}
          collect: {type: Collect}
        connections: [count --> collect]
        """,
        Counting=Counting,
    )

    FlowRunner(graph, MemoryRepository(), clock=MovableClock()).run(once=True)

    assert len(collected(graph)) == 3
