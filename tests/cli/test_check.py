"""`flowrun check`: all problems of flow files, and nothing runs."""

import json
from pathlib import Path

from tests.cli.kit import flowrun
from tests.cli.program import FLOWS, TICKS, write

from flowrun.cli.exit_codes import ExitCode

WRONG = TICKS.replace("Directory: out", "Direktory: out, Directory: out").replace("50 ms", "often")
DOUBTFUL = TICKS.replace("{value: tick, env: TICKS_WORD}", "{env: TICKS_NO_SUCH_WORD}")


def test_right_flow_has_no_problems(tmp_path: Path) -> None:
    write(tmp_path, TICKS)

    assert flowrun(tmp_path, "check", "flow.yaml") == (ExitCode.OK, "flow.yaml: no problems\n", "")


def test_every_error_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, WRONG)

    done = flowrun(tmp_path, "check", "flow.yaml")

    assert done.code == ExitCode.WRONG
    assert done.out.splitlines() == [
        "flow.yaml:7:23: error: every: expected a duration such as '30 sec' or '5 min', found 'often'",
        "flow.yaml:14:18: error: PutFile has no property 'Direktory'; did you mean 'Directory'?",
        "flow.yaml: 2 errors, 0 warnings",
    ]


def test_several_files_are_all_checked(tmp_path: Path) -> None:
    write(tmp_path, TICKS, "right.yaml")
    write(tmp_path, WRONG, "wrong.yaml")

    done = flowrun(tmp_path, "check", "wrong.yaml", "right.yaml", "none.yaml")

    assert done.code == ExitCode.WRONG
    assert [line for line in done.out.splitlines() if ": error: " not in line] == [
        "wrong.yaml: 2 errors, 0 warnings",
        "right.yaml: no problems",
        "none.yaml: 1 error, 0 warnings",
    ]


def test_warning_fails_with_strict_only(tmp_path: Path) -> None:
    write(tmp_path, DOUBTFUL)

    done, strict = flowrun(tmp_path, "check", "flow.yaml"), flowrun(tmp_path, "check", "--strict", "flow.yaml")

    assert (done.code, strict.code) == (ExitCode.OK, ExitCode.WRONG)
    assert done.out.startswith("flow.yaml:3:3: warning: no value for parameter 'word'")
    assert done.out.endswith("flow.yaml: 0 errors, 1 warning\n")


def test_what_is_a_warning_there_is_an_error_when_running(tmp_path: Path) -> None:
    write(tmp_path, DOUBTFUL)

    done = flowrun(tmp_path, "flow.yaml")

    assert done.code == ExitCode.WRONG
    assert "flow.yaml:3:3: error: no value for parameter 'word'" in done.err
    assert done.err.endswith("1 error; the flow was not started.\n")


def test_parameter_given_to_it_counts(tmp_path: Path) -> None:
    write(tmp_path, DOUBTFUL)

    assert flowrun(tmp_path, "check", "flow.yaml", "--param", "word=x").out == "flow.yaml: no problems\n"


def test_json_is_a_list_of_problems(tmp_path: Path) -> None:
    write(tmp_path, WRONG)

    done = flowrun(tmp_path, "check", "--json", "flow.yaml")

    first, second = json.loads(done.out)
    assert (done.code, done.err) == (ExitCode.WRONG, "")
    assert (first["file"], first["line"], first["column"], first["severity"]) == ("flow.yaml", 7, 23, "error")
    assert second["message"] == "PutFile has no property 'Direktory'; did you mean 'Directory'?"


def test_json_of_a_right_flow_is_an_empty_list(tmp_path: Path) -> None:
    write(tmp_path, TICKS)

    assert json.loads(flowrun(tmp_path, "check", "--json", "flow.yaml").out) == []


def test_shipped_flows_have_no_errors(tmp_path: Path) -> None:
    assert flowrun(tmp_path, "check", *map(str, FLOWS.glob("*.yaml"))).code == ExitCode.OK


def test_plugin_that_cannot_be_imported_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    file = write(tmp_path / "plugins", "import sys\nimport no_such_module\n", "mine.py")
    write(tmp_path, TICKS)

    done = flowrun(tmp_path, "check", "flow.yaml")

    assert done.code == ExitCode.WRONG
    assert (
        f"{file}:2: this plug-in can't be imported: ModuleNotFoundError: No module named 'no_such_module'" in done.err
    )
