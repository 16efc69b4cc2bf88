"""`flowrun status`: how a flow is, whether it runs or not."""

import json
import signal
from pathlib import Path
from textwrap import dedent

from tests.cli.kit import flowrun
from tests.cli.looked_into import DEAD, LETTERS, QUEUE, WAITING, ask, ask_for_json, prepare, ran, running, waiting
from tests.cli.program import write


def test_a_stopped_flow_says_what_waits_and_what_was_given_up(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    said = ask(tmp_path, "status", "flow.yaml")

    assert said.code == 0
    assert said.out.startswith("letters is stopped; the last change was ")
    assert str(tmp_path / ".flowrun" / "letters") in said.out
    assert "4 dead letters; 'flowrun dlq' shows and replays them:" in said.out
    assert "  save ─ failure: can't write to 'out': Not a directory (4 flowfiles)" in said.out


def test_a_flow_that_never_ran_is_empty_and_leaves_nothing_behind(tmp_path: Path) -> None:
    prepare(tmp_path, LETTERS)

    said = ask(tmp_path, "status", "flow.yaml")

    assert said.code == 0
    assert said.out.startswith("letters is stopped; nothing was ever queued\n")
    assert not (tmp_path / ".flowrun").exists()


def test_a_running_flow_says_since_when_and_what_each_processor_waits_for(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        said = ask(tmp_path, "status", "flow.yaml")
        report = ask_for_json(tmp_path, "status", "flow.yaml")

    assert said.out.startswith("letters has been running for ")
    assert f"(pid {process.pid}, since " in said.out
    states = {processor["name"]: processor["state"] for processor in report["status"]["processors"]}
    assert report["running"]
    assert report["pid"] == process.pid
    assert states["save"] == "disabled"
    assert states["mark"] == "nothing to do"
    assert report["oldest"].keys() == {QUEUE}


def test_the_latest_bulletins_of_a_running_flow_are_shown_without_secrets(tmp_path: Path) -> None:
    flow = prepare(tmp_path, LETTERS)
    with running(tmp_path, flow, queued=4, queue=DEAD):
        said = ask(tmp_path, "status", "flow.yaml")
        report = ask_for_json(tmp_path, "status", "flow.yaml")

    assert "latest bulletins:\n" in said.out
    assert "ERROR   save: dead letter: failure: can't write to 'out': Not a directory" in said.out
    assert report["causes"] == [
        {"processor": "save", "cause": "failure: can't write to 'out': Not a directory", "count": 4}
    ]


def test_a_full_queue_names_itself_at_the_processor_that_it_holds_back(tmp_path: Path) -> None:
    jam = """\
        flow: letters
        processors:
          make: {type: GenerateFlowFile, schedule: {every: 1 ms}}
          save: {type: LogAttribute, enabled: false, auto_terminate: [success]}
        connections:
          - {from: make, to: save, back_pressure: {objects: 2}}
        parameters: {key: {value: ""}}
    """
    with running(tmp_path, write(tmp_path, dedent(jam)), queued=2, queue="make -- success --> save"):
        said = ask(tmp_path, "status", "flow.yaml")

    assert "waits for room in 'make -- success --> save'" in said.out
    assert "  full  " in said.out


def test_a_flow_that_was_killed_is_stopped(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        said = ask(tmp_path, "status", "flow.yaml")

    assert (tmp_path / ".flowrun" / "letters" / "control").is_socket()
    assert said.code == 0
    assert said.out.startswith("letters is stopped")
    assert waiting(tmp_path) == {QUEUE: 4}


def test_a_process_that_does_not_answer_is_said_and_its_state_shown(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        (tmp_path / ".flowrun" / "letters" / "control").unlink()
        said = ask(tmp_path, "status", "flow.yaml")

    assert said.code == 0
    assert f"another process (pid {process.pid}) holds the state directory and does not answer" in said.err
    assert QUEUE in said.out


def test_a_queue_that_the_flow_has_no_more_is_shown(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    write(tmp_path, WAITING.replace("copy -- success --> save", "copy -- success --> store").replace("save:", "store:"))

    said = ask(tmp_path, "status", "flow.yaml")

    assert f"'{QUEUE}' is not in the flow any more, but still holds flowfiles" in said.out


def test_state_elsewhere_is_found_with_the_option(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING)
    flowrun(tmp_path, "run", "flow.yaml", "--once", "--for", "5s", "--state", "kept", "--param", "key=k")

    assert json.loads(flowrun(tmp_path, "status", "flow.yaml", "--json").out)["oldest"] == {}
    told = json.loads(flowrun(tmp_path, "status", "flow.yaml", "--state", "kept", "--json").out)
    assert told["oldest"].keys() == {QUEUE}
    assert told["state_directory"] == str(tmp_path / "kept" / "letters")


def test_state_in_memory_is_refused(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING)

    said = ask(tmp_path, "status", "flow.yaml", "--state", "memory")

    assert (said.code, said.out) == (2, "")
    assert "a flow whose queues are in memory can't be looked into" in said.err


def test_state_of_another_flow_file_is_refused(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    (tmp_path / "flow.yaml").rename(tmp_path / "other.yaml")

    said = ask(tmp_path, "status", "other.yaml")

    assert said.code == 2
    assert f"belongs to {tmp_path / 'flow.yaml'}" in said.err


def test_a_flow_file_that_is_wrong_says_where(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING.replace("PutFile", "PutFiel"))

    said = ask(tmp_path, "status", "flow.yaml")

    assert said.code == 2
    assert "did you mean 'PutFile'?" in said.err
