"""How flowfiles move: routes, clones, back pressure, order, expiry; on both repositories."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.kit import Pass, Tick, collected, flow, run_once

from flowrun import FlowFile, Processor, ProcessSession, Relationship
from flowrun.clock import MovableClock
from flowrun.repository import Repository
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner


@pytest.fixture(params=["memory", "disk"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Repository]:
    made: Repository = MemoryRepository() if request.param == "memory" else DiskRepository(tmp_path / "state")
    yield made
    made.close()


def test_flowfiles_pass_every_step_once_and_in_order(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 2500, Size: 10}}
          first: {type: Pass}
          second: {type: Pass}
          collect: {type: Collect}
        connections: [make --> first, first --> second, second --> collect]
    """)

    outcome = run_once(graph, repository)

    assert outcome.finished
    assert outcome.queued == 0
    assert [flowfile.attributes["number"] for flowfile in collected(graph)] == [str(n) for n in range(2500)]
    assert {flowfile.size for flowfile in collected(graph)} == {10}


def test_the_repository_knows_in_which_queue_each_flowfile_of_a_session_waits() -> None:
    class Split(Processor):
        blocking = False
        odd = Relationship("odd", "One half.")
        even = Relationship("even", "The other.")

        def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
            session.transfer(flowfile, self.odd if int(flowfile.attributes["number"]) % 2 else self.even)

    graph = flow(
        """
        processors:
          make: {type: Make, properties: {Count: 100}}
          split: {type: Split}
          left: {type: Collect, enabled: false}
          right: {type: Collect, enabled: false}
        connections: [make --> split, split -- odd --> left, split -- even --> right]
    """,
        Split=Split,
    )
    repository = MemoryRepository()

    run_once(graph, repository)

    known = {placement.flowfile.id: placement for placement in repository.recover().placements}
    waiting = {placement.flowfile.id: placement for queue in graph.connections.values() for placement in queue}
    assert len(waiting) == 100
    assert known == waiting


def test_worker_threads_lose_and_double_nothing(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 300}}
          work: {type: PassOnWorker, concurrent_tasks: 4}
          collect: {type: Collect}
        connections: [make --> work, work --> collect]
    """)

    run_once(graph, repository)

    assert sorted(int(flowfile.attributes["number"]) for flowfile in collected(graph)) == list(range(300))


def test_a_relationship_with_two_connections_sends_a_clone_with_a_uuid_of_its_own(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Size: 5}}
          left: {type: Collect}
          right: {type: Collect}
        connections: [make --> left, make --> right]
    """)

    run_once(graph, repository)
    [left], [right] = collected(graph, "left"), collected(graph, "right")

    assert left.uuid != right.uuid
    assert left.content == right.content
    assert {k: v for k, v in left.attributes.items() if k != "uuid"} == {
        k: v for k, v in right.attributes.items() if k != "uuid"
    }


def test_an_auto_terminated_relationship_ends_its_flowfiles(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 3}, auto_terminate: [success]}
    """)

    outcome = run_once(graph, repository)

    assert outcome.queued == 0
    assert graph.nodes["make"].statistics.dropped == 3


def test_back_pressure_stops_the_source_until_there_is_room(repository: Repository) -> None:
    graph = flow("""
        processors:
          tick: {type: Tick}
          collect: {type: Collect, enabled: false}
        connections:
          - {from: tick, relationships: [success], to: collect, back_pressure: {objects: 7}}
    """)
    runner = FlowRunner(graph, repository, clock=MovableClock())

    outcome = runner.run(duration=600, drain=0)

    assert outcome.queued == 7


def test_back_pressure_counts_bytes_too(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 2, Size: 600}}
          more: {type: Make, properties: {Count: 1}}
          step: {type: Pass}
          collect: {type: Collect, enabled: false}
        connections:
          - make --> step
          - more --> step
          - {from: step, relationships: [success], to: collect, back_pressure: {objects: 0, size: 1 KB}}
    """)

    outcome = FlowRunner(graph, repository, clock=MovableClock(), largest_batch=1).run(duration=60, drain=0)

    assert outcome.queued == 3
    assert graph.connections["step -- success --> collect"].data_size >= 1024
    assert len(graph.connections["make -- success --> step"]) + len(graph.connections["more -- success --> step"]) <= 1


class Priorities(Processor):
    """Make flowfiles of given priorities."""

    from flowrun import Input

    input = Input.FORBIDDEN
    blocking = False
    success = Relationship("success", "All.")

    def on_trigger(self, session: ProcessSession) -> None:
        for priority in ("b", "10", "9", None, "a", "-1"):
            attributes = {} if priority is None else {"priority": priority}
            session.transfer(session.create(attributes=attributes), self.success)


def test_a_prioritizer_decides_the_order(repository: Repository) -> None:
    graph = flow(
        """
        processors:
          make: {type: Priorities}
          collect: {type: Collect}
        connections:
          - {from: make, relationships: [success], to: collect, prioritizers: [PriorityAttribute]}
        """,
        Priorities=Priorities,
    )

    run_once(graph, repository)

    assert [flowfile.attributes.get("priority") for flowfile in collected(graph)] == ["-1", "9", "10", "a", "b", None]


