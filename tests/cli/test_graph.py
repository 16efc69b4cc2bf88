"""`flowrun graph`, as a user calls it."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.cli.kit import Called, flowrun

FLOWS = Path(__file__).parents[2] / "flows"
WRONG = """\
flow: wrong
processors:
  make: {type: GenerateFlowFile, properties: {Batch Sise: 3}, auto_terminate: [success]}
"""


def graph(folder: Path, *words: str) -> Called:
    return flowrun(folder, "graph", *words)


def test_mermaid_is_what_it_prints_unless_asked_for_more(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"))

    assert done.code == 0
    assert done.out.startswith("flowchart LR\n")
    assert done.err == ""


@pytest.mark.parametrize(("chosen", "beginning"), [("dot", 'digraph "hello" {'), ("text", "hello: "), ("svg", "<svg ")])
def test_every_format_can_be_asked_for(tmp_path: Path, chosen: str, beginning: str) -> None:
    assert graph(tmp_path, str(FLOWS / "hello.yaml"), "--format", chosen).out.startswith(beginning)


@pytest.mark.parametrize(
    ("name", "beginning"),
    [("a.svg", "<svg "), ("a.gv", "digraph"), ("a.DOT", "digraph"), ("a.txt", "hello"), ("a.mmd", "flowchart")],
)
def test_the_name_of_the_file_says_which_format_is_meant(tmp_path: Path, name: str, beginning: str) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"), "-o", name)

    assert (done.code, done.out) == (0, "")
    assert (tmp_path / name).read_text().startswith(beginning)


def test_a_flow_whose_parameters_have_no_values_is_drawn(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "xero_refresh.yaml"), "-o", "xero.svg")

    assert (done.code, done.err) == (0, "")
    assert len(list(ElementTree.parse(tmp_path / "xero.svg").getroot().iter())) > 100
    assert not (tmp_path / ".flowrun").exists()


def test_a_flow_with_mistakes_is_drawn_and_the_mistakes_are_printed_beside_it(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG)
    done = graph(tmp_path, "wrong.yaml")

    assert done.code == 0
    assert "<b>make</b>" in done.out
    assert "wrong.yaml:3:47: error: 'Batch Sise' resembles the property 'Batch Size'" in done.err


def test_a_file_that_is_no_flow_can_t_be_drawn(tmp_path: Path) -> None:
    (tmp_path / "list.yaml").write_text("- a\n- b\n")

    for name in ("list.yaml", "missing.yaml"):
        done = graph(tmp_path, name)
        assert (done.code, done.out) == (2, "")
        assert name in done.err


def test_a_file_that_can_t_be_written_is_one_line_of_error(tmp_path: Path) -> None:
    done = graph(tmp_path, str(FLOWS / "hello.yaml"), "-o", "no/such/folder/a.svg")

    assert done.code == 2
    assert "no/such/folder/a.svg" in done.err
    assert "Traceback" not in done.err


def test_plug_ins_beside_the_flow_are_known(tmp_path: Path) -> None:
    flowrun(tmp_path, "init", "mine")

    done = graph(tmp_path, "mine/flow.yaml", "--format", "text")

    assert (done.code, done.err) == (0, "")
    assert "    ── too large ──✕ dead letter" in done.out
