"""Flowfiles whose connection is gone, kept: they are in nobody's way, and nothing that goes on loses them."""

from pathlib import Path

import pytest
from tests.engine.kit import collected, flow

from flowrun.clock import MovableClock
from flowrun.errors import FlowError
from flowrun.graph import FlowGraph
from flowrun.orphans import OrphanRule
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner

KEEP = OrphanRule("keep")


def ticking(last: str, *, enabled: bool = True) -> FlowGraph:
    """A source that skips triggers while its flowfiles are in the flow, and a last processor of that name."""
    return flow(f"""
        processors:
          tick: {{type: Tick, schedule: {{every: 10 sec, overlap: skip}}}}
          {last}: {{type: Collect, enabled: {str(enabled).lower()}}}
        connections: [tick --> {last}]
    """)


def left_behind() -> MemoryRepository:
    """A repository with one flowfile, from `tick`, in a connection to `first`."""
    repository = MemoryRepository()
    FlowRunner(ticking("first", enabled=False), repository, clock=MovableClock()).run(once=True)
    return repository


def test_they_do_not_count_as_flowfiles_of_the_last_trigger_that_are_still_in_the_flow() -> None:
    graph = ticking("second")

    runner = FlowRunner(graph, left_behind(), clock=MovableClock(), orphans=KEEP)
    runner.run(duration=35, drain=0)

    assert len(collected(graph, "second")) == 4
    assert [len(queue) for queue in runner.orphaned.values()] == [1]


def test_those_that_were_moved_do() -> None:
    graph = ticking("second", enabled=False)

    FlowRunner(
        graph,
        left_behind(),
        clock=MovableClock(),
        orphans=OrphanRule("move", "tick -- success --> second"),
    ).run(duration=35, drain=0)

    assert len(graph.connections["tick -- success --> second"]) == 1


def test_snapshots_hold_what_is_kept(tmp_path: Path) -> None:
    graphs = [ticking("first", enabled=False), ticking("second"), ticking("first")]
    for graph in graphs:
        repository = DiskRepository(tmp_path / "state", segment_size=0)  # each commit is followed by a snapshot
        FlowRunner(graph, repository, clock=MovableClock(), orphans=KEEP).run(once=True)
        repository.close()

    assert len(collected(graphs[1], "second")) == 1
    assert len(collected(graphs[2], "first")) == 2


def test_the_default_is_to_refuse() -> None:
    with pytest.raises(FlowError, match="1 flowfile waits in the connection 'tick -- success --> first'"):
        FlowRunner(ticking("second"), left_behind(), clock=MovableClock()).run(once=True)
