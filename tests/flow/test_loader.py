from pathlib import Path

import pytest

from flowrun.errors import Place
from flowrun.flow import FlowDefinition, LoadedFlow, load_flow
from flowrun.flow.loader import load_flow_text

XERO = """\
# yaml-language-server: $schema=../docs/flow.schema.json
flow: xero-refresh                     # [a-z0-9-]+
description: Fetch Xero data, and renew the OAuth 2.0 token when it has expired.

parameters:                            # used as #{name}, as in NiFi
  credentials_dir: {value: data/xero/credentials, description: Where the token file lives.}
  tenant_id:       {env: XERO_TENANT_ID}
  client_secret:   {env: XERO_CLIENT_SECRET, sensitive: true}    # or {file: /run/secrets/xero}

sensitive_attributes: [access_token, refresh_token]

processors:
  get-credentials:                     # step 1
    type: GetFile
    schedule: {cron: "0 0/10 * * * ?", overlap: skip}
    properties:
      Input Directory: "#{credentials_dir}"   # quoted: an unquoted #{ begins a YAML comment
      Keep Source File: true
      Polling Interval: 0 sec
  extract-tokens:                      # step 2
    type: EvaluateJsonPath
    properties:
      Destination: flowfile-attribute
      access_token: $.access_token
      refresh_token: $.refresh_token
    auto_terminate: [unmatched]
  fetch-data:                          # step 3
    type: InvokeHttp
    properties: {HTTP Method: GET}
    retry: {relationships: [Retry, Failure], attempts: 2, backoff: penalize, max_backoff: 10 min}
    auto_terminate: [Original, No Retry]
    dead_letter: [Retry, Failure]
    sensitive_content: true
  check-authorization: {type: RouteOnAttribute}
  build: {type: ReplaceText}
  next-step: {type: LogAttribute}
  build-refresh-request: {type: ReplaceText, dynamic: {HTTP Mehtod: x}}

connections:
  - get-credentials -- success --> extract-tokens
  - extract-tokens -- matched --> fetch-data
  - fetch-data -- Response --> check-authorization
  - build -- matched, unmatched --> next-step       # several relationships, one connection, one queue
  - from: check-authorization
    relationships: [Unauthorized]
    to: build-refresh-request
    back_pressure: {objects: 10000, size: 1 GB}
    expiration: 0 sec
    prioritizers: [FirstInFirstOut]
"""

SMALLEST = "flow: hello\nprocessors:\n  say: {type: GenerateFlowFile}\n"


def load(text: str) -> LoadedFlow:
    return load_flow_text(text, Path("flow.yaml"))


def definition_of(text: str) -> FlowDefinition:
    loaded = load(text)
    assert loaded.problems == ()
    assert loaded.definition is not None
    return loaded.definition


def value_of(written: str) -> str:
    """What a property is whose value is written so in the file."""
    text = f"flow: x\nprocessors:\n  a:\n    type: T\n    properties:\n      Value: {written}\n"
    return definition_of(text).processors["a"].properties["Value"].value


def test_a_flow_file_is_read_whole_and_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "xero_refresh.yaml"
    path.write_text(XERO)

    loaded = load_flow(path)
    flow = loaded.definition
    assert loaded.problems == ()
    assert flow is not None
    assert (flow.name, flow.path) == ("xero-refresh", path)
    assert flow.description.startswith("Fetch Xero data")
    assert flow.sensitive_attributes == {"access_token", "refresh_token"}
    assert list(flow.processors)[:3] == ["get-credentials", "extract-tokens", "fetch-data"]
    assert [str(connection) for connection in flow.connections] == [
        "get-credentials -- success --> extract-tokens",
        "extract-tokens -- matched --> fetch-data",
        "fetch-data -- Response --> check-authorization",
        "build -- matched, unmatched --> next-step",
        "check-authorization -- Unauthorized --> build-refresh-request",
    ]


