"""What a plan says of two flows."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from flowrun import ExpressionProperty, FlowFile, Input, Processor, ProcessSession, Property, Relationship
from flowrun.flow.keys import CONNECTION_KEYS, FLOW_KEYS, PROCESSOR_KEYS
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.plan.change import Kind, Part, Plan
from flowrun.plan.comparison import plan_of
from flowrun.property_types import path
from flowrun.registry import Registry


class Reach(Processor):
    """Reach out of the flow."""

    folder = ExpressionProperty("Folder", str, "Where to.", default=None, reaches="write")
    source = Property("Source", path, "Where from.", default=None)
    url = ExpressionProperty("URL", str, "Whom.", default=None, reaches="connect")
    secret = Property("Secret", str, "A secret.", default=None, sensitive=True)
    success = Relationship("success", "All.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        session.transfer(flowfile, self.success)


class Spring(Processor):
    """A source."""

    input = Input.FORBIDDEN
    success = Relationship("success", "All.")


class Fountain(Spring):
    """Another source."""


BASE = """
parameters:
  host: {value: api.example.org}
  key: {value: KEY-OF-OLD-TIMES, sensitive: true}
processors:
  spring: {type: Spring}
  reach:
    type: Reach
    properties: {Folder: out, URL: "https://#{host}/v1"}
    dead_letter: [success]
connections:
  - spring -- success --> reach
