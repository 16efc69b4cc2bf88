"""What an edit does to a flow that runs, and what it leaves alone."""

import threading
from dataclasses import replace

import msgspec
import pytest
from tests.engine.kit import Pass, collected
from tests.reload.kit import Edited

from flowrun import FlowFile, Input, Level, Processor, ProcessSession, Property, Relationship
from flowrun.errors import FlowError
from flowrun.graph import FlowGraph
from flowrun.orphans import OrphanRule
from flowrun.reload.reload import Reload
from flowrun.service import ControllerService, ServiceContext
from flowrun.service_property import ServiceProperty

TWO_STEPS = """\
processors:
  make: {type: Make, properties: {Count: 5}}
  pass: {type: Pass}
  collect: {type: Collect}
connections:
  - make -- success --> pass
  - pass -- success --> collect
"""
STANDING = TWO_STEPS.replace("{type: Pass}", "{type: Pass, enabled: false}")
"""Five flowfiles wait before `pass`."""
WAITING = "make -- success --> pass"


def test_what_is_not_edited_goes_on_as_it_is() -> None:
    with Edited(TWO_STEPS) as flow:
        flow.work()
        before = dict(flow.graph.nodes)
        queues = dict(flow.graph.queues)
        assert flow.edit(TWO_STEPS.replace("{type: Pass}", "{type: Pass, penalty_duration: 1 sec}"))

        assert flow.graph.nodes["make"] is before["make"]
        assert flow.graph.nodes["collect"] is before["collect"]
        assert flow.graph.nodes["pass"] is not before["pass"]
        assert flow.graph.queues == queues
        assert len(collected(flow.graph)) == 5
        assert flow.runner.generation == 2


def test_a_processor_that_is_edited_keeps_its_numbers_its_state_and_its_queue() -> None:
    with Edited(STANDING) as flow:
        flow.work()
        flow.edit(STANDING.replace("Count: 5", "Count: 7").replace("enabled: false", "enabled: true"))
        flow.work()

        assert len(collected(flow.graph)) == 7  # two more were made: it remembers the first five
        assert flow.graph.nodes["make"].statistics.placed == 7
        assert flow.queued() == {}


def test_an_edit_that_changes_nothing_is_no_generation() -> None:
    with Edited(TWO_STEPS) as flow:
        assert flow.begin("# a comment\n" + TWO_STEPS).is_empty
        assert flow.edit("# a comment\n" + TWO_STEPS)

        assert flow.runner.generation == 1


def test_a_parameter_s_new_value_restarts_those_that_use_it_and_nobody_else() -> None:
    text = "parameters: {n: {value: '1'}}\n" + TWO_STEPS.replace("Count: 5", "Count: '#{n}'")
    with Edited(text, n="1") as flow:
        before = dict(flow.graph.nodes)
        flow.edit(text, n="2")

        assert [name for name in before if flow.graph.nodes[name] is not before[name]] == ["make"]


def test_an_edit_that_removes_a_queue_with_flowfiles_in_it_is_refused_and_the_flow_goes_on() -> None:
    with Edited(STANDING) as flow:
        flow.work()
        before = flow.graph
        with pytest.raises(FlowError, match=f"5 flowfiles are in the connection '{WAITING}', which the edit removes"):
            flow.edit(STANDING.replace("  pass:", "  go:").replace("pass", "go"))

        assert flow.graph is before
        assert flow.runner.generation == 1
        assert flow.queued() == {WAITING: 5}


def test_dead_letters_are_not_orphaned_either() -> None:
    text = TWO_STEPS.replace("type: Pass", "type: Fail, properties: {Times: 99}, dead_letter: [failure]")
    with Edited(text) as flow:
        flow.work()
        with pytest.raises(FlowError, match="5 flowfiles are in the connection 'pass -- dead letters'"):
            flow.edit(text.replace("dead_letter", "auto_terminate"))

        assert flow.queued() == {"pass -- dead letters": 5}


def test_an_empty_queue_may_go_and_a_new_one_come() -> None:
    with Edited(TWO_STEPS) as flow:
        flow.work()
        text = TWO_STEPS.replace(
            "  - pass -- success --> collect", "  - pass -- success --> more\n  - more --> collect"
        )
        assert flow.edit(text.replace("  collect:", "  more: {type: Pass}\n  collect:"))
        flow.edit(text.replace("  collect:", "  more: {type: Pass}\n  collect:").replace("Count: 5", "Count: 8"))
        flow.work()

        assert len(collected(flow.graph)) == 8
        assert flow.graph.nodes["more"].statistics.placed == 3