def test_parameters_are_declared_with_their_sources() -> None:
    directory, tenant, secret = definition_of(XERO).parameters.values()

    assert directory.value is not None
    assert (directory.value.value, directory.description) == ("data/xero/credentials", "Where the token file lives.")
    assert (tenant.value, tenant.env, tenant.sensitive) == (None, "XERO_TENANT_ID", False)
    assert (secret.env, secret.sensitive) == ("XERO_CLIENT_SECRET", True)


def test_a_processor_keeps_every_text_as_written_and_its_place() -> None:
    processor = definition_of(XERO).processors["get-credentials"]

    assert processor.place == Place("flow.yaml", 13, 3)
    assert (processor.type.value, processor.type.place.line) == ("GetFile", 14)
    assert {name: text.value for name, text in processor.properties.items()} == {
        "Input Directory": "#{credentials_dir}",
        "Keep Source File": "true",
        "Polling Interval": "0 sec",
    }
    assert processor.properties["Input Directory"].place == Place("flow.yaml", 17, 24)
    assert processor.property_places["Input Directory"] == Place("flow.yaml", 17, 7)
    assert processor.schedule is not None
    assert processor.schedule.cron is not None
    assert processor.schedule.cron.value == "0 0/10 * * * ?"


def test_retry_and_the_ends_of_relationships_are_read() -> None:
    processor = definition_of(XERO).processors["fetch-data"]

    assert processor.retry is not None
    assert [name.value for name in processor.retry.relationships] == ["Retry", "Failure"]
    assert processor.retry.attempts is not None
    assert processor.retry.attempts.value == "2"
    assert [name.value for name in processor.auto_terminate] == ["Original", "No Retry"]
    assert [name.value for name in processor.dead_letter] == ["Retry", "Failure"]
    assert processor.sensitive_content


def test_dynamic_properties_are_kept_apart() -> None:
    processor = definition_of(XERO).processors["build-refresh-request"]

    assert processor.dynamic["HTTP Mehtod"].value == "x"
    assert "HTTP Mehtod" not in processor.properties
    assert processor.property_places["HTTP Mehtod"].line == processor.place.line


def test_the_long_form_of_a_connection_has_settings() -> None:
    connection = definition_of(XERO).connections[-1]

    assert connection.back_pressure is not None
    assert connection.back_pressure.size is not None
    assert connection.back_pressure.size.value == "1 GB"
    assert [name.value for name in connection.prioritizers] == ["FirstInFirstOut"]
    assert connection.place == Place("flow.yaml", 44, 5)


def test_the_smallest_flow_has_no_connections_and_the_defaults() -> None:
    flow = definition_of(SMALLEST)

    assert (flow.connections, flow.fsync, flow.cron, dict(flow.parameters)) == ((), "group", "quartz", {})


def test_a_flow_without_processors_is_refused() -> None:
    assert [str(problem) for problem in load("flow: x\nprocessors: {}\n").problems] == [
        "flow.yaml:2:13: error: a flow has at least one processor"
    ]


@pytest.mark.parametrize("fsync", ["none", "group", "commit"])
def test_fsync_is_chosen_for_the_flow(fsync: str) -> None:
    assert definition_of(f"{SMALLEST}fsync: {fsync}\n").fsync == fsync


@pytest.mark.parametrize("dialect", ["quartz", "spring"])
def test_the_cron_dialect_is_chosen_for_the_flow(dialect: str) -> None:
    assert definition_of(f"{SMALLEST}cron: {dialect}\n").cron == dialect


@pytest.mark.parametrize(
    "written",
    ["010", "on", "No", "True", "null", "12:30:45", "1.10", "1_000", "2026-11-24", "0x1F", "1e3", ".inf", "=", "a#b"],
)
def test_values_are_text_as_written_and_never_yaml_numbers_or_booleans(written: str) -> None:
    assert value_of(written) == written


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('""', ""),
        ("''", ""),
        ("'~'", "~"),
        ('"tab\\there"', "tab\there"),
        ("'it''s'", "it's"),
        ("|\n        line one\n        line two\n", "line one\nline two\n"),
        (">-\n        folded\n        text\n", "folded text"),
        ("a\n        b", "a b"),
    ],
)
def test_quotes_and_blocks_give_the_text_that_they_stand_for(written: str, value: str) -> None:
    assert value_of(written) == value


