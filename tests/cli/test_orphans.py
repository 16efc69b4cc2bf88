"""A flow file changed between two runs, and flowfiles wait in a connection that it has no more: `--orphans`."""

from pathlib import Path

import pytest
from tests.cli.kit import Called, flowrun
from tests.cli.looked_into import ask_for_json, wait_until
from tests.cli.program import finish, start, write

from flowrun.cli.exit_codes import ExitCode

BEFORE = """\
flow: orphans
processors:
  get:
    type: GetFile
    properties: {Input Directory: in, Polling Interval: 0 sec}
  save:
    type: PutFile
    enabled: false
    properties: {Directory: out}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - get -- success --> save
"""
AFTER = BEFORE.replace("save", "store").replace("    enabled: false\n", "")
"""The last processor has another name, and works."""
LOST = "get -- success --> save"
NAMES = ["a.txt", "b.txt", "c.txt"]


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A folder with the flow as it is now, and three flowfiles in a connection that it had."""
    (tmp_path / "in").mkdir()
    for name in NAMES:
        (tmp_path / "in" / name).write_text(f"content of {name}")
    write(tmp_path, BEFORE)
    assert run(tmp_path).code == ExitCode.UNFINISHED
    write(tmp_path, AFTER)
    return tmp_path


def run(folder: Path, *options: str) -> Called:
    return flowrun(folder, "run", "flow.yaml", "--once", *options)


def arrived(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out").iterdir()) if (folder / "out").exists() else []


def orphaned(folder: Path) -> dict[str, int]:
    queues = ask_for_json(folder, "queue", "list", "flow.yaml")
    return {queue["id"]: queue["queued"] for queue in queues if queue["orphaned"]}


def test_without_a_word_the_start_is_refused_with_the_list_and_the_mend(changed: Path) -> None:
    done = run(changed)

    assert done.code == ExitCode.WRONG
    *_, line, ending = done.err.splitlines()
    assert line.startswith(f"flow.yaml:1:7: error: 3 flowfiles wait in the connection '{LOST}', which the flow has no")
    assert "--orphans (keep, drop or move:CONNECTION)" in line
    assert ending == "1 error; nothing was started."
    assert orphaned(changed) == {LOST: 3}


def test_kept_ones_are_shown_as_orphaned_and_move_when_their_connection_is_back(changed: Path) -> None:
    kept = run(changed, "--orphans", "keep")

    assert kept.code == ExitCode.OK
    assert f"3 flowfiles were kept in the connection '{LOST}', which the flow has no more" in kept.out
    assert orphaned(changed) == {LOST: 3}
    assert f"{LOST} (orphaned)" in flowrun(changed, "status", "flow.yaml").out
    assert arrived(changed) == []

    write(changed, BEFORE.replace("    enabled: false\n", ""))
    done = run(changed)

    assert done.code == ExitCode.OK
    assert arrived(changed) == NAMES


def test_moved_ones_go_on_from_where_they_were_moved_to(changed: Path) -> None:
    done = run(changed, "--orphans", "move:get --> store")

    assert done.code == ExitCode.OK
    assert f"3 flowfiles were moved to 'get -- success --> store', as asked for: they waited in '{LOST}'" in (
        done.out.replace("in the connection", "in")
    )
    assert arrived(changed) == NAMES
    assert orphaned(changed) == {}


def test_dropped_ones_are_counted(changed: Path) -> None:
    done = run(changed, "--orphans", "drop")

    assert done.code == ExitCode.OK
    assert "3 flowfiles were dropped, as asked for" in done.out
    assert "3 flowfiles were dropped, as asked for" in done.err
    assert arrived(changed) == []
    assert run(changed).code == ExitCode.OK


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("move:get --> stroe", "the flow has no connection 'get --> stroe'; did you mean 'get -- success --> store'?"),
        ("move:", "expected 'keep', 'drop' or 'move:CONNECTION', found 'move:'"),
        ("forget", "expected 'keep', 'drop' or 'move:CONNECTION', found 'forget'"),
        ("drop:all", "expected 'keep', 'drop' or 'move:CONNECTION', found 'drop:all'"),
    ],
)
def test_what_is_no_answer_starts_nothing_and_says_what_would_be_one(written: str, said: str, changed: Path) -> None:
    done = run(changed, "--orphans", written)

    assert done.code == ExitCode.WRONG
    assert said in done.err
    assert orphaned(changed) == {LOST: 3}


def test_dead_letters_of_a_processor_that_is_gone_can_be_moved_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    (tmp_path / "out").write_text("in the way")
    write(tmp_path, BEFORE.replace("    enabled: false\n", ""))
    assert run(tmp_path).code == ExitCode.DEAD_LETTERS
    (tmp_path / "out").unlink()
    write(tmp_path, AFTER)

    done = run(tmp_path, "--orphans", "move:get --> store")

    assert done.code == ExitCode.OK
    assert arrived(tmp_path) == ["a.txt"]


def test_of_several_flows_each_does_so(changed: Path) -> None:
    write(changed, AFTER.replace("flow: orphans", "flow: other"), "other.yaml")

    done = flowrun(changed, "run", "flow.yaml", "other.yaml", "--once", "--orphans", "move:get --> store")

    assert done.code == ExitCode.OK
    assert arrived(changed) == NAMES


def test_a_running_flow_shows_what_it_keeps_and_lets_it_be_exported_and_purged(changed: Path) -> None:
    process = start(changed, "flow.yaml", "--orphans", "keep")
    wait_until((changed / ".flowrun" / "orphans" / "control").is_socket)
    wait_until(lambda: flowrun(changed, "status", "flow.yaml").out.startswith("orphans has been running"))

    status = flowrun(changed, "status", "flow.yaml").out
    exported = flowrun(changed, "queue", "export", "flow.yaml", LOST, "saved")
    purged = flowrun(changed, "queue", "purge", "flow.yaml", LOST, "--yes")
    process.terminate()

    assert "still holds flowfiles: they stay until it is back, or until 'flowrun queue purge' drops them" in status
    assert "exported 3 flowfiles" in exported.out
    assert purged.out == f"dropped 3 flowfiles from '{LOST}'\n"
    assert finish(process).code == ExitCode.OK
    assert orphaned(changed) == {}