def test_a_queue_that_queues_in_another_way_keeps_what_is_in_it_and_its_order() -> None:
    with Edited(STANDING) as flow:
        flow.work()
        before = [p.flowfile.id for p in flow.graph.queues[WAITING]]
        text = STANDING.replace(f"  - {WAITING}", "  - {from: make, to: pass, back_pressure: {objects: 2}}")
        assert flow.edit(text)

        queue = flow.graph.queues[WAITING]
        assert [p.flowfile.id for p in queue] == before
        assert queue.is_full
        assert queue.data_size == 0
        flow.edit(text.replace("enabled: false", "enabled: true"))
        flow.work()
        assert len(collected(flow.graph)) == 5


def test_an_expiration_that_is_new_counts_for_what_waits_already() -> None:
    with Edited(STANDING) as flow:
        flow.work()
        flow.clock.advance(120)
        flow.edit(STANDING.replace(f"  - {WAITING}", "  - {from: make, to: pass, expiration: 1 min}"))
        flow.work()

        assert flow.queued() == {}


class Stubborn(Pass):
    """Does not start where it is told not to."""

    how = Property("How", str, "well or badly.", default="well")
    log: list[str] = []  # noqa: RUF012 what the test looks at

    def on_scheduled(self) -> None:
        self.log.append(f"start {self.how}")
        if self.how == "badly":
            raise OSError("no such device")

    def on_stopped(self) -> None:
        self.log.append(f"stop {self.how}")


def test_an_edit_whose_processor_can_t_start_is_refused_and_the_old_one_starts_again() -> None:
    Stubborn.log.clear()
    text = TWO_STEPS.replace("type: Pass", "type: Stubborn, properties: {How: well}")
    with Edited(text, processors={"Stubborn": Stubborn}) as flow:
        with pytest.raises(FlowError, match="'pass' can't start: no such device"):
            flow.edit(text.replace("well", "badly").replace("Count: 5", "Count: 9"))
        flow.work()

        assert Stubborn.log == ["start well", "stop well", "start badly", "start well"]
        assert len(collected(flow.graph)) == 5
        assert all(node.is_running for node in flow.graph.nodes.values())


class Vault(ControllerService):
    """Something of which there must be one."""

    name = Property("Name", str, "Its name.", default="a")
    log: list[str] = []  # noqa: RUF012

    def on_enabled(self, context: ServiceContext) -> None:
        self.log.append(f"open {self.name}")

    def on_disabled(self) -> None:
        self.log.append(f"close {self.name}")


class Guest(Pass):
    """Uses it."""

    vault = ServiceProperty("Vault", Vault, "Which one.")


VAULT = TWO_STEPS.replace("type: Pass", "type: Guest, properties: {Vault: v}") + (
    "controller_services:\n  v: {type: Vault, properties: {Name: a}}\n"
)


def vault(text: str) -> Edited:
    Vault.log.clear()
    return Edited(text, processors={"Guest": Guest}, services={"Vault": Vault})


def test_a_service_that_is_not_edited_serves_edited_processors_too() -> None:
    with vault(VAULT) as flow:
        service = flow.graph.services["v"]
        flow.edit(VAULT.replace("Count: 5", "Count: 6").replace("Guest,", "Guest, penalty_duration: 1 sec,"))

        assert flow.graph.services["v"] is service
        assert flow.graph.nodes["pass"].processor.vault is service  # type: ignore[attr-defined]
        assert Vault.log == ["open a"]


def test_an_edited_service_is_exchanged_and_its_users_restart() -> None:
    with vault(VAULT) as flow:
        before = dict(flow.graph.nodes)
        flow.edit(VAULT.replace("Name: a", "Name: b"))

        assert [name for name in before if flow.graph.nodes[name] is not before[name]] == ["pass"]
        assert Vault.log == ["open a", "close a", "open b"]
    assert Vault.log[-1] == "close b"


def test_the_flow_s_name_can_t_be_edited_away() -> None:
    with Edited(TWO_STEPS) as flow:
        edited = replace(flow.graph, definition=msgspec.structs.replace(flow.graph.definition, name="other"))
        with pytest.raises(FlowError, match="a name changes with a new start only"):
            Reload(flow.runner, edited).step(flow.engine)


def test_new_masks_hold_from_the_edit_on() -> None:
    text = TWO_STEPS.replace("type: Pass", "type: Complain")
    with Edited(text, processors={"Complain": Complain}) as flow:
        flow.edit("sensitive_attributes: [word]\n" + text)
        flow.work()

        assert all("SECRET" not in bulletin.message for bulletin in flow.runner.bulletins)
        assert any("*****" in bulletin.message for bulletin in flow.runner.bulletins)


