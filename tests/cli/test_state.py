"""The state directory: one process, one flow file; and `flowrun state clear`."""

import os
import signal
from pathlib import Path

from tests.cli.in_process import run
from tests.cli.program import JAM, TICKS, finish, read_until, start, write

from flowrun.cli.exit_codes import ExitCode


def test_second_process_on_the_same_state_is_code_3(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    first = start(tmp_path, flow, "--trace")
    read_until(first, "success")

    second = run(tmp_path, flow, "--once")

    first.send_signal(signal.SIGINT)
    assert finish(first).code == ExitCode.OK
    assert second.code == ExitCode.IN_USE
    assert second.out == ""
    assert second.err.startswith("error: ")
    assert str(tmp_path / ".flowrun" / "ticks") in second.err
    assert len(second.err.splitlines()) == 1


def test_state_that_is_damaged_is_code_4_and_says_where(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    run(tmp_path, flow, "--for", "300ms")
    [journal] = (tmp_path / ".flowrun" / "ticks" / "journal").glob("*.journal")
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 0xFF
    journal.write_bytes(content)

    done = run(tmp_path, flow, "--once")

    assert done.code == ExitCode.DAMAGED
    assert done.err.splitlines()[-1].startswith("error: ")
    assert str(journal) in done.err.splitlines()[-1]


def test_next_run_once_finishes_what_was_queued_before_it_polls(tmp_path: Path) -> None:
    flow = write(tmp_path, JAM)
    run(tmp_path, flow, "--once", "--for", "200ms")

    done = run(tmp_path, flow, "--once", "--for", "200ms")

    assert "1 flowfile left in queues" in done.out


def test_state_of_another_flow_file_is_refused(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path, TICKS, "one.yaml"), "--once")

    done = run(tmp_path, write(tmp_path, TICKS, "two.yaml"), "--once")

    assert done.code == ExitCode.WRONG
    assert f"belongs to {tmp_path / 'one.yaml'}: give this flow another name" in done.err


def test_queued_flowfiles_without_their_connection_stop_the_start(tmp_path: Path) -> None:
    flow = write(tmp_path, JAM)
    run(tmp_path, flow, "--once", "--for", "200ms")
    write(tmp_path, JAM.replace("  save:", "  store:").replace("--> save", "--> store"))

    done = run(tmp_path, flow, "--once")

    assert done.code == ExitCode.WRONG
    assert "1 flowfile waits in the connection 'make -- success --> save', which the flow has no more" in done.err


def test_state_is_for_its_owner_only(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path, TICKS), "--once")

    folder = tmp_path / ".flowrun" / "ticks"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_clear_removes_it(tmp_path: Path) -> None:
    flow = write(tmp_path, JAM)
    run(tmp_path, flow, "--once", "--for", "200ms")

    done = run(tmp_path, "state", "clear", flow, "--yes")

    assert (done.code, done.out) == (ExitCode.OK, f"removed {tmp_path}/.flowrun/jam\n")
    assert not (tmp_path / ".flowrun" / "jam").exists()


def test_clear_asks_first_and_without_a_terminal_wants_a_yes(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    run(tmp_path, flow, "--once")

    done = run(tmp_path, "state", "clear", flow)

    assert done.code == ExitCode.WRONG
    assert done.err.startswith(f"error: say --yes to remove {tmp_path}/.flowrun/ticks and the flowfiles in it for good")
    assert (tmp_path / ".flowrun" / "ticks").exists()


def test_clear_is_content_if_there_is_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "state", "clear", write(tmp_path, TICKS))

    assert (done.code, done.out) == (ExitCode.OK, f"there is no state in {tmp_path}/.flowrun/ticks\n")


def test_clear_leaves_the_state_of_a_running_flow_alone(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    process = start(tmp_path, flow, "--trace")
    read_until(process, "success")

    done = run(tmp_path, "state", "clear", flow, "--yes")

    process.send_signal(signal.SIGINT)
    assert finish(process).code == ExitCode.OK
    assert done.code == ExitCode.IN_USE


def test_state_directory_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()

    done = run(tmp_path, write(tmp_path, TICKS), "--once", "--state", "kept")

    assert done.code == ExitCode.DAMAGED
    [line] = done.err.splitlines()
    assert line.startswith("error: ")
    assert os.sep + "ticks" in line