"""


def graph(text: str, registry: Registry | None = None) -> FlowGraph:
    loaded = load_flow_text("flow: test\n" + text, Path("test.yaml"))
    assert loaded.definition is not None, loaded.problems
    parameters, _ = resolve_parameters(loaded.definition, environment={}, overrides={}, require=False)
    registry = registry or Registry(classes={kind.__name__: kind for kind in (Reach, Spring, Fountain)})
    return require(build_graph(loaded.definition, registry, parameters, to_run=False))


def plan(old: str, new: str, **options: dict[str, list[float]]) -> Plan:
    return plan_of(graph(old), graph(new), **options)


def words(found: Plan) -> list[str]:
    return [f"{change.subject}: {change.words}" for change in found.changes]


def test_the_same_flow_changes_nothing() -> None:
    found = plan(BASE, BASE)

    assert found.is_empty
    assert not found.orphans


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: Spring}", "type: spring, schedule: {every: 0 sec}}"),
        ("type: Spring}", "type: Spring, penalty_duration: 30 s}"),
        ("Folder: out", "Folder: 'out'"),
    ],
)
def test_another_spelling_of_the_same_is_no_change(old: str, new: str) -> None:
    assert plan(BASE, BASE.replace(old, new)).is_empty


def test_a_property_is_told_with_its_old_and_its_new_value() -> None:
    assert words(plan(BASE, BASE.replace("Folder: out", "Folder: in"))) == ["reach: Folder: 'out' → 'in'"]


def test_a_property_that_is_not_set_any_more_says_what_it_was() -> None:
    assert words(plan(BASE, BASE.replace("Folder: out, ", ""))) == ["reach: Folder is no longer set, was 'out'"]


def test_of_long_values_the_place_where_they_differ_is_shown() -> None:
    old = BASE.replace("Folder: out", f"Folder: {'a' * 200}/old")
    [line] = words(plan(old, old.replace("/old", "/new")))

    assert line == f"reach: Folder: '…{'a' * 19}/old' → '…{'a' * 19}/new'"


def test_settings_are_told_with_what_counts_where_nothing_is_said() -> None:
    new = BASE.replace("type: Spring}", "type: Spring, concurrent_tasks: 4, schedule: {cron: 0 0 8 * * ?}}")

    assert words(plan(BASE, new)) == [
        "spring: schedule: its type's, if not said → cron 0 0 8 * * ?",
        "spring: concurrent_tasks: 1, if not said → 4",
    ]


def test_a_dead_letter_that_is_dropped_from_now_on_is_told() -> None:
    found = plan(BASE, BASE.replace("dead_letter", "auto_terminate"))

    assert words(found) == ["reach: success ends here; it was kept as a dead letter"]
    assert [(queue.id, queue.is_gone) for queue in found.queues if queue.is_touched] == [
        ("reach -- dead letters", True)
    ]


def test_a_new_processor_says_where_its_flowfiles_go() -> None:
    new = BASE.replace("  reach:\n", "  more: {type: Spring}\n  reach:\n") + "  - more -- success --> reach\n"

    assert words(plan(BASE, new)) == ["more: Spring, is new: success goes to 'reach'"]


def test_a_processor_with_another_name_only_is_recognised() -> None:
    found = plan(BASE, BASE.replace("reach:", "store:").replace("--> reach", "--> store"))

    assert [(change.kind, change.subject, change.old) for change in found.changes] == [(Kind.RENAMED, "store", "reach")]
    assert found.reached == ()


def test_a_renamed_processor_is_compared_with_what_it_was() -> None:
    new = BASE.replace("reach:", "store:").replace("--> reach", "--> store").replace("Folder: out", "Folder: in")

    assert "store: Folder: 'out' → 'in'" in words(plan(BASE, new))


def test_two_processors_that_are_as_much_alike_are_not_guessed_at() -> None:
    old = "processors:\n  a: {type: Spring, auto_terminate: [success]}\n"
    new = old.replace("  a:", "  b:") + old.replace("  a:", "  c:").partition("\n")[2]

    assert {change.kind for change in plan(old, new).changes} == {Kind.ADDED, Kind.REMOVED}


def test_a_parameter_s_new_value_is_told_where_it_stands_alone() -> None:
    found = plan(BASE, BASE.replace("api.example.org", "api.example.com"))

    assert words(found) == ["host: 'api.example.org' → 'api.example.com'"]
    assert [reached.words for reached in found.reached] == ["connects to https://api.example.com: 'reach', URL"]


def test_no_secret_is_ever_told() -> None:
    new = BASE.replace("KEY-OF-OLD-TIMES", "KEY-OF-NEW-TIMES").replace(
        "Folder: out", "Folder: KEY-OF-OLD-TIMES, Secret: KEY-IN-THE-FILE"
    )
    told = str(plan(BASE, new)) + str(plan(new, BASE))

    assert "KEY-" not in told


def test_a_parameter_that_may_be_shown_from_now_on_is_told() -> None:
    found = plan(BASE, BASE.replace(", sensitive: true", ""))

    assert "key: is no longer sensitive: it will be shown" in words(found)


def test_a_folder_below_one_that_was_reached_is_not_new() -> None:
    assert plan(BASE, BASE.replace("Folder: out", "Folder: out/today")).reached == ()
    assert [r.place for r in plan(BASE, BASE.replace("Folder: out", "Folder: out/../in")).reached] == ["out/../in"]
    assert [r.place for r in plan(BASE, BASE.replace("Folder: out", "Folder: output")).reached] == ["output"]


def test_a_path_whose_use_nobody_declares_is_told_as_used() -> None:
    found = plan(BASE, BASE.replace("Folder: out", "Folder: out, Source: /etc"))

    assert [reached.words for reached in found.reached] == ["uses /etc: 'reach', Source"]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://user:PASSWORD@Other.example.org:443/x?key=1", "https://other.example.org"),
        ("http://other.example.org:8080", "http://other.example.org:8080"),
        ("https://api.example.org/other", None),
        ("'https://other.example.org/${path}'", "https://other.example.org"),
        ("'https://${host}/x'", "https://${host}"),
        ("proxy.example.org", "proxy.example.org"),
    ],
)
def test_hosts_are_told_without_what_is_asked_of_them(url: str, place: str | None) -> None:
    found = plan(BASE, BASE.replace('"https://#{host}/v1"', url))

    assert [reached.place for reached in found.reached] == ([] if place is None else [place])
    assert "PASSWORD" not in str(found.reached)


def test_a_command_that_is_new_is_told_as_run() -> None:
    found = plan(BASE, BASE.replace("processors:", "on_dead_letter: {command: [sh, -c, exit]}\nprocessors:"))

    assert [reached.words for reached in found.reached] == ["runs sh -c exit: 'on_dead_letter', command"]


def test_a_disabled_processor_reaches_nothing() -> None:
    new = BASE.replace("Folder: out", "Folder: in").replace("type: Reach\n", "type: Reach\n    enabled: false\n")

    assert plan(BASE, new).reached == ()


def test_queued_flowfiles_keep_a_flow_from_starting_that_has_their_queue_no_more() -> None:
    new = BASE.replace("dead_letter", "auto_terminate")
    found = plan(BASE, new, ages={"reach -- dead letters": [1.0, 2.0]})

    assert [(queue.id, queue.queued) for queue in found.orphans] == [("reach -- dead letters", 2)]
    assert not plan(BASE, new, ages={}).orphans


def test_what_is_too_old_for_a_queue_from_now_on_is_counted() -> None:
    new = BASE.replace("  - spring -- success --> reach", "  - {from: spring, to: reach, expiration: 1 min}")
    found = plan(BASE, new, ages={"spring -- success --> reach": [10.0, 61.0, 3600.0]})

    assert [queue.too_old for queue in found.queues if queue.is_touched] == [2]
    assert words(found) == ["spring -- success --> reach: expiration: never → 1 min"]


def test_a_flow_of_another_name_leaves_everything_behind() -> None:
    old = graph(BASE)
    new = replace(old, definition=msgspec.structs.replace(old.definition, name="other"))
    renamed = plan_of(old, new, ages={"spring -- success --> reach": [1.0]})

    assert [queue.words for queue in renamed.queues if queue.is_touched] == [
        "1 flowfile stays behind in the state directory of 'test'"
    ]
    assert [change.aspect for change in renamed.changes if change.part is Part.FLOW] == ["flow"]


EVERYTHING = """
description: before
fsync: group
cron: quartz
history: {size: 1 GB, age: 30 days}
on_dead_letter: {processor: reach}
parameters: {host: {value: api.example.org}}
sensitive_attributes: [secret]
processors:
  spring: {type: Spring}
  reach:
    type: Reach
    comment: before
    properties: {Folder: out}
    dead_letter: [success]
