"""`on_dead_letter: {processor: …}`: a processor of the flow gets a copy of each dead letter."""

from pathlib import Path

import pytest
from tests.engine.kit import collected, flow, run_once

from flowrun.clock import MovableClock
from flowrun.drawing import picture_of
from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow_text
from flowrun.repository.memory import MemoryRepository

TOLD = """\
on_dead_letter: {processor: tell}
processors:
  make: {type: Make, properties: {Count: 3}}
  fail: {type: Fail, properties: {Times: 99}, auto_terminate: [success], dead_letter: [failure]}
  tell: {type: Pass}
  collect: {type: Collect}
connections:
  - make -- success --> fail
  - tell -- success --> collect
"""


def test_the_processor_gets_a_copy_that_tells_why_and_the_dead_letter_stays() -> None:
    graph = flow(TOLD)
    outcome = run_once(graph, MemoryRepository())
    letters = list(graph.queues["fail -- dead letters"])
    copies = collected(graph)

    assert outcome.dead_letters == len(letters) == len(copies) == 3
    assert {copy.id for copy in copies}.isdisjoint(letter.flowfile.id for letter in letters)
    assert [copy.attributes["dead_letter.uuid"] for copy in copies] == [letter.flowfile.uuid for letter in letters]
    assert {copy.attributes["dead_letter.cause"] for copy in copies} == {"failure: not today"}
    assert {copy.attributes["dead_letter.processor"] for copy in copies} == {"fail"}
    assert {copy.attributes["dead_letter.attempts"] for copy in copies} == {"1"}


def test_no_secret_is_in_what_it_is_told() -> None:
    graph = flow("sensitive_attributes: [number]\n" + TOLD.replace("Count: 3", "Count: 1"))
    run_once(graph, MemoryRepository())
    [copy] = collected(graph)

    assert copy.attributes["number"] == "0"  # the flow's own processors may see it, as all others


def test_dead_letters_of_the_teller_are_kept_and_not_told() -> None:
    text = TOLD.replace("tell: {type: Pass}", "tell: {type: Fail, properties: {Times: 99}, dead_letter: [failure]}")
    graph = flow(text)
    outcome = run_once(graph, MemoryRepository())

    assert outcome.finished
    assert len(graph.queues["tell -- dead letters"]) == 3
    assert "tell -- dead letters --> tell" not in graph.queues


def test_a_teller_that_does_not_come_to_it_holds_nobody_back() -> None:
    graph = flow(TOLD.replace("Count: 3", "Count: 50").replace("{type: Pass}", "{type: Pass, enabled: no}"))
    run_once(graph, MemoryRepository(), MovableClock(), duration=60.0)
    notices = graph.queues["fail -- dead letters --> tell"]

    assert len(graph.queues["fail -- dead letters"]) == len(notices) == 50
    assert (notices.back_pressure.object_threshold, notices.back_pressure.data_size_threshold) == (0, 0)


def test_copies_do_not_hold_up_a_source_that_skips_overlap() -> None:
    text = TOLD.replace("type: Make, properties: {Count: 3}", "type: Tick, schedule: {every: 1 sec, overlap: skip}")
    graph = flow(text.replace("tell: {type: Pass}", "tell: {type: Pass, enabled: no}"))
    run_once(graph, MemoryRepository(), MovableClock(), duration=5.0)

    [copy] = graph.queues["fail -- dead letters --> tell"]
    assert copy.origins == ()


def test_the_picture_shows_who_is_told() -> None:
    graph = flow(TOLD)
    drawn = picture_of(graph.definition, graph).connections

    assert "fail -- dead letters --> tell" in [str(connection) for connection in drawn]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ("{processor: tel}", "no processor 'tel'; did you mean 'tell'?"),
        ("{}", "on_dead_letter needs a 'command' or a 'processor': add one"),
        ("{processor: tell, every: 1 min}", "every belongs to a 'command': remove it"),
        ("{command: []}", "command must begin with a program"),
        ("{command: [true], every: soon}", "every: expected a duration such as '30 sec' or '5 min', found 'soon'"),
        ("{comand: [true]}", "unknown key 'comand'; did you mean 'command'?"),
        ("{command: ['#{nobody}']}", "no parameter 'nobody'"),
    ],
)
def test_mistakes_in_it_are_found_with_their_mend(told: str, message: str) -> None:
    loaded = load_flow_text("flow: test\n" + TOLD.replace("{processor: tell}", told), Path("test.yaml"))

    assert message in "\n".join(str(problem) for problem in loaded.problems)


def test_a_program_that_is_not_there_is_an_error_where_the_flow_is_to_run() -> None:
    with pytest.raises(FlowError, match="no program 'no-such-program' is found here"):
        flow(TOLD.replace("{processor: tell}", "{command: [no-such-program], processor: tell}"))
