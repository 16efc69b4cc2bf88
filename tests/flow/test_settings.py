from pathlib import Path

import pytest

from flowrun.bulletin import Level
from flowrun.errors import Severity
from flowrun.flow import FlowDefinition, FlowSettings, resolve_settings
from flowrun.flow.loader import load_flow_text
from flowrun.flow.settings import ConnectionSettings, ProcessorSettings
from flowrun.parameter_reference import Parameters
from flowrun.prioritizer import Prioritizer

PARAMETERS = Parameters(
    {"x": "7 sec", "number": "3", "secret": "hunter2", "when": "0 0 12 ? * 2"}, frozenset({"secret"})
)


def flow_with(setting: str = "", connection: str = "") -> FlowDefinition:
    definition, problems = load_with(setting, connection)
    assert problems == []
    assert definition is not None
    return definition


def load_with(setting: str = "", connection: str = "", *, more: str = "") -> tuple[FlowDefinition | None, list[str]]:
    text = f"""\
flow: x
parameters: {{x: {{}}, number: {{}}, secret: {{sensitive: true}}, when: {{}}, unset: {{}}}}
{more}
processors:
  a: {{type: A, {setting}}}
connections:
  - {{from: a, to: a, {connection}}}
"""
    loaded = load_flow_text(text, Path("flow.yaml"))
    return loaded.definition, [f"{problem.severity}: {problem.message}" for problem in loaded.problems]


def resolved(definition: FlowDefinition, parameters: Parameters = PARAMETERS) -> FlowSettings:
    settings, problems = resolve_settings(definition, parameters)
    assert problems == ()
    return settings


def processor_with(setting: str) -> ProcessorSettings:
    return resolved(flow_with(setting)).processors["a"]


def connection_with(setting: str) -> ConnectionSettings:
    return resolved(flow_with(connection=setting)).connections[0]


def test_defaults_are_those_of_nifi() -> None:
    processor, connection = processor_with(""), connection_with("")

    assert (processor.every, processor.cron, processor.skip_overlap) == (None, None, False)
    assert (processor.penalty_duration, processor.yield_duration, processor.run_duration) == (30.0, 1.0, 0.0)
    assert (processor.concurrent_tasks, processor.bulletin_level, processor.retry) == (1, Level.WARNING, None)
    assert (processor.execution, processor.enabled, processor.comment) == ("all", True, "")
    assert (connection.object_threshold, connection.data_size_threshold) == (10_000, 1 << 30)
    assert (connection.expiration, connection.prioritizers) == (0.0, (Prioritizer.FIRST_IN_FIRST_OUT,))


def test_retry_without_more_has_the_defaults_of_nifi() -> None:
    retry = processor_with("retry: {relationships: [failure]}").retry

    assert retry is not None
    assert (retry.attempts, retry.backoff, retry.maximum_backoff) == (10, "penalize", 600.0)


def test_settings_have_their_types() -> None:
    processor = processor_with(
        "schedule: {every: 5 sec, overlap: skip}, concurrent_tasks: 4, run_duration: 25 ms, penalty_duration: 1.5 min, "
        "yield_duration: 2 sec, bulletin_level: error, execution: primary, enabled: false, replay: refuse, "
        "comment: why, "
        "retry: {relationships: [failure, No Retry], attempts: 2, backoff: yield, max_backoff: 1 h}"
    )

    assert (processor.every, processor.skip_overlap, processor.concurrent_tasks) == (5.0, True, 4)
    assert (processor.run_duration, processor.penalty_duration, processor.yield_duration) == (0.025, 90.0, 2.0)
    assert (processor.bulletin_level, processor.execution, processor.enabled) == (Level.ERROR, "primary", False)
    assert not processor.allows_replay
    assert processor.comment == "why"
    assert processor.retry is not None
    assert processor.retry.relationships == {"failure", "No Retry"}
    assert (processor.retry.attempts, processor.retry.backoff, processor.retry.maximum_backoff) == (2, "yield", 3600.0)


