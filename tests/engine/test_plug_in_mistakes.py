"""What authors of plug-ins do wrong costs no flowfile, does not end the engine, and is told."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.kit import Make, Pass, Tick, collected, flow

from flowrun import FlowFile, ProcessSession
from flowrun.clock import MovableClock
from flowrun.errors import SessionError
from flowrun.graph import FlowGraph
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner, Outcome

Mistake = Callable[[Pass, ProcessSession, FlowFile], None]


def run(folder: Path, kind: type[Pass], *, count: int = 1, seconds: float = 5) -> tuple[FlowGraph, Outcome, str]:
    """Run make --> step --> collect, for less than a penalty; gives the graph, the outcome and what was told."""
    graph = flow(
        f"""
        processors:
          make: {{type: Make, properties: {{Count: {count}, Size: 5}}}}
          step: {{type: Step}}
          collect: {{type: Collect}}
        connections: [make --> step, step --> collect]
        """,
        Step=kind,
    )
    repository = DiskRepository(folder)
    try:
        runner = FlowRunner(graph, repository, clock=MovableClock())
        outcome = runner.run(once=True, duration=seconds)
    finally:
        repository.close()
    return graph, outcome, "\n".join(map(str, runner.bulletins))


def recovered(folder: Path) -> list[FlowFile]:
    repository = DiskRepository(folder)
    try:
        return [placement.flowfile for placement in repository.recover().placements]
    finally:
        repository.close()


def making(mistake: Mistake) -> type[Pass]:
    class Step(Pass):
        """Makes the mistake."""

        def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
            mistake(self, session, flowfile)

    return Step


def transfer_stale(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.put_attribute(flowfile, "a", "b")
    try:
        session.transfer(flowfile, self.success)
    except SessionError:
        return


def transfer_twice(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.transfer(flowfile, self.success)
    session.transfer(flowfile, self.success)


def put_number(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.transfer(session.put_attribute(flowfile, "n", 5), self.success)  # type: ignore[arg-type]


def create_with_number(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.transfer(session.create(flowfile, attributes={"n": 5}), self.success)  # type: ignore[dict-item]


def put_half_a_character(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.transfer(session.put_attribute(flowfile, "n", "\ud83d"), self.success)


def write_text(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.transfer(session.write(flowfile, "text"), self.success)  # type: ignore[arg-type]


def keep_number(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.set_state({"n": 5})  # type: ignore[dict-item]
    session.transfer(flowfile, self.success)


def receive_from_path(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
    session.receive(flowfile, Path("somewhere"))  # type: ignore[arg-type]
    session.transfer(flowfile, self.success)


def leave_the_process(_self: Pass, _session: ProcessSession, _flowfile: FlowFile) -> None:
    sys.exit(0)


MISTAKES = {
    transfer_stale: "neither transferred nor removed",
    transfer_twice: "transferred or removed already",
    put_number: "the value of 'n' must be text, found int",
    create_with_number: "the value of 'n' must be text, found int",
    put_half_a_character: "what was done can't be stored",
    write_text: "content must be bytes, found str",
    keep_number: "the value of 'n' must be text, found int",
    receive_from_path: "what was done can't be stored",
    leave_the_process: "SystemExit: 0",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_flowfile_is_back_in_its_queue_as_it_was(mistake: Mistake, tmp_path: Path) -> None:
    _, outcome, told = run(tmp_path, making(mistake))

    [flowfile] = recovered(tmp_path)
    assert outcome.failing == ("step",)
    assert MISTAKES[mistake] in told
    assert set(flowfile.attributes) == {"uuid", "filename", "path", "number"}
    assert flowfile.size == 5


@pytest.mark.parametrize("mistake", MISTAKES)
def test_flowfile_that_nothing_is_wrong_with_is_not_held_up_for_long(mistake: Mistake, tmp_path: Path) -> None:
    def only_one(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
        if flowfile.attributes["number"] == "7":
            mistake(self, session, flowfile)
        else:
            session.transfer(flowfile, self.success)

    graph, outcome, _ = run(tmp_path, making(only_one), count=40, seconds=300)

    assert outcome.queued == 1
    assert sorted(int(flowfile.attributes["number"]) for flowfile in collected(graph)) == [*range(7), *range(8, 40)]


def test_cause_with_half_a_character_in_it_is_stored_without(tmp_path: Path) -> None:
    class Refuse(Pass):
        """Names a file whose name is no text."""

        def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
            session.transfer(flowfile, self.success, cause="can't read 'caf\udce9'")

    graph = flow(
        "processors: {make: {type: Make}, refuse: {type: Refuse, dead_letter: [success]}}\n"
        "connections: [make --> refuse]",
        Refuse=Refuse,
    )
    repository = DiskRepository(tmp_path)
    FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
    repository.close()

    assert [placement.cause for placement in graph.dead_letters[0]] == ["success: can't read 'caf?'"]


def test_texts_of_other_types_become_plain(tmp_path: Path) -> None:
    class Name(str):
        """As libraries have them."""

    def put_name(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(session.put_attributes(flowfile, {Name("key"): Name("value")}), self.success)

    graph, _, _ = run(tmp_path, making(put_name))

    [flowfile] = collected(graph)
    assert flowfile.attributes["key"] == "value"
    assert {type(text) for pair in flowfile.attributes.items() for text in pair} == {str}


def test_content_is_what_it_was_when_it_was_written(tmp_path: Path) -> None:
    contents = []

    def reuse_buffer(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
        buffer = bytearray(b"first")
        changed = session.write(flowfile, buffer)  # type: ignore[arg-type]
        buffer[:] = b"later"
        contents.append(session.read(changed))
        session.transfer(changed, self.success)

    run(tmp_path, making(reuse_buffer))

    assert contents == [b"first"]


def test_stream_that_comes_too_late_leaves_nothing_behind(tmp_path: Path) -> None:
    def change_meanwhile(self: Pass, session: ProcessSession, flowfile: FlowFile) -> None:
        with session.open_write(flowfile) as stream:
            stream.write(b"x" * 500_000)
            changed = session.put_attribute(flowfile, "a", "b")
        session.transfer(changed, self.success)

    _, _, told = run(tmp_path, making(change_meanwhile))

    assert "stale" in told
    assert max(file.stat().st_size for file in (tmp_path / "content").iterdir()) < 500_000


def test_session_that_is_over_refuses_whatever_would_be_lost() -> None:
    kept: list[tuple[ProcessSession, FlowFile]] = []

    class Keep(Pass):
        """Keeps its session."""

        def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
            kept.append((session, flowfile))
            session.transfer(flowfile, self.success)

    graph = flow("processors: {make: {type: Make}, keep: {type: Keep, auto_terminate: [success]}}\n"
                 "connections: [make --> keep]", Keep=Keep)  # fmt: skip
    repository = MemoryRepository()
    FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
    [(session, flowfile)] = kept

    attempts: list[Callable[[], object]] = [
        session.get,
        session.create,
        lambda: session.create(content=b"late"),
        lambda: session.transfer(flowfile, "success"),
        lambda: session.write(flowfile, b"late"),
        lambda: session.set_state({"late": "yes"}),
        lambda: session.on_commit(lambda: None),
    ]
    for attempt in attempts:
        with pytest.raises(SessionError, match="session is over"):
            attempt()
    assert len(repository.content) == 0


def test_what_on_trigger_raises_undoes_its_whole_session(tmp_path: Path) -> None:
    class Fourth(Pass):
        """Has sent three on when it fails."""

        def on_trigger(self, session: ProcessSession) -> None:
            for number, flowfile in enumerate(session.units()):
                session.transfer(flowfile, self.success)
                if number == 3:
                    raise ValueError("all or nothing")

    graph, outcome, _ = run(tmp_path, Fourth, count=4)

    assert outcome.queued == 4
    assert collected(graph) == []


@pytest.mark.parametrize("error", [SystemExit(0), ValueError("no")])
def test_action_on_commit_that_fails_does_not_undo_the_commit(error: BaseException) -> None:
    class Act(Make):
        """Fails after the commit."""

        def on_trigger(self, session: ProcessSession) -> None:
            super().on_trigger(session)
            session.on_commit(self._fail)

        def _fail(self) -> None:
            raise error

    graph = flow("processors: {make: {type: Act}, collect: {type: Collect}}\nconnections: [make --> collect]", Act=Act)
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())

    runner.run(once=True)

    assert len(collected(graph)) == 1
    assert "after the commit" in str(next(iter(runner.bulletins)))


def test_source_that_cannot_say_whether_it_has_more_has_not() -> None:
    class Unsure(Tick):
        """Does not know."""

        def has_pending(self) -> bool:
            raise ValueError("I do not know")

    graph = flow("processors: {tick: {type: Unsure, auto_terminate: [success]}}", Unsure=Unsure)
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())

    outcome = runner.run(once=True)

    assert outcome.finished
    assert "I do not know" in str(next(iter(runner.bulletins)))
