"""Several flows in one call: each by itself, one exit code for all."""

import json
import re
import signal
from pathlib import Path

import pytest
from tests.cli.program import JAM, TICKS, finish, run, start, write

from flowrun.cli.exit_codes import ExitCode


def two_flows(folder: Path, first: str = TICKS, second: str = JAM) -> tuple[Path, Path]:
    return write(folder, first, "first.yaml"), write(folder, second, "second.yaml")


def test_each_line_says_whose_it_is(tmp_path: Path) -> None:
    done = run(tmp_path, *two_flows(tmp_path), "--for", "300ms")

    assert done.code == ExitCode.OK
    lines = [*done.out.splitlines(), *done.err.splitlines()]
    assert {line.partition("│")[0] for line in lines} == {"first  ", "second "}
    assert "first  │ All is done: nothing is queued, nothing failed." in done.out


def test_log_and_summaries_go_where_those_of_one_flow_go(tmp_path: Path) -> None:
    done = run(tmp_path, *two_flows(tmp_path), "--for", "300ms")

    assert "INFO" not in done.out
    assert "processor " not in done.err


def test_flows_of_the_same_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, TICKS)

    done = run(tmp_path, "a/flow.yaml", "b/flow.yaml", "--once")

    assert {line.partition(" │")[0] for line in done.out.splitlines()} == {"a/flow.yaml", "b/flow.yaml"}


def test_options_are_those_of_every_flow(tmp_path: Path) -> None:
    flows = two_flows(tmp_path, TICKS, TICKS.replace("flow: ticks", "flow: tocks").replace("out}", "out2}"))

    done = run(tmp_path, "--param", "word=tock", *flows, "--once", "--state", "kept", "--trace", "--drain", "2.5 sec")

    assert done.code == ExitCode.OK
    assert sorted(folder.name for folder in (tmp_path / "kept").iterdir()) == ["ticks", "tocks"]
    assert [file.read_text() for name in ("out", "out2") for file in (tmp_path / name).iterdir()] == ["tock", "tock"]
    assert done.err.count("success") == 6


@pytest.mark.parametrize(
    ("second", "code"), [("flow: [", ExitCode.WRONG), (JAM, ExitCode.UNFINISHED), (TICKS, ExitCode.DEAD_LETTERS)]
)
def test_worst_code_is_that_of_the_call_and_the_other_flow_runs_on(tmp_path: Path, second: str, code: ExitCode) -> None:
    flows = two_flows(tmp_path, TICKS, second.replace("flow: ticks", "flow: tocks").replace("out}", "/dev/null}"))

    done = run(tmp_path, *flows, "--once", "--for", "500ms")

    assert done.code == code
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_summaries_in_json_are_one_list(tmp_path: Path) -> None:
    wrong = write(tmp_path, "flow: [", "wrong.yaml")

    done = run(tmp_path, *two_flows(tmp_path), wrong, "--once", "--for", "500ms", "--json")

    summaries = json.loads(done.out)
    assert [(summary["file"], summary["exit_code"]) for summary in summaries] == [
        (str(tmp_path / "first.yaml"), ExitCode.OK),
        (str(tmp_path / "second.yaml"), ExitCode.UNFINISHED),
        (str(wrong), ExitCode.WRONG),
    ]
    assert [summary.get("queued") for summary in summaries] == [0, 1, None]


def test_ctrl_c_reaches_all_of_them(tmp_path: Path) -> None:
    process = start(tmp_path, *two_flows(tmp_path, TICKS, TICKS.replace("flow: ticks", "flow: tocks")), "--trace")
    assert process.stderr is not None
    running: set[str] = set()
    while len(running) < 2:
        running |= set(re.findall(r"^\w+(?=.*success)", process.stderr.readline()))

    process.send_signal(signal.SIGINT)

    done = finish(process)
    assert done.code == ExitCode.OK
    assert done.err.count("stopping") == 2
    assert done.out.count("All is done") == 2
