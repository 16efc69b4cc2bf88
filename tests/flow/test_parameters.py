from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from flowrun.flow import FlowDefinition, resolve_parameters
from flowrun.flow.loader import load_flow_text
from flowrun.parameter_reference import Parameters


def flow_with(*declarations: str) -> FlowDefinition:
    lines = "".join(f"  {declaration}\n" for declaration in declarations)
    text = f"flow: x\nparameters:\n{lines}processors: {{a: {{type: A}}}}\n"
    loaded = load_flow_text(text, Path("flow.yaml"))
    assert loaded.problems == ()
    assert loaded.definition is not None
    return loaded.definition


def resolve(
    flow: FlowDefinition,
    *,
    files: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    require: bool = True,
) -> tuple[Parameters, list[str]]:
    parameters, problems = resolve_parameters(
        flow, files=files, environment=environment or {}, overrides=overrides or {}, require=require
    )
    return parameters, [str(problem) for problem in problems]


def values_of(flow: FlowDefinition, *, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    parameters, problems = resolve(flow, environment=environment)
    assert problems == []
    return dict(parameters.values)


def test_the_last_source_that_says_something_wins(tmp_path: Path) -> None:
    flow = flow_with("directory: {value: value, env: DIRECTORY}")
    file = tmp_path / "values.yaml"
    file.write_text("directory: params file\n")
    environment = {"DIRECTORY": "env"}
    named = environment | {"FLOWRUN_PARAM_DIRECTORY": "named variable"}

    results = [
        resolve(flow),
        resolve(flow, environment=environment),
        resolve(flow, environment=environment, files=[file]),
        resolve(flow, environment=named, files=[file]),
        resolve(flow, environment=named, files=[file], overrides={"directory": "override"}),
    ]
    assert [parameters.values["directory"] for parameters, _ in results] == [
        "value",
        "env",
        "params file",
        "named variable",
        "override",
    ]


def test_of_several_files_the_last_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text("a: 1\nb: 1\n")
    second.write_text("b: 2\n")

    parameters, problems = resolve(flow_with("a: {}", "b: {}"), files=[first, second])
    assert problems == []
    assert parameters.values == {"a": "1", "b": "2"}


def test_an_empty_variable_counts_as_unset() -> None:
    flow = flow_with("directory: {value: value, env: DIRECTORY}")

    assert values_of(flow, environment={"DIRECTORY": "", "FLOWRUN_PARAM_DIRECTORY": ""}) == {"directory": "value"}


@pytest.mark.parametrize("variable", ["FLOWRUN_PARAM_api-key.1", "FLOWRUN_PARAM_API_KEY_1"])
def test_a_variable_names_the_parameter_as_it_is_or_as_variables_are_named(variable: str) -> None:
    assert values_of(flow_with("api-key.1: {}"), environment={variable: "x"}) == {"api-key.1": "x"}


def test_values_are_text_as_written(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text("a: 010\nb: on\nc: ''\n")

    parameters, _ = resolve(flow_with("a: {}", "b: {}", "c: {}", "d: {value: 1.10}", "e: {value: ''}"), files=[file])
    assert parameters.values == {"a": "010", "b": "on", "c": "", "d": "1.10", "e": ""}


@pytest.mark.parametrize(
    ("content", "value"),
    [("secret\n", "secret"), ("secret\r\n", "secret"), ("two\nlines\n\n", "two\nlines\n"), ("bare", "bare"), ("", "")],
)
def test_a_file_gives_its_text_without_the_line_break_at_its_end(tmp_path: Path, content: str, value: str) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content.encode())

    assert values_of(flow_with(f"secret: {{file: {file}, sensitive: true}}")) == {"secret": value}


def test_a_file_that_does_not_exist_counts_as_unset(tmp_path: Path) -> None:
    flow = flow_with(f"a: {{file: {tmp_path / 'none'}, value: default}}", f"b: {{file: {tmp_path / 'none'}}}")

    parameters, problems = resolve(flow)
    assert parameters.values == {"a": "default"}
    [problem] = problems
    assert problem == (
        f"flow.yaml:4:3: error: no value for parameter 'b' (file {tmp_path / 'none'}): "
        "give --param b=VALUE, --params FILE.yaml or the variable FLOWRUN_PARAM_B"
    )


def test_a_file_is_not_read_where_something_else_gives_the_value(tmp_path: Path) -> None:
    flow = flow_with(f"a: {{file: {tmp_path}}}")

    assert resolve(flow, overrides={"a": "x"}) == (Parameters({"a": "x"}), [])


@pytest.mark.parametrize("require", [True, False])
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, require: bool) -> None:
    parameters, problems = resolve(flow_with(f"a: {{file: {tmp_path}}}"), require=require)

    severity = "error" if require else "warning"
    assert problems == [
        f"flow.yaml:3:3: {severity}: parameter 'a': the file '{tmp_path}' cannot be read: Is a directory"
    ]
    assert parameters.unset == {"a"}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"hunter2\xff", "is not UTF-8"), (b"hunter2" * 200_000, "is larger than 1 MB")],
)
def test_a_file_that_holds_no_fitting_text_is_one_problem_that_does_not_show_it(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)

    _, problems = resolve(flow_with(f"a: {{file: {file}}}"))
    assert problems == [f"flow.yaml:3:3: error: parameter 'a': the file '{file}' {message}"]