connections:
  - {from: spring, to: reach, back_pressure: {objects: 5, size: 1 GB}, expiration: 1 h, prioritizers: [NewestFirst]}
"""
FLOW_EDITS = {
    "description": ("description: before", "description: after"),
    "fsync": ("fsync: group", "fsync: none"),
    "cron": ("cron: quartz", "cron: spring"),
    "history": ("size: 1 GB, age: 30 days", "size: 2 GB, age: 30 days"),
    "on_dead_letter": ("on_dead_letter: {processor: reach}\n", ""),
    "parameters": ("value: api.example.org", "value: api.example.com"),
    "sensitive_attributes": ("[secret]", "[secret, other]"),
}
PROCESSOR_EDITS = {
    "type": ("type: Spring}", "type: Fountain}"),
    "comment": ("comment: before", "comment: after"),
    "properties": ("Folder: out", "Folder: in"),
    "dead_letter": ("dead_letter: [success]", "auto_terminate: [success]"),
    "auto_terminate": ("dead_letter: [success]", "auto_terminate: [success]"),
    "schedule": ("type: Spring}", "type: Spring, schedule: {every: 7 sec}}"),
    "retry": ("type: Spring}", "type: Spring, retry: {relationships: [success], attempts: 2}}"),
    "enabled": ("type: Spring}", "type: Spring, enabled: false}"),
    "execution": ("type: Spring}", "type: Spring, execution: primary}"),
    "sensitive_content": ("type: Spring}", "type: Spring, sensitive_content: true}"),
    "concurrent_tasks": ("type: Spring}", "type: Spring, concurrent_tasks: 3}"),
    "run_duration": ("type: Spring}", "type: Spring, run_duration: 25 ms}"),
    "yield_duration": ("type: Spring}", "type: Spring, yield_duration: 2 sec}"),
    "penalty_duration": ("type: Spring}", "type: Spring, penalty_duration: 2 sec}"),
    "bulletin_level": ("type: Spring}", "type: Spring, bulletin_level: ERROR}"),
    "replay": ("type: Spring}", "type: Spring, replay: refuse}"),
}
CONNECTION_EDITS = {
    "back_pressure": ("objects: 5", "objects: 6"),
    "expiration": ("expiration: 1 h", "expiration: 2 h"),
    "prioritizers": ("[NewestFirst]", "[OldestFirst]"),
}
TOLD_ELSEWHERE = {
    "flow", "processors", "connections", "controller_services", "dynamic", "rules", "from", "relationships", "to",
}  # fmt: skip
"""Those that other tests change."""
SILENT = {"description", "comment"}


@pytest.mark.parametrize("key", sorted({*FLOW_EDITS, *PROCESSOR_EDITS, *CONNECTION_EDITS}))
def test_whatever_key_is_edited_is_told_unless_it_is_for_readers_only(key: str) -> None:
    old, new = {**FLOW_EDITS, **PROCESSOR_EDITS, **CONNECTION_EDITS}[key]
    assert old in EVERYTHING
    found = plan(EVERYTHING, EVERYTHING.replace(old, new))

    assert found.is_empty == (key in SILENT)


def test_no_key_is_forgotten() -> None:
    known = {*FLOW_EDITS, *PROCESSOR_EDITS, *CONNECTION_EDITS, *TOLD_ELSEWHERE}

    assert {*FLOW_KEYS, *PROCESSOR_KEYS, *CONNECTION_KEYS} == known


INSTALLED = """
controller_services:
  proxy:
    type: ProxyConfigurationService
    properties: {Proxy Type: HTTP, Proxy Server Host: a, Proxy Server Port: 8080}
processors:
  make: {type: GenerateFlowFile}
  set:
    type: UpdateAttribute
    properties: {kind: letter}
    dynamic: {color: red}
    rules:
      - {name: large, conditions: ["${fileSize:gt(9)}"], actions: {size: large}}
      - {name: small, actions: {size: small}}
    auto_terminate: [success]
connections: [make -- success --> set]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("color: red", "color: blue", ["set: color: 'red' → 'blue'"]),
        ("gt(9)", "gt(8)", ["set: rule 'large' is changed"]),
        ("name: small", "name: tiny", ["set: rule 'small' is removed", "set: rule 'tiny' is added"]),
        ("Host: a", "Host: b", ["proxy: Proxy Server Host: 'a' → 'b'"]),
        (
            "  proxy:",
            "  other:",
            ["other: ProxyConfigurationService, is new", "proxy: ProxyConfigurationService, is gone"],
        ),
    ],
)
def test_services_rules_and_dynamic_properties_are_told(old: str, new: str, told: list[str]) -> None:
    registry = Registry.installed()
    found = plan_of(graph(INSTALLED, registry), graph(INSTALLED.replace(old, new), registry))

    assert words(found) == told


def test_a_proxy_s_host_is_newly_reachable() -> None:
    registry = Registry.installed()
    found = plan_of(graph(INSTALLED, registry), graph(INSTALLED.replace("Host: a", "Host: b"), registry))

    assert [reached.words for reached in found.reached] == ["connects to b: 'proxy', Proxy Server Host"]
