"""`flowrun init`: what it makes runs as it stands."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.kit import flowrun


def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    assert flowrun(tmp_path, "init", "my-flow").code == 0
    return tmp_path


def test_the_flow_runs_as_it_stands(made: Path) -> None:
    done = call(made, sys.executable, "-m", "flowrun", "my-flow/flow.yaml", "--once", "--param", "signer=Ada")

    assert done.returncode == 0, done.stderr
    assert (made / "data" / "my-flow" / "letter.txt").read_text().startswith("Dear reader,\nYours, Ada, 2")


def test_the_flow_has_no_problems_at_all(made: Path) -> None:
    assert flowrun(made, "check", "--strict", "my-flow/flow.yaml") == (0, "my-flow/flow.yaml: no problems\n", "")


def test_its_tests_pass_as_they_stand(made: Path) -> None:
    done = call(made, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "my-flow")

    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_it_says_what_it_made_and_what_to_do_next(tmp_path: Path) -> None:
    done = flowrun(tmp_path, "init", "a flow")

    assert "a flow/plugins/append_line.py" in done.out
    assert "flowrun 'a flow/flow.yaml' --once" in done.out
    assert "flow: a-flow\n" in (tmp_path / "a flow" / "flow.yaml").read_text()


def test_it_overwrites_nothing(made: Path) -> None:
    flow = made / "my-flow" / "flow.yaml"
    flow.write_text("mine")
    done = flowrun(made, "init", "my-flow")

    assert done.code == 2
    assert "nothing was changed" in done.err
    assert flow.read_text() == "mine"


def test_it_can_fill_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert flowrun(tmp_path / "empty", "init", ".").code == 0
    assert "flow: empty\n" in (tmp_path / "empty" / "flow.yaml").read_text()


@pytest.mark.parametrize("name", ["!!!", "flow.yaml/x"])
def test_a_name_that_can_t_be_is_refused_without_a_trace(tmp_path: Path, name: str) -> None:
    (tmp_path / "flow.yaml").write_text("a file")
    done = flowrun(tmp_path, "init", name)

    assert done.code == 2
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["flow.yaml"]