def test_all_missing_parameters_are_one_error_that_says_how_to_give_them() -> None:
    flow = flow_with("a: {}", "b: {env: B}", "c: {value: x}", "d: {file: /none/d}")

    [problem] = resolve(flow)[1]
    assert problem == (
        "flow.yaml:3:3: error: no values for parameters 'a', 'b' (environment variable B), 'd' (file /none/d): set "
        "what is named there, or give --param NAME=VALUE, --params FILE.yaml or FLOWRUN_PARAM_<NAME>"
    )


def test_missing_parameters_are_a_warning_and_unset_where_a_flow_is_only_checked() -> None:
    parameters, [problem] = resolve(flow_with("a: {}", "b: {value: x}"), require=False)

    assert problem.startswith("flow.yaml:3:3: warning: no value for parameter 'a'")
    assert parameters == Parameters({"b": "x"}, unset=frozenset({"a"}))


def test_sensitive_parameters_are_known_as_such() -> None:
    assert resolve(flow_with("a: {sensitive: true}", "b: {}"), require=False)[0].sensitive == {"a"}


def test_an_override_that_no_declaration_knows_is_one_error_with_a_guess() -> None:
    _, problems = resolve(flow_with("tenant_id: {}"), overrides={"tenat_id": "hunter2"})

    assert problems == ["error: --param: no parameter 'tenat_id'; did you mean 'tenant_id'?"]


def test_a_key_of_a_file_that_no_declaration_knows_is_an_error_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text("# values\ntenant-id: hunter2\nxyzzy: hunter2\n")

    _, problems = resolve(flow_with("tenant_id: {}"), files=[file])
    assert problems == [
        f"{file}:2:1: error: no parameter 'tenant-id'; did you mean 'tenant_id'?",
        f"{file}:3:1: error: no parameter 'xyzzy'",
    ]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("a: [hunter2]\n", "1:4", "parameter 'a' must be text, found a list: if it is text, put this in quotes"),
        (
            "a: {hunter2: hunter2}\n",
            "1:4",
            "parameter 'a' must be text, found a mapping: if it is text, put this in quotes",
        ),
        ("a:\n", "1:3", "parameter 'a' has no value: write \"\" for the empty text"),
        ("a: 1\na: hunter2\n", "2:1", "key 'a' appears twice, first in line 1: remove one"),
        (
            "a: *hunter2\n",
            "1:4",
            "a value that begins with '*' is a YAML alias, and there is no such anchor: put this in quotes",
        ),
        ("a: hunter2 #{x}\n", "1:4", "YAML takes '#' after a blank as the beginning of a comment: put this in quotes"),
        ("a: 'hunter2\n", "1:4", "this quote is never closed"),
        ("- hunter2\n", "1:1", "a file of parameters is a mapping, 'name: value', found a list"),
        ("", "1:1", "this file is empty"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_error_that_shows_no_value(
    tmp_path: Path, content: str, place: str, message: str
) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(content)

    _, problems = resolve(flow_with("a: {value: x}"), files=[file])
    assert problems == [f"{file}:{place}: error: {message}"]


def test_a_file_of_parameters_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    _, problems = resolve(flow_with("a: {value: x}"), files=[tmp_path / "none.yaml"])

    assert problems == [f"{tmp_path / 'none.yaml'}:1:1: error: no such file"]


def test_a_value_that_cannot_be_written_as_utf_8_is_an_error() -> None:
    _, problems = resolve(flow_with("a: {}"), overrides={"a": "hunter2\udcff"})

    assert problems == ["flow.yaml:3:3: error: parameter 'a': its value is not UTF-8"]


def test_variables_of_other_flows_are_nobody_s_business() -> None:
    assert values_of(flow_with("a: {value: x}"), environment={"FLOWRUN_PARAM_OTHER": "y"}) == {"a": "x"}


def test_names_that_the_flow_uses_without_declaring_them_are_unset() -> None:
    text = "flow: x\nprocessors: {a: {type: A, comment: '#{x}'}}\n"
    definition = load_flow_text(text, Path("flow.yaml")).definition
    assert definition is not None

    parameters, problems = resolve(definition)
    assert parameters.unset == {"x"}
    assert problems == []


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("a: {vaule: x}", "flow.yaml:3:7: error: unknown key 'vaule'; did you mean 'value'?"),
        (
            "a:",
            "flow.yaml:3:5: error: a parameter is declared by a mapping such as {value: …} or {env: …}, found nothing",
        ),
        ("a: {env: A, file: b}", "flow.yaml:3:21: error: a parameter has 'env' or 'file', not both: remove one"),
        ("a: {env: ''}", "flow.yaml:3:12: error: env must be the name of an environment variable"),
        ("a: {sensitive: 2}", "flow.yaml:3:18: error: sensitive: expected true or false, found '2'"),
        (
            "a/b: {}",
            "flow.yaml:3:3: error: 'a/b' is no name of a parameter: letters, digits, blanks and - _ . may stand in it",
        ),
    ],
)
def test_a_wrong_declaration_is_one_error(declaration: str, message: str) -> None:
    text = f"flow: x\nparameters:\n  {declaration}\nprocessors: {{a: {{type: A}}}}\n"

    assert [str(problem) for problem in load_flow_text(text, Path("flow.yaml")).problems] == [message]
