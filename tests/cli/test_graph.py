"""`flowrun graph`, as a user calls it."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

FLOWS = Path(__file__).parents[2] / "flows"
WRONG = """\
flow: wrong
processors:
  make: {type: GenerateFlowFile, properties: {Batch Sise: 3}, auto_terminate: [success]}
"""


def graph(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flowrun", "graph", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_mermaid_is_what_it_prints_unless_asked_for_more(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"))

    assert done.returncode == 0
    assert done.stdout.startswith("flowchart LR\n")
    assert done.stderr == ""


@pytest.mark.parametrize(("chosen", "beginning"), [("dot", 'digraph "hello" {'), ("text", "hello: "), ("svg", "<svg ")])
def test_every_format_can_be_asked_for(tmp_path: Path, chosen: str, beginning: str) -> None:
    assert graph(tmp_path, str(FLOWS / "hello.yaml"), "--format", chosen).stdout.startswith(beginning)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.svg", "<svg "), ("a.gv", "digraph"), ("a.DOT", "digraph"), ("a.txt", "hello"), ("a.mmd", "flowchart")],
)
def test_the_name_of_the_file_says_which_format_is_meant(tmp_path: Path, name: str, beginning: str) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"), "-o", name)

    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / name).read_text().startswith(beginning)


def test_a_flow_whose_parameters_have_no_values_is_drawn(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "xero_refresh.yaml"), "-o", "xero.svg")

    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(ElementTree.parse(tmp_path / "xero.svg").getroot().iter())) > 100
    assert not (tmp_path / ".flowrun").exists()


def test_a_flow_with_mistakes_is_drawn_and_the_mistakes_are_printed_beside_it(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG)
    done = graph(tmp_path, "wrong.yaml")

    assert done.returncode == 0
    assert "<b>make</b>" in done.stdout
    assert "wrong.yaml:3:47: error: 'Batch Sise' resembles the property 'Batch Size'" in done.stderr


def test_a_file_that_is_no_flow_can_t_be_drawn(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("- a\n- b\n")

    for name in ("list.yaml", "missing.yaml"):
        done = graph(tmp_path, name)
        assert (done.returncode, done.stdout) == (2, "")
        assert name in done.stderr


def test_a_file_that_can_t_be_written_is_one_line_of_error(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"), "-o", "no/such/folder/a.svg")

    assert done.returncode == 2
    assert "no/such/folder/a.svg" in done.stderr
    assert "Traceback" not in done.stderr


def test_plug_ins_beside_the_flow_are_known(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "flowrun", "init", "mine"], cwd=tmp_path, check=True, capture_output=True)

    done = graph(tmp_path, "mine/flow.yaml", "--format", "text")

    assert (done.returncode, done.stderr) == (0, "")
    assert "    ── too large ──✕ dead letter" in done.stdout
