"""`flowrun du`: what holds the disk."""

from pathlib import Path

from tests.cli.kit import flowrun
from tests.cli.looked_into import DEAD, LETTERS, QUEUE, WAITING, ask, ask_for_json, prepare, ran, running
from tests.cli.program import write


def test_contents_are_told_by_connection_and_add_up_with_the_rest(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    told = ask_for_json(tmp_path, "du", "flow.yaml")
    said = ask(tmp_path, "du", "flow.yaml")

    [letters] = told["connections"]
    assert (letters["id"], letters["queued"], letters["orphaned"]) == (DEAD, 4, False)
    assert letters["size"] > 4 * len("Dear 0")
    assert told["journal"] > 0
    assert told["contents"] >= letters["size"] + told["unclaimed_contents"]
    parts = ("journal", "snapshot", "history", "contents", "swap", "other")
    assert told["total"] == sum(told[part] for part in parts)
    assert told["total"] == sum(
        path.stat().st_blocks * 512 for path in (tmp_path / ".flowrun").rglob("*") if path.is_file()
    )
    assert f" in {tmp_path}/.flowrun/letters\n" in said.out
    assert f"  in '{DEAD}'" in said.out


def test_a_running_flow_is_asked(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE):
        told = ask_for_json(tmp_path, "du", "flow.yaml")

    assert [(queue["id"], queue["queued"]) for queue in told["connections"]] == [(QUEUE, 4)]


def test_what_the_flow_has_no_more_is_marked(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    write(tmp_path, WAITING.replace("  save:", "  store:").replace("--> save", "--> store"))

    told = ask_for_json(tmp_path, "du", "flow.yaml")
    said = ask(tmp_path, "du", "flow.yaml")

    assert [(queue["id"], queue["orphaned"]) for queue in told["connections"]] == [(QUEUE, True)]
    assert f"  in '{QUEUE}' (orphaned)" in said.out


def test_a_flow_that_never_ran_takes_nothing(tmp_path: Path) -> None:
    prepare(tmp_path, LETTERS)

    told = ask_for_json(tmp_path, "du", "flow.yaml")

    assert told["total"] == 0
    assert told["connections"] == []


def test_a_state_directory_of_another_flow_is_refused(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    write(tmp_path, LETTERS, "other.yaml")

    assert flowrun(tmp_path, "du", "other.yaml").code == 2