def test_a_connection_has_back_pressure_expiration_and_prioritizers() -> None:
    connection = connection_with(
        "back_pressure: {objects: 5, size: 10 KB}, expiration: 1 day, prioritizers: [PriorityAttribute, OldestFirst]"
    )

    assert (connection.object_threshold, connection.data_size_threshold) == (5, 10_240)
    assert connection.expiration == 86_400.0
    assert connection.prioritizers == (Prioritizer.PRIORITY_ATTRIBUTE, Prioritizer.OLDEST_FIRST)


@pytest.mark.parametrize(
    ("written", "prioritizer"),
    [
        ("FirstInFirstOutPrioritizer", Prioritizer.FIRST_IN_FIRST_OUT),
        ("OldestFlowFileFirstPrioritizer", Prioritizer.OLDEST_FIRST),
        ("NewestFlowFileFirstPrioritizer", Prioritizer.NEWEST_FIRST),
        ("org.apache.nifi.prioritizer.PriorityAttributePrioritizer", Prioritizer.PRIORITY_ATTRIBUTE),
        ("newestFirst", Prioritizer.NEWEST_FIRST),
    ],
)
def test_prioritizers_may_have_their_names_in_nifi(written: str, prioritizer: Prioritizer) -> None:
    assert connection_with(f"prioritizers: [{written}]").prioritizers == (prioritizer,)


def test_a_cron_schedule_is_read_in_its_zone() -> None:
    cron = processor_with('schedule: {cron: "0 0 12 * * ?", time_zone: Europe/London}').cron

    assert cron is not None
    assert (cron.text, str(cron.zone)) == ("0 0 12 * * ?", "Europe/London")


def test_the_dialect_of_the_flow_says_which_day_a_bare_number_is() -> None:
    schedule = 'schedule: {cron: "0 0 12 ? * 1"}'

    _, quartz = load_with(schedule)
    _, spring = load_with(schedule, more="cron: spring")
    assert quartz[0].startswith("warning: cron: ")
    assert spring[0].startswith("warning: cron: ")
    assert quartz != spring


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("schedule: {every: soon}", "every: expected a duration such as '30 sec' or '5 min', found 'soon'"),
        ("schedule: {every: 5 sec, cron: '* * * * * ?'}", "a schedule has 'every' or 'cron', not both: remove one"),
        ("schedule: {every: 5 sec, time_zone: UTC}", "time_zone belongs to a 'cron' schedule: remove it"),
        ("schedule: {overlap: never}", "overlap: expected allow or skip, found 'never'"),
        ("replay: no", "replay: expected allow or refuse, found 'no'"),
        (
            "schedule: {cron: '* * * * * ?', time_zone: Europe/Londn}",
            "time_zone: no time zone 'Europe/Londn'; did you mean 'Europe/London'?",
        ),
        ("schedule: {cron: '* * * * * ?', time_zone: ../passwd}", "time_zone: no time zone '../passwd'"),
        ("schedule: {cron: '* * * * * ?', time_zone: Europe}", "time_zone: no time zone 'Europe'"),
        ("concurrent_tasks: two", "concurrent_tasks: expected a whole number of 1 or more, found 'two'"),
        ("concurrent_tasks: 1.5", "concurrent_tasks: expected a whole number of 1 or more, found '1.5'"),
        ("concurrent_tasks: ٣", "concurrent_tasks: expected a whole number of 1 or more, found '٣'"),
        ("bulletin_level: LOUD", "bulletin_level: expected DEBUG, INFO, WARN, ERROR or NONE, found 'LOUD'"),
        ("execution: some", "execution: expected all or primary, found 'some'"),
        ("enabled: perhaps", "enabled: expected true or false, found 'perhaps'"),
        (
            "penalty_duration: 900000 days",
            "penalty_duration: expected a duration of at most 100 years, found '900000 days'",
        ),
        (
            "retry: {relationships: [a], attempts: -1}",
            "attempts: expected a whole number of 0 or more, found '-1'",
        ),
        ("retry: {relationships: [a], backoff: wait}", "backoff: expected penalize or yield, found 'wait'"),
        ("retry: {attempts: 2}", "retry has no 'relationships'"),
    ],
)
def test_a_wrong_setting_is_found_when_the_file_is_read(setting: str, message: str) -> None:
    assert load_with(setting)[1] == [f"error: {message}"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("back_pressure: {objects: many}", "objects: expected a whole number of 0 or more, found 'many'"),
        ("back_pressure: {size: 5}", "size: expected a data size such as '10 KB' or '1 GB', found '5'"),
        (
            "back_pressure: {size: 99999999999 TB}",
            "size: expected a data size of less than 8 million TB, found '99999999999 TB'",
        ),
        ("expiration: never", "expiration: expected a duration such as '30 sec' or '5 min', found 'never'"),
        ("prioritizers: [Oldest First]", "prioritizers: no prioritizer 'Oldest First'; did you mean 'OldestFirst'?"),
    ],
)
def test_a_wrong_setting_of_a_connection_is_found_when_the_file_is_read(setting: str, message: str) -> None:
    assert load_with(connection=setting)[1] == [f"error: {message}"]


