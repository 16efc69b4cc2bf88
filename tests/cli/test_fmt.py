"""`flowrun fmt`: which files it writes, what it says, and how it ends."""

import codecs
from pathlib import Path

import pytest
from tests.cli.kit import flowrun

OLD = """\
processors:
  make: {properties: {Custom Text: hi}, type: GenerateFlowFile}   # a source
  fetch:
    auto_terminate: [Original, Response, Retry, No Retry, Failure]
    # NiFi 1's names
    properties: {Remote URL: "http://localhost/"}
    type: org.apache.nifi.processors.standard.InvokeHTTP
flow: old
connections:
  - make -- success --> fetch
"""
NEW = """\
flow: old
processors:
  make: {type: GenerateFlowFile, properties: {Custom Text: hi}}   # a source
  fetch:
    type: InvokeHttp
    # NiFi 1's names
    properties: {HTTP URL: "http://localhost/"}
    auto_terminate: [Original, Response, Retry, No Retry, Failure]
connections:
  - make -- success --> fetch
"""
WRONG = "flow: wrong\nprocessors: {a: {tipe: GetFile}}\n"


def write(folder: Path, text: str, name: str = "flow.yaml") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def test_a_flow_is_rewritten_in_its_own_layout(tmp_path: Path) -> None:
    file = write(tmp_path, OLD)

    called = flowrun(tmp_path, "fmt", "flow.yaml")

    assert called == (0, "flow.yaml: formatted, 5 changes\n", "")
    assert file.read_text() == NEW


def test_a_formatted_flow_is_not_touched(tmp_path: Path) -> None:
    file = write(tmp_path, NEW)
    before = file.stat()

    assert flowrun(tmp_path, "fmt", "flow.yaml") == (0, "flow.yaml: nothing to change\n", "")
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_ino == before.st_ino


def test_check_lists_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, OLD)

    called = flowrun(tmp_path, "fmt", "--check", "flow.yaml")

    assert called.code == 2
    assert called.out.splitlines() == [
        "flow.yaml:2:41: 'type' belongs before 'properties'",
        "flow.yaml:6:18: the property 'Remote URL' is called 'HTTP URL' now",
        "flow.yaml:7:5: 'type' belongs before 'auto_terminate'",
        "flow.yaml:7:11: the type 'org.apache.nifi.processors.standard.InvokeHTTP' is called 'InvokeHttp' here",
        "flow.yaml:8:1: 'flow' belongs before 'processors'",
        "flow.yaml: 5 changes",
    ]
    assert file.read_text() == OLD


def test_check_of_a_formatted_flow_ends_well(tmp_path: Path) -> None:
    write(tmp_path, NEW)

    assert flowrun(tmp_path, "fmt", "--check", "flow.yaml").code == 0


def test_a_flow_with_errors_is_left_alone_and_the_others_are_formatted(tmp_path: Path) -> None:
    wrong, right = write(tmp_path, WRONG, "wrong.yaml"), write(tmp_path, OLD, "right.yaml")

    called = flowrun(tmp_path, "fmt", "wrong.yaml", "missing.yaml", "right.yaml")

    assert called.code == 2
    assert "wrong.yaml:2:18: error: unknown key 'tipe'; did you mean 'type'?" in called.err
    assert "1 error; wrong.yaml was not formatted." in called.err
    assert "missing.yaml was not formatted." in called.err
    assert (wrong.read_text(), right.read_text()) == (WRONG, NEW)


def test_mode_and_byte_order_mark_and_links_stay(tmp_path: Path) -> None:
    file = tmp_path / "target.yaml"
    file.write_bytes(codecs.BOM_UTF8 + OLD.encode())
    file.chmod(0o640)
    link = tmp_path / "flow.yaml"
    link.symlink_to(file)

    assert flowrun(tmp_path, "fmt", "flow.yaml").code == 0

    assert link.is_symlink()
    assert file.read_bytes() == codecs.BOM_UTF8 + NEW.encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flow.yaml", "target.yaml"]


def test_a_file_that_can_t_be_replaced_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, OLD)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    called = flowrun(tmp_path, "fmt", "flow.yaml")

    assert called.code == 2
    assert "error: flow.yaml can't be written: No space left on device" in called.err
    assert file.read_text() == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["flow.yaml"]


def test_types_of_plug_ins_are_known(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "shout.py").write_text(
        "from flowrun import Processor, Property, Relationship\n"
        "class Shout(Processor):\n"
        '    """Shout."""\n'
        '    text = Property("Text", str, "What.", former_names=("Word",))\n'
        '    success = Relationship("success", "All.")\n'
    )
    file = write(tmp_path, "flow: x\nprocessors: {a: {type: SHOUT, properties: {Word: hi}}}\n")

    assert flowrun(tmp_path, "fmt", "flow.yaml").code == 0
    assert file.read_text() == "flow: x\nprocessors: {a: {type: Shout, properties: {Text: hi}}}\n"


def test_what_the_project_s_flows_say_is_formatted() -> None:
    flows = Path(__file__).parents[2] / "flows"

    assert flowrun(flows, "fmt", "--check", *sorted(path.name for path in flows.glob("*.yaml"))).code == 0
