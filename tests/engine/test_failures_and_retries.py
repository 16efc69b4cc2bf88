"""What happens when work fails: roll-back of one unit, penalties, retries, dead letters, and restarts in between."""

from pathlib import Path

from tests.engine.kit import Fail, Pass, collected, flow, run_once

from flowrun import FlowFile, ProcessSession
from flowrun.clock import MovableClock
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner

FLOW = """
    processors:
      make: {{type: Make, properties: {{Count: {count}, Size: 3}}}}
      try:
        type: Fail
        properties: {{Times: {times}, How: {how}}}
        penalty_duration: 10 sec
        {more}
      collect: {{type: Collect}}
    connections: [make --> try, try -- success --> collect{connections}]
"""


def text(
    how: str, *, times: int = 1, count: int = 1, more: str = "auto_terminate: [failure]", connections: str = ""
) -> str:
    return FLOW.format(how=how, times=times, count=count, more=more, connections=connections)


def test_a_unit_that_raises_is_undone_and_comes_again_after_its_penalty() -> None:
    graph, clock = flow(text("raise", count=3)), MovableClock()
    start = clock.now()

    outcome = run_once(graph, MemoryRepository(), clock)

    assert outcome.finished
    assert clock.now() - start >= 10
    assert [flowfile.attributes.get("spoiled") for flowfile in collected(graph)] == [None, None, None]
    assert {flowfile.size for flowfile in collected(graph)} == {3}
    assert graph.nodes["try"].statistics.failures == 3


def test_what_a_failed_unit_wrote_is_let_go() -> None:
    repository = MemoryRepository()

    run_once(flow(text("raise", times=4)), repository)

    assert len(repository.content) == 0


def test_a_mistake_of_the_author_is_rolled_back_told_with_its_place_and_the_engine_goes_on() -> None:
    graph = flow(text("crash", count=2))
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())

    outcome = runner.run(once=True)

    assert outcome.finished
    assert len(collected(graph)) == 2
    assert "ZeroDivisionError: a mistake of the author at " in str(next(iter(runner.bulletins)))
    assert "kit.py" in str(next(iter(runner.bulletins)))


def test_a_retried_relationship_restores_the_flowfile_and_waits_longer_each_time() -> None:
    retry = "auto_terminate: [failure]\n        retry: {relationships: [failure], attempts: 5, max_backoff: 25 sec}"
    graph, clock = flow(text("transfer", times=4, more=retry)), MovableClock()
    start = clock.now()

    outcome = run_once(graph, MemoryRepository(), clock)

    [flowfile] = collected(graph)
    assert outcome.finished
    assert "spoiled" not in flowfile.attributes
    assert flowfile.size == 3
    assert clock.now() - start == 10 + 20 + 25 + 25
    assert graph.nodes["try"].statistics.retries == 4


def test_after_the_last_attempt_the_flowfile_goes_where_the_relationship_leads() -> None:
    more = "dead_letter: [failure]\n        retry: {relationships: [failure], attempts: 2}"
    graph = flow(text("transfer", times=99, more=more))

    outcome = run_once(graph, MemoryRepository())

    [placement] = list(graph.dead_letters[0])
    processor = graph.nodes["try"].processor
    assert isinstance(processor, Fail)
    assert len(processor.tried) == 3
    assert outcome.dead_letters == 1
    assert placement.cause == "failure: not today"
    assert placement.flowfile.attributes["spoiled"] == "yes"


def test_attempts_and_penalties_survive_a_restart(tmp_path: Path) -> None:
    more = "dead_letter: [failure]\n        retry: {relationships: [failure], attempts: 3}"
    clock = MovableClock()
    tries = 0
    for _ in range(10):
        graph, repository = flow(text("transfer", times=99, more=more)), DiskRepository(tmp_path)
        FlowRunner(graph, repository, clock=clock).run(once=True, duration=9)
        repository.close()
        processor = graph.nodes["try"].processor
        assert isinstance(processor, Fail)
        tries += len(processor.tried)

    assert tries == 4
    assert len(graph.dead_letters[0]) == 1


def test_dead_letters_stay_over_restarts_and_are_not_counted_again(tmp_path: Path) -> None:
    for run in range(2):
        graph, repository = flow(text("transfer", times=99, more="dead_letter: [failure]")), DiskRepository(tmp_path)
        outcome = FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
        repository.close()

        assert outcome.dead_letters == (1 if run == 0 else 0)
        assert len(graph.dead_letters[0]) == 1


def test_secrets_are_masked_in_bulletins() -> None:
    graph = flow(text("raise"))
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock())
    graph.masking._secrets = ["not today"]

    runner.run(once=True)

    assert "not today" not in str(next(iter(runner.bulletins)))


def test_removed_attributes_are_gone_after_a_restart_too(tmp_path: Path) -> None:
    graph = flow(
        """
        processors:
          make: {type: Make}
          forget: {type: Forget}
          collect: {type: Collect, enabled: false}
        connections: [make --> forget, forget --> collect]
        """,
        Forget=Forget,
    )
    repository = DiskRepository(tmp_path)
    FlowRunner(graph, repository, clock=MovableClock()).run(once=True)
    repository.close()

    again = DiskRepository(tmp_path)
    [placement] = again.recover().placements
    again.close()

    assert set(placement.flowfile.attributes) == {"uuid", "filename", "path"}


class Forget(Pass):
    """Remove an attribute, and ask for the uuid's removal in vain."""

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(session.remove_attributes(flowfile, ["number", "uuid", "none"]), self.success)