class Complain(Processor):
    """Says a secret."""

    blocking = False
    success = Relationship("success", "All.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        marked = session.put_attribute(flowfile, "word", "SECRET-WORD")
        session.say(Level.ERROR, "the word is SECRET-WORD", marked)
        session.transfer(marked, self.success)


def test_overlap_that_is_skipped_from_the_edit_on_is_followed() -> None:
    text = TWO_STEPS.replace("type: Make, properties: {Count: 5}", "type: Tick").replace(
        "{type: Pass}", "{type: Pass, enabled: false}"
    )
    with Edited(text) as flow:
        flow.edit(text.replace("type: Tick", "type: Tick, schedule: {every: 1 sec, overlap: skip}"))
        for _ in range(5):
            flow.clock.advance(1.0)
            flow.work(3)

        assert flow.queued() == {WAITING: 1}


class Slow(Pass):
    """Works on a thread until it is let go."""

    blocking = True
    entered = threading.Event()
    may_go = threading.Event()

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.entered.set()
        self.may_go.wait(30)
        super().process(session, flowfile)


def test_an_edit_waits_for_the_session_at_work_and_for_no_other() -> None:
    Slow.entered.clear()
    Slow.may_go.clear()
    text = TWO_STEPS.replace("type: Pass", "type: Slow")
    with Edited(text, processors={"Slow": Slow}) as flow:
        flow.engine.scheduler.step()
        flow.engine.scheduler.step()
        assert Slow.entered.wait(30)
        reload = flow.begin(text.replace("type: Slow", "type: Slow, penalty_duration: 1 sec"))
        assert not reload.step(flow.engine)
        assert reload.waits_for == ["pass"]
        Slow.may_go.set()
        assert flow.engine.scheduler.take_next(30)
        assert reload.step(flow.engine)
        while sum(flow.queued().values()) or flow.engine.scheduler.busy:
            if not flow.engine.scheduler.step():
                flow.engine.scheduler.take_next(1)

        assert len(collected(flow.graph)) == 5
        assert flow.runner.generation == 2


def test_an_edit_that_is_not_wanted_any_more_leaves_the_flow_as_it_was() -> None:
    graph = Edited(STANDING)
    runner = graph.runner
    edited = graph.built(STANDING.replace("Count: 5", "Count: 6"), {})
    before = runner.graph
    asked = []

    def pause() -> bool:
        asked.append(1)
        return False

    assert not Reload(runner, edited).carry_out(pause)  # nobody steps this engine
    assert asked == [1]
    assert runner.graph is before


def test_a_flow_that_is_stopping_takes_over_no_edit() -> None:
    with Edited(STANDING) as flow:
        flow.runner.stop()

        assert not flow.edit(STANDING.replace("Count: 5", "Count: 6"))
        assert flow.runner.generation == 1


class Remover(Processor):
    """A source that removes what it has taken, once that is safe."""

    input = Input.FORBIDDEN
    blocking = False
    success = Relationship("success", "All.")
    log: list[str] = []  # noqa: RUF012

    def on_scheduled(self) -> None:
        self.log.append("start")

    def on_trigger(self, session: ProcessSession) -> None:
        session.transfer(session.create(), self.success)
        session.on_commit(lambda: self.log.append("remove"))


def test_what_a_source_has_handed_over_is_removed_before_it_starts_anew() -> None:
    Remover.log.clear()
    text = TWO_STEPS.replace("type: Make, properties: {Count: 5}", "type: Remover")
    with Edited(text, processors={"Remover": Remover}) as flow:
        flow.work(9)
        made = flow.graph.nodes["make"].statistics.triggers
        flow.edit(text.replace("type: Remover", "type: Remover, penalty_duration: 1 sec"))

        assert made > 1
        assert Remover.log == ["start", *["remove"] * made, "start"]


def test_a_listener_that_fails_does_not_keep_the_edit_out() -> None:
    def listener(_graph: FlowGraph) -> None:
        raise ZeroDivisionError("a mistake")

    with Edited(TWO_STEPS) as flow:
        flow.runner.graph_listeners.append(listener)
        assert flow.edit(TWO_STEPS.replace("Count: 5", "Count: 6"))
        flow.work()

        assert len(collected(flow.graph)) == 6
        assert [b.message for b in flow.runner.bulletins] == ["the edit could not be followed: a mistake"]


def test_an_edit_that_brings_a_connection_back_brings_its_orphans_back() -> None:
    with Edited(STANDING) as before:
        before.work()
    other = STANDING.replace("  pass:", "  go:").replace("pass", "go")
    with Edited(other, repository=before.repository, orphans=OrphanRule("keep")) as flow:
        flow.work()
        assert len(flow.runner.orphaned[WAITING]) == 5
        assert flow.edit(TWO_STEPS)
        flow.check_nothing_is_lost()
        flow.work()

        assert not flow.runner.orphaned
        assert len(collected(flow.graph)) == 5
