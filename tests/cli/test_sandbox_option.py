"""`--sandbox`: a stand-in plays the outside world, and the flow is pointed at it."""

from pathlib import Path

import pytest
from tests.cli.in_process import run
from tests.cli.program import TICKS, finish, read_until, start, write

from flowrun.cli.exit_codes import ExitCode

STAND_IN = "def start(folder):\n    (folder / 'begun').touch()\n    return {'word': 'played'}\n"


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    write(tmp_path, STAND_IN, "flow.sandbox.py")
    return write(tmp_path, TICKS)


def contents(folder: Path) -> list[str]:
    return [file.read_text() for file in (folder / "out").iterdir()]


def test_parameters_are_those_of_the_stand_in(tmp_path: Path, flow: Path) -> None:
    done = run(tmp_path, flow, "--once", "--sandbox")

    assert done.code == ExitCode.OK
    assert contents(tmp_path) == ["played"]


def test_parameter_of_the_command_line_wins(tmp_path: Path, flow: Path) -> None:
    run(tmp_path, flow, "--once", "--sandbox", "--param", "word=mine")

    assert contents(tmp_path) == ["mine"]


def test_place_of_its_data_is_told(tmp_path: Path, flow: Path) -> None:
    done = run(tmp_path, flow, "--once", "--sandbox")

    folder = tmp_path / ".flowrun" / "sandbox" / "flow"
    assert f"the outside world is played by {tmp_path}/flow.sandbox.py; its data lies in {folder}\n" in done.err
    assert (folder / "begun").exists()


def test_second_run_is_refused_at_once_and_does_not_wait_for_the_stand_in(tmp_path: Path, flow: Path) -> None:
    first = start(tmp_path, flow, "--sandbox", "--trace")
    read_until(first, "success")

    second = run(tmp_path, flow, "--once", "--sandbox")

    first.terminate()
    assert finish(first).code == ExitCode.OK
    assert second.code == ExitCode.IN_USE


def test_stand_in_that_does_not_start_is_told_in_one_line(tmp_path: Path, flow: Path) -> None:
    write(tmp_path, "def start(folder):\n    raise OSError('no port is free')\n", "flow.sandbox.py")

    done = run(tmp_path, flow, "--once", "--sandbox")

    assert done.code == ExitCode.WRONG
    assert "the sandbox did not start: OSError: no port is free; see " in done.err
    assert "Traceback" not in done.err
