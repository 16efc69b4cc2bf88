"""A command line that is wrong gives one line that says what to do, and code 2; help is there for every command."""

import os
from pathlib import Path

import pytest
from tests.cli.kit import flowrun
from tests.cli.program import TICKS, run, write

from flowrun.cli import cli
from flowrun.cli.exit_codes import ExitCode

COMMANDS = sorted(set(cli.list_commands(None)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chekc", "a.yaml"], "there is no command 'chekc'; did you mean 'check'? ('flowrun --help' says more)"),
        (["state", "claer"], "there is no command 'claer'; did you mean 'clear'? ('flowrun state --help' says more)"),
        (["state", "xyzzy"], "there is no command 'xyzzy'; there are clear ('flowrun state --help' says more)"),
        (
            ["flow.yaml", "--onec"],
            "there is no option '--onec'; did you mean '--once'? ('flowrun run --help' says more)",
        ),
        (["check", "--jsn"], "there is no option '--jsn'; did you mean '--json'? ('flowrun check --help' says more)"),
        (["flow.yaml", "--xyzzy"], "there is no option '--xyzzy' ('flowrun run --help' says more)"),
        (["--once"], "name a flow file, such as flows/hello.yaml ('flowrun run --help' says more)"),
        (["run"], "name a flow file, such as flows/hello.yaml ('flowrun run --help' says more)"),
        (["check"], "name a flow file, such as flows/hello.yaml ('flowrun check --help' says more)"),
        (["state", "clear"], "name a flow file, such as flows/hello.yaml ('flowrun state clear --help' says more)"),
        (
            ["flow.yaml", "--for", "soon"],
            "--for: expected a duration such as '30 sec' or '5 min', found 'soon' ('flowrun run --help' says more)",
        ),
        (
            ["flow.yaml", "--log-level", "loud"],
            "--log-level: expected DEBUG, INFO, WARN, ERROR or NONE, found 'loud' ('flowrun run --help' says more)",
        ),
        (
            ["flow.yaml", "--param", "name"],
            "--param: expected NAME=VALUE, found 'name' without '=' ('flowrun run --help' says more)",
        ),
        (
            ["flow.yaml", "--plugins", "none"],
            "--plugins: Directory 'none' does not exist. ('flowrun run --help' says more)",
        ),
        (["flow.yaml", "--for"], "--for needs a value"),
    ],
)
def test_mistake_is_told_in_one_line(tmp_path: Path, words: list[str], message: str) -> None:
    done = flowrun(tmp_path, *words)

    assert (done.code, done.out, done.err) == (ExitCode.WRONG, "", f"error: {message}\n")


def test_word_that_is_neither_command_nor_file_is_told_apart_from_both(tmp_path: Path) -> None:
    told = "there is no command 'hello'; a flow is named by its file, such as flows/hello.yaml"

    assert flowrun(tmp_path, "hello").err == f"error: {told} ('flowrun --help' says more)\n"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda file: None, "no such file"),
        (lambda file: file.mkdir(), "this is a directory: name the file in it"),
        (lambda file: file.write_bytes(b"\xff"), "this is not UTF-8: save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("words", [[], ["check"], ["graph"], ["state", "clear"]])
def test_flow_file_that_is_none_is_told(tmp_path: Path, words: list[str], make: object, message: str) -> None:
    assert callable(make)
    make(tmp_path / "flow.yaml")

    done = flowrun(tmp_path, *words, "flow.yaml")

    assert done.code == ExitCode.WRONG
    [line] = [line for line in (done.out + done.err).splitlines() if ": error: " in line]
    assert line == f"flow.yaml:1:1: error: {message}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_flow_file_without_rights_is_told(tmp_path: Path) -> None:
    write(tmp_path, TICKS).chmod(0)

    assert flowrun(tmp_path, "flow.yaml").code == ExitCode.WRONG


def test_sandbox_of_a_flow_without_one_is_told(tmp_path: Path) -> None:
    write(tmp_path, TICKS)

    done = flowrun(tmp_path, "flow.yaml", "--sandbox")

    assert done.code == ExitCode.WRONG
    assert "there is no sandbox for this flow: expected the file flow.sandbox.py" in done.err


def test_flow_that_is_wrong_is_told_before_its_sandbox_is_looked_for(tmp_path: Path) -> None:
    done = flowrun(tmp_path, "flow.yaml", "--sandbox")

    assert done.err == "flow.yaml:1:1: error: no such file\n1 error; nothing was started.\n"


def test_nothing_said_gets_help_and_code_2(tmp_path: Path) -> None:
    done = flowrun(tmp_path)

    assert done.code == ExitCode.WRONG
    assert done.err.startswith("Usage: flowrun ")


@pytest.mark.parametrize("words", [["--help"], ["-h"], *([command, "--help"] for command in COMMANDS)])
def test_help_is_there(tmp_path: Path, words: list[str]) -> None:
    done = flowrun(tmp_path, *words)

    assert (done.code, done.err) == (ExitCode.OK, "")
    assert done.out.startswith("Usage: flowrun ")


def test_help_names_every_command(tmp_path: Path) -> None:
    assert set(COMMANDS) <= set(flowrun(tmp_path, "--help").out.split())


def test_version_is_told(tmp_path: Path) -> None:
    assert flowrun(tmp_path, "--version").out.startswith("flowrun, version ")


def test_flow_pays_for_no_library_that_it_does_not_use(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once", environment={"PYTHONPROFILEIMPORTTIME": "1"})

    loaded = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}
    assert "flowrun.runner" in loaded
    assert not {"httpx", "rich", "jsonschema", "starlette", "uvicorn", "jsonpath_ng", "croniter"} & loaded


def test_terminal_that_lacks_characters_gets_others(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once", "--trace", environment={"PYTHONIOENCODING": "ascii"})

    assert done.code == ExitCode.OK
