"""Why a flowfile went where it went: what expressions saw, which ways there were, and what a processor says itself."""

from collections.abc import Iterable
from pathlib import Path

from tests.engine.kit import flow, run_once

from flowrun import DynamicExpressionProperties, FlowFile, Processor, ProcessSession, Relationship
from flowrun.graph import FlowGraph
from flowrun.history.archive import Archive
from flowrun.history.explanation import Step, explain
from flowrun.history.lineage import find_lineage
from flowrun.history.lineage_drawing import draw_lineage
from flowrun.history.query import Query, find_hops
from flowrun.history.trail import find_trail
from flowrun.repository import EventType
from flowrun.repository.disk import DiskRepository
from flowrun.repository.history_limit import HistoryLimit


class Choose(Processor):
    """Send each flowfile by the first property that is true of it."""

    blocking = False
    ways = DynamicExpressionProperties(str, "relationship", "true or false.", relationships={})
    otherwise = Relationship("otherwise", "None was true.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        name = next((name for name, way in self.ways.items() if way.is_true(flowfile)), "otherwise")
        for other in [name for name, way in self.ways.items() if way.is_true(flowfile)][1:]:
            session.transfer(session.clone(flowfile), other)
        session.transfer(flowfile, name)


class Weigh(Processor):
    """Say heavy or light, and why."""

    blocking = False
    heavy = Relationship("heavy", "It is.")
    light = Relationship("light", "It is not.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(flowfile, self.heavy if flowfile.size > 3 else self.light)

    def explain(self, before: FlowFile, after: FlowFile, relationship: str) -> Iterable[str]:
        yield f"it weighed {before.size}, and 3 is the limit"


class Confuse(Weigh):
    """Weigh, and fail to explain."""

    def explain(self, before: FlowFile, after: FlowFile, relationship: str) -> Iterable[str]:
        raise ZeroDivisionError("a mistake of the author")


CHOICE = """\
    processors:
      make: {type: Make, properties: {Count: 3, Size: 5}}
      choose:
        type: Choose
        properties:
          none: "${number:equals('0')}"
          few: "${number:lt(2)}"
          soon: "${now():toNumber():lt(1)}"
        auto_terminate: [none, few, soon]
      weigh: {type: Weigh, auto_terminate: [heavy, light]}
    connections:
      - make -- success --> choose
      - choose -- otherwise --> weigh
    """


def lived(folder: Path, text: str, **more: type[Processor]) -> tuple[FlowGraph, Archive]:
    """A flow that ran, and its history."""
    graph = flow(text, Choose=Choose, Weigh=Weigh, Confuse=Confuse, **more)
    repository = DiskRepository(folder, history=HistoryLimit())
    assert run_once(graph, repository).finished
    repository.close()
    return graph, Archive(folder)


def steps_of(graph: FlowGraph, archive: Archive, number: str) -> list[Step]:
    """The steps of the flowfile with this number."""
    [(event, _), *_] = find_hops(archive, Query(attribute=("number", number), outcome="CREATE"))
    return list(explain(find_trail(archive, event.flowfile), lambda _: graph))


def test_the_way_that_was_taken_is_told_with_its_expression_and_line(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)

    choose = steps_of(graph, archive, "1")[1]

    assert choose.taken is not None
    assert choose.taken.finding is not None
    assert (choose.taken.relationship, choose.taken.finding.gave) == ("few", "true")
    assert choose.taken.finding.saw == {"number": "1"}
    assert choose.taken.finding.place is not None
    assert choose.taken.finding.place.line == 8
    assert (choose.hop.came_by, choose.tried) == ("make -- success --> choose", 0)


def test_ways_that_were_not_taken_are_told_too(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)

    choose = steps_of(graph, archive, "2")[1]

    gave = {way.relationship: way.finding.gave for way in choose.not_taken if way.finding is not None}
    assert gave == {"none": "false", "few": "false", "soon": None}
    assert choose.taken is not None
    assert (choose.taken.relationship, choose.taken.leads_to) == ("otherwise", "weigh")
    assert choose.taken.meaning == "None was true."


def test_no_value_is_told_of_what_depended_on_the_moment(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)

    choose = steps_of(graph, archive, "2")[1]

    soon = next(way.finding for way in choose.not_taken if way.relationship == "soon")
    assert soon is not None
    assert soon.note == "its value depended on the moment (now()), and is not known"


def test_clones_are_told_with_the_way_they_took(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)

    choose = steps_of(graph, archive, "0")[1]

    [(clone, way)] = choose.hop.passage.children
    assert way == "few"
    [birth] = find_trail(archive, clone)
    assert birth.passage.parents == (choose.hop.passage.flowfile,)


def test_a_processor_may_say_itself_what_decided(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)

    weigh = steps_of(graph, archive, "2")[2]

    assert weigh.remarks == ("it weighed 5, and 3 is the limit",)


def test_a_processor_that_fails_to_explain_itself_does_not_end_the_answer(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE.replace("type: Weigh", "type: Confuse"))

    weigh = steps_of(graph, archive, "2")[2]

    assert weigh.remarks == ("Confuse.explain failed: ZeroDivisionError: a mistake of the author",)
    assert weigh.taken is not None


def test_work_that_was_undone_is_told_with_its_reason_attempts_and_waiting(tmp_path: Path) -> None:
    text = """\
    processors:
      make: {type: Make}
      fail:
        type: Fail
        properties: {Times: 2, How: raise}
        penalty_duration: 10 sec
        auto_terminate: [success, failure]
    connections:
      - make -- success --> fail
    """
    graph, archive = lived(tmp_path, text)

    steps = steps_of(graph, archive, "0")

    assert [step.hop.passage.reason for step in steps] == ["", "not today", "not today", ""]
    assert [step.events[-1].type for step in steps[1:]] == [EventType.ROLLBACK, EventType.ROLLBACK, EventType.DROP]
    assert steps[-1].waited is not None
    assert steps[-1].waited >= 20.0
    assert steps[-1].hop.after.attributes.get("spoiled") is None


def test_a_step_is_told_though_its_processor_is_not_known_any_more(tmp_path: Path) -> None:
    _, archive = lived(tmp_path, CHOICE)
    [(event, _), *_] = find_hops(archive, Query(attribute=("number", "2"), outcome="CREATE"))

    steps = list(explain(find_trail(archive, event.flowfile), lambda _: None))

    assert [step.is_known for step in steps] == [False, False, False]
    assert [step.hop.passage.relationship for step in steps] == ["success", "otherwise", "heavy"]


def test_a_lineage_holds_ancestors_and_descendants(tmp_path: Path) -> None:
    graph, archive = lived(tmp_path, CHOICE)
    parent = steps_of(graph, archive, "0")[0].hop.passage.flowfile
    [(clone, _)] = steps_of(graph, archive, "0")[1].hop.passage.children

    from_child, from_parent = find_lineage(archive, clone), find_lineage(archive, parent)

    assert from_child.descents == from_parent.descents
    assert [(descent.parent, descent.child, descent.kind) for descent in from_child.descents] == [
        (parent, clone, EventType.CLONE)
    ]
    text = draw_lineage(from_child, "text", str)
    assert f"clone of {parent}" in text
    assert "make ── success ──▶ choose ── none ──■ ended" in text


def test_flowfiles_that_grew_too_old_and_those_that_a_session_made_and_ended_are_known(tmp_path: Path) -> None:
    text = """\
    processors:
      make: {type: Make}
      fail: {type: Fail, properties: {How: raise}, penalty_duration: 1 h, auto_terminate: [success, failure]}
      loner: {type: Make, auto_terminate: [success]}
    connections:
      - {from: make, relationships: [success], to: fail, expiration: 5 sec}
    """
    _, archive = lived(tmp_path, text)

    [(expired, hop)] = find_hops(archive, Query(outcome="EXPIRE"))
    [(dropped, _)] = find_hops(archive, Query(processor="loner", outcome="DROP"))

    assert (expired.type, hop.came_by) == (EventType.EXPIRE, "make -- success --> fail")
    assert dropped.details == "'success' is auto-terminated"
    assert archive.uuid(dropped.flowfile) is not None