def test_a_prioritizer_that_nothing_comes_near_draws_the_list() -> None:
    [problem] = load_with(connection="prioritizers: [Random]")[1]

    names = "FirstInFirstOut, OldestFirst, NewestFirst, PriorityAttribute"
    assert problem == f"error: prioritizers: no prioritizer 'Random'; expected one of {names}"


def test_a_cron_expression_is_checked_when_the_file_is_read() -> None:
    [problem] = load_with('schedule: {cron: "0/10 * * * *"}')[1]

    assert problem.startswith("error: cron: ")


def test_a_wrong_setting_is_reported_by_the_loader_only() -> None:
    definition, problems = load_with("penalty_duration: soon")

    assert len(problems) == 1
    assert definition is not None
    assert resolved(definition).processors["a"].penalty_duration == 30.0


def test_parameters_give_settings_their_values() -> None:
    definition = flow_with(
        "schedule: {cron: '#{when}'}, penalty_duration: '#{x}', concurrent_tasks: '#{number}'",
        "back_pressure: {objects: '#{number}00'}",
    )

    settings, problems = resolve_settings(definition, PARAMETERS)
    processor = settings.processors["a"]
    assert (processor.penalty_duration, processor.concurrent_tasks) == (7.0, 3)
    assert processor.cron is not None
    assert settings.connections[0].object_threshold == 300
    assert [problem.severity for problem in problems] == [Severity.WARNING]


def test_a_value_that_does_not_fit_is_reported_at_the_setting() -> None:
    settings, problems = resolve_settings(flow_with("penalty_duration: '#{number}'"), PARAMETERS)

    assert [str(problem) for problem in problems] == [
        "flow.yaml:5:34: error: penalty_duration: expected a duration such as '30 sec' or '5 min', found '3'"
    ]
    assert settings.processors["a"].penalty_duration == 30.0


def test_a_setting_whose_parameter_is_unset_has_its_default() -> None:
    definition = flow_with("penalty_duration: '#{unset}'")

    assert resolved(definition, Parameters(unset=frozenset({"unset"}))).processors["a"].penalty_duration == 30.0


@pytest.mark.parametrize("setting", ["penalty_duration", "concurrent_tasks", "bulletin_level"])
def test_a_sensitive_value_is_in_no_message(setting: str) -> None:
    _, problems = resolve_settings(flow_with(f"{setting}: '#{{secret}}'"), PARAMETERS)

    assert [problem.message for problem in problems] == [
        f"{setting}: the value of the sensitive parameter 'secret' does not fit here"
    ]


def test_a_sensitive_value_is_in_no_cron_message_and_in_no_comment() -> None:
    definition = flow_with("schedule: {cron: '#{secret}'}, comment: 'about #{secret}'")

    settings, problems = resolve_settings(definition, PARAMETERS)
    assert "hunter2" not in str(problems)
    assert settings.processors["a"].comment == "about #{secret}"
