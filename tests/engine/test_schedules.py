"""When processors are triggered, seen on a clock that jumps."""

from queue import SimpleQueue

import pytest
from tests.engine.kit import collected, flow

from flowrun.clock import Item, MovableClock, SystemClock
from flowrun.gathering import Gathered
from flowrun.node import ProcessorNode
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner
from flowrun.transaction import Transaction

START = 1_790_000_000.0


def test_a_timer_triggers_at_its_intervals() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {every: 10 sec}}
          collect: {type: Collect}
        connections: [tick --> collect]
    """)

    FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(duration=61)

    assert [flowfile.entry_date - START for flowfile in collected(graph)] == [0, 10, 20, 30, 40, 50, 60]


def test_cron_triggers_at_its_times_and_not_at_the_start() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {cron: "0 0/10 * * * ?", time_zone: UTC}}
          collect: {type: Collect}
        connections: [tick --> collect]
    """)

    FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(duration=3600)

    moments = [flowfile.entry_date for flowfile in collected(graph)]
    assert len(moments) == 6
    assert all(moment % 600 == 0 for moment in moments)


def test_overlap_skip_leaves_out_triggers_while_a_descendant_is_in_the_flow() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {every: 10 sec, overlap: skip}}
          slow: {type: Fail, properties: {How: raise, Times: 3}, penalty_duration: 25 sec, auto_terminate: [failure]}
          collect: {type: Collect}
        connections: [tick --> slow, slow -- success --> collect]
    """)

    FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(duration=175, drain=0)

    assert [flowfile.entry_date - START for flowfile in collected(graph)] == [0, 80]


def test_once_polls_each_source_once_whatever_its_schedule() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {cron: "0 0 0 1 1 ? 2099"}}
          tock: {type: Tick, schedule: {every: 1 sec}}
          collect: {type: Collect}
        connections: [tick --> collect, tock --> collect]
    """)

    FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(once=True)

    assert len(collected(graph)) == 2


def test_a_disabled_processor_leaves_its_flowfiles_in_their_queue() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick}
          collect: {type: Collect, enabled: false}
        connections: [tick --> collect]
    """)

    outcome = FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(once=True)

    assert outcome.queued == 1
    assert not outcome.finished


def test_stopping_lets_what_can_move_move() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {every: 1 sec}}
          collect: {type: Collect}
        connections: [tick --> collect]
    """)
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock(START))
    runner.stop()

    outcome = runner.run()

    assert outcome.queued == 0
    assert collected(graph) == []


def test_overlap_skip_without_a_schedule_goes_on_as_soon_as_the_last_descendant_is_done() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {every: 0 sec, overlap: skip}}
          slow: {type: Fail, properties: {How: raise, Times: 1}, penalty_duration: 25 sec, auto_terminate: [failure]}
          collect: {type: Collect}
        connections: [tick --> slow, slow -- success --> collect]
    """)

    FlowRunner(graph, MemoryRepository(), clock=MovableClock(START)).run(duration=80, drain=0)

    assert [flowfile.entry_date - START for flowfile in collected(graph)] == [0, 25, 50]


class SetBack(MovableClock):
    """A clock that somebody sets back by an hour, a minute after the start."""

    was_set = False

    @property
    def passed(self) -> float:
        """Seconds since the start, however the clock was set."""
        return self.now() - START + (3600 if self.was_set else 0)

    def wait(self, inbox: "SimpleQueue[Item]", until: float | None, *, busy: bool) -> Item | None:
        item = super().wait(inbox, until, busy=busy)
        if self.passed >= 60 and not self.was_set:
            self.was_set = True
            self.advance(-3600)
        return item


@pytest.mark.parametrize("schedule", ["{every: 10 sec}", '{cron: "0/10 * * * * ?", time_zone: UTC}'])
def test_schedules_do_not_wait_for_a_clock_that_was_set_back(schedule: str) -> None:
    graph = flow(f"""
        processors:
          tick: {{type: Tick, schedule: {schedule}}}
          collect: {{type: Collect}}
        connections: [tick --> collect]
    """)
    clock = SetBack(START)

    def stop_in_time(_node: ProcessorNode, _transaction: Transaction, _gathered: Gathered) -> None:
        if len(collected(graph)) == 12:
            runner.stop()

    runner = FlowRunner(graph, MemoryRepository(), clock=clock, observer=stop_in_time)
    runner.run()

    assert clock.was_set
    assert 100 <= clock.passed <= 130


def test_alarms_that_earlier_ones_have_overtaken_do_not_pile_up() -> None:
    graph = flow("""
        processors:
          tick: {type: Tick, schedule: {every: 1 sec}}
          step: {type: Pass, schedule: {every: 1 sec}}
          stuck: {type: Collect, enabled: false}
        connections:
          - {from: tick, relationships: [success], to: step, expiration: 7 days}
          - {from: step, relationships: [success], to: stuck, expiration: 3 sec, back_pressure: {objects: 2}}
    """)
    runner = FlowRunner(graph, MemoryRepository(), clock=MovableClock(START))

    runner.run(duration=5000, drain=0)

    assert runner._engine is not None
    assert len(runner._engine.scheduler._alarms) <= 110


def test_waiting_for_years_is_possible() -> None:
    inbox: SimpleQueue[str] = SimpleQueue()
    inbox.put("something")

    assert SystemClock().wait(inbox, 1e300, busy=False) == "something"