def test_anchors_repeat_what_they_name() -> None:
    text = """\
flow: x
processors:
  a: {type: T, retry: &twice {relationships: [failure], attempts: 2}}
  b: {type: T, retry: *twice}
"""
    first, second = definition_of(text).processors.values()

    assert first.retry == second.retry


def test_an_anchor_that_nothing_repeats_is_a_doubt() -> None:
    loaded = load(SMALLEST.replace("type: GenerateFlowFile", "type: T, comment: &co text"))

    assert [str(problem) for problem in loaded.problems] == [
        "flow.yaml:3:27: warning: no alias uses this anchor: if '&' belongs to the text, put it in quotes"
    ]
    assert loaded.definition is not None


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_windows_line_ends_and_a_byte_order_mark_are_taken(tmp_path: Path, ending: str, mark: str) -> None:
    path = tmp_path / "flow.yaml"
    path.write_bytes((mark + XERO.replace("\n", ending)).encode())

    loaded = load_flow(path)
    assert loaded.problems == ()
    assert loaded.definition is not None
    assert loaded.definition.processors["get-credentials"].properties["Input Directory"].place.line == 17


def test_columns_count_characters_also_after_letters_outside_of_ascii() -> None:
    text = SMALLEST.replace("say: {type: GenerateFlowFile}", "größe-😀: {type: T, comment: '#{x}'}")

    assert [str(problem) for problem in load(text).problems] == [
        "flow.yaml:3:32: error: no parameter 'x': declare it under 'parameters:'"
    ]


def test_a_reference_is_placed_inside_its_scalar_where_the_file_shows_it() -> None:
    text = SMALLEST.replace("GenerateFlowFile", 'T, comment: "a\\tb #{x}", properties: {A: "b #{y}"}')

    assert [str(problem).partition(": declare")[0] for problem in load(text).problems] == [
        "flow.yaml:3:27: error: no parameter 'x'",
        "flow.yaml:3:59: error: no parameter 'y'",
    ]


@pytest.mark.parametrize("text", ["##{x}", "${literal('#{x}')}", "#x", "# {x}"])
def test_what_is_no_reference_needs_no_declaration(text: str) -> None:
    escaped = text.replace("'", "''")

    definition_of(SMALLEST.replace("GenerateFlowFile", f"T, comment: '{escaped}'"))


@pytest.mark.parametrize("text", ["${#{x}}", "${a:equals(#{x})}", "#{x}#{x}", "###{x}"])
def test_every_undeclared_parameter_is_an_error_that_is_remembered(text: str) -> None:
    loaded = load(SMALLEST.replace("GenerateFlowFile", f"T, comment: '{text}'"))

    assert {problem.message for problem in loaded.problems} == {"no parameter 'x': declare it under 'parameters:'"}
    assert loaded.definition is not None
    assert loaded.definition.undeclared_parameters == {"x"}


@pytest.mark.parametrize(
    "setting",
    [
        "schedule: {every: '#{x}'}",
        "schedule: {cron: '#{x}'}",
        "penalty_duration: '#{x}'",
        "retry: {relationships: [a], attempts: '#{x}'}",
        "dynamic: {a: '#{x}'}",
        "enabled: '#{x}'",
    ],
)
def test_parameters_work_in_settings_too(setting: str) -> None:
    text = SMALLEST.replace("type: GenerateFlowFile", f"type: T, {setting}")

    assert [problem.message for problem in load(text).problems] == ["no parameter 'x': declare it under 'parameters:'"]
    definition_of(f"{text}parameters: {{x: {{}}}}\n")


def test_loops_and_processors_without_connections_are_legal() -> None:
    text = SMALLEST + "connections:\n  - say -- success --> say\n"

    assert str(definition_of(text).connections[0]) == "say -- success --> say"


def test_a_definition_is_a_value_that_cannot_be_changed() -> None:
    flow = definition_of(XERO)

    with pytest.raises(AttributeError):
        flow.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        flow.processors["new"] = flow.processors["build"]  # type: ignore[index]
