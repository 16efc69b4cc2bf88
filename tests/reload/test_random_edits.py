"""Whatever is edited into whatever, no flowfile is orphaned or lost, and a refused edit leaves everything as it was."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject
from tests.reload.kit import Edited
from tests.reload.random_edits import edits_of, flows

from flowrun.errors import FlowError
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
STEPS = st.integers(0, 12)


def work(flow: Edited, steps: int) -> None:
    """So many triggers, and what worker threads have finished."""
    for _ in range(steps):
        if not flow.engine.scheduler.step() and flow.engine.scheduler.busy:
            flow.engine.scheduler.take_next(10)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_no_edit_orphans_a_queued_flowfile(data: DataObject) -> None:
    check_edits(data)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_no_edit_of_very_many_orphans_a_queued_flowfile(data: DataObject) -> None:
    check_edits(data)


def check_edits(data: DataObject) -> None:
    """Edit a random flow a few times while it works; look after each, and once more after a crash."""
    written = data.draw(flows())
    with Edited(written.text) as flow:
        for _ in range(data.draw(st.integers(1, 4))):
            work(flow, data.draw(STEPS))
            edited = data.draw(edits_of(written))
            if try_edit(flow, edited.text):
                written = edited
            flow.check_nothing_is_lost()
        work(flow, 20)
        while flow.engine.scheduler.busy:
            flow.engine.scheduler.take_next(10)
        flow.check_nothing_is_lost()
        check_restart(flow, written.text)


def try_edit(flow: Edited, text: str) -> bool:
    """Whether the edit was taken over; if not, for it is wrong or would orphan, all is as it was before."""
    graph, generation = flow.graph, flow.runner.generation
    try:
        reload = flow.begin(text)
        while not reload.step(flow.engine):
            flow.engine.scheduler.take_next(10)
    except FlowError:
        assert flow.graph is graph
        assert flow.runner.generation == generation
        started = [node for node in graph.nodes.values() if node.settings.enabled]
        assert all(node.is_running for node in started)
        return False
    assert flow.graph.definition.processors.keys() == flow.graph.nodes.keys()
    assert all(node.is_running == node.settings.enabled for node in flow.graph.nodes.values())
    return True


def check_restart(flow: Edited, text: str) -> None:
    """A crash now, and a start of what was taken over last: it fits the state, with each flowfile where it was."""
    repository = flow.repository
    assert isinstance(repository, MemoryRepository)
    graph = flow.built(text, {})
    FlowRunner(graph, repository, clock=flow.clock)._prepare()
    assert {i: len(q) for i, q in graph.queues.items() if len(q)} == flow.queued()