def test_flowfiles_that_grow_too_old_are_dropped(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 3}}
          collect: {type: Collect, schedule: {every: 1 h}}
          late: {type: Make, properties: {Count: 1}, schedule: {every: 1 day}}
        connections:
          - {from: make, relationships: [success], to: collect, expiration: 10 min}
          - late --> collect
    """)

    FlowRunner(graph, repository, clock=MovableClock()).run(duration=7200, drain=0)

    assert len(collected(graph)) <= 4
    assert len(graph.connections["make -- success --> collect"]) == 0


@pytest.mark.parametrize(
    "after",
    ["step: {type: Pass, enabled: false, auto_terminate: [success]}", "step: {type: Pass}"],
    ids=["a stopped processor", "a full destination"],
)
def test_flowfiles_grow_too_old_before_a_processor_that_is_held_back(after: str, repository: Repository) -> None:
    to_end = "" if "auto" in after else "- {from: step, relationships: [success], to: end, back_pressure: {objects: 1}}"
    graph = flow(f"""
        processors:
          make: {{type: Make, properties: {{Count: 30}}}}
          {after}
          tick: {{type: Make}}
          end: {{type: Collect, enabled: false}}
        connections:
          - tick --> end
          - {{from: make, relationships: [success], to: step, expiration: 10 min}}
          {to_end}
    """)

    FlowRunner(graph, repository, clock=MovableClock(), largest_batch=1).run(duration=601, drain=0)

    assert len(graph.connections["make -- success --> step"]) == 0


def test_once_does_not_wait_for_flowfiles_that_cannot_move_to_grow_too_old(repository: Repository) -> None:
    graph, clock = (
        flow("""
        processors:
          make: {type: Make, properties: {Count: 3}}
          step: {type: Pass}
          collect: {type: Collect, enabled: false}
        connections:
          - {from: make, relationships: [success], to: step, expiration: 7 days}
          - {from: step, relationships: [success], to: collect, expiration: 7 days}
        """),
        MovableClock(),
    )
    start = clock.now()

    outcome = run_once(graph, repository, clock)

    assert not outcome.finished
    assert outcome.queued == 3
    assert clock.now() == start


class OneByOne(Pass):
    """Takes a flowfile a trigger."""

    def on_trigger(self, session: ProcessSession) -> None:
        flowfile = session.get()
        if flowfile is not None:
            session.transfer(flowfile, self.success)


@pytest.mark.parametrize("prioritizers", ["[]", "[PriorityAttribute]", "[OldestFirst, FirstInFirstOut]"])
def test_what_a_session_leaves_in_a_queue_keeps_its_place(prioritizers: str, repository: Repository) -> None:
    graph = flow(
        f"""
        processors:
          make: {{type: Make, properties: {{Count: 60}}}}
          step: {{type: OneByOne}}
          collect: {{type: Collect}}
        connections:
          - {{from: make, relationships: [success], to: step, prioritizers: {prioritizers}}}
          - step --> collect
        """,
        OneByOne=OneByOne,
    )

    run_once(graph, repository)

    assert [flowfile.attributes["number"] for flowfile in collected(graph)] == [str(n) for n in range(60)]


class Chain(Pass):
    """Sends on a copy of a copy of a copy, the last one first."""

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        copies = [flowfile]
        for _ in range(3000):
            copies.append(session.clone(copies[-1]))
        for copy in reversed(copies):
            session.transfer(copy, self.success)


def test_long_line_of_descendants_in_one_session_has_the_origin_of_its_first(repository: Repository) -> None:
    graph = flow(
        """
        processors:
          tick: {type: Tick, schedule: {every: 1 h, overlap: skip}}
          chain: {type: Chain}
          collect: {type: Collect, enabled: false}
        connections: [tick --> chain, chain --> collect]
        """,
        Tick=Tick,
        Chain=Chain,
    )

    run_once(graph, repository)

    [origins] = {placement.origins for placement in graph.connections["chain -- success --> collect"]}
    assert origins == ("tick",)


class Unfinished(Pass):
    """Forgets what it took."""

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.put_attribute(flowfile, "left", "over")


def test_a_flowfile_that_is_neither_sent_on_nor_removed_goes_back_and_people_are_told(repository: Repository) -> None:
    graph = flow(
        """
        processors:
          make: {type: Make}
          bad: {type: Unfinished}
          collect: {type: Collect}
        connections: [make --> bad, bad --> collect]
        """,
        Unfinished=Unfinished,
    )
    runner = FlowRunner(graph, repository, clock=MovableClock())

    outcome = runner.run(once=True, duration=100)

    assert outcome.queued == 1
    assert outcome.failing == ("bad",)
    assert "neither transferred nor removed" in str(next(iter(runner.bulletins)))


def test_a_loop_by_hand_works(repository: Repository) -> None:
    graph = flow("""
        processors:
          make: {type: Make, properties: {Count: 5}}
          try: {type: Fail, properties: {Times: 3}}
          collect: {type: Collect}
        connections:
          - make --> try
          - try -- failure --> try
          - try -- success --> collect
    """)

    outcome = run_once(graph, repository)

    assert outcome.finished
    assert len(collected(graph)) == 5
