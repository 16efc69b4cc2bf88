"""Ctrl-C and SIGTERM: once to end in order, twice to end at once."""

import signal
import subprocess
from pathlib import Path

import pytest
from tests.cli.program import JAM, TICKS, finish, read_until, start, write

from flowrun.cli.exit_codes import ExitCode

SLOW = """\
import time
from flowrun import Processor, Relationship


class Slow(Processor):
    \"""Never gets done.\"""

    success = Relationship("success", "Every flowfile.")

    def process(self, session, flowfile):
        print("begun", flush=True)
        time.sleep(60)
"""
JAMMED = "flow: slow\nprocessors:\n  make: {type: GenerateFlowFile}\n  work: {type: Slow, auto_terminate: [success]}\n"
JAMMED += "connections:\n  - make --> work\n"


def slow_flow(folder: Path) -> Path:
    (folder / "plugins").mkdir()
    write(folder / "plugins", SLOW, "slow.py")
    return write(folder, JAMMED)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_the_run_in_order(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, write(tmp_path, TICKS), "--trace")
    read_until(process, "success")

    process.send_signal(number)

    done = finish(process)
    assert done.code == ExitCode.OK
    assert "stopping: what can move still moves, for 10 sec at most; a second Ctrl-C stops at once\n" in done.err
    assert done.out.endswith("All is done: nothing is queued, nothing failed.\n")


def test_penalized_flowfiles_stay_queued_and_are_counted(tmp_path: Path) -> None:
    process = start(tmp_path, write(tmp_path, JAM))
    read_until(process, "will be tried again")

    process.send_signal(signal.SIGINT)

    done = finish(process)
    assert done.code == ExitCode.OK
    assert "1 flowfile left in queues, 1 of them until a penalty ends; the next run goes on with them." in done.out


def test_flowfile_that_does_not_get_done_is_waited_for_as_long_as_drain_says(tmp_path: Path) -> None:
    process = start(tmp_path, slow_flow(tmp_path), "--drain", "100ms")
    read_until(process, "begun")

    process.send_signal(signal.SIGINT)

    assert finish(process).code == ExitCode.OK


def test_signal_ends_a_run_once_without_code_5(tmp_path: Path) -> None:
    process = start(tmp_path, write(tmp_path, JAM), "--once")
    read_until(process, "will be tried again")

    process.send_signal(signal.SIGINT)

    assert finish(process).code == ExitCode.OK


def stop_twice(process: "subprocess.Popen[str]") -> str:
    """Stop it, and again when it says that it is stopping; gives what it says then."""
    read_until(process, "begun")
    process.send_signal(signal.SIGINT)
    read_until(process, "stopping")
    process.send_signal(signal.SIGINT)
    done = finish(process)
    assert done.code == ExitCode.INTERRUPTED
    return done.err


def test_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    said = stop_twice(start(tmp_path, slow_flow(tmp_path)))

    assert said == "stopped at once, nothing is lost\n"


def test_second_signal_says_what_is_lost_with_a_state_in_memory(tmp_path: Path) -> None:
    said = stop_twice(start(tmp_path, slow_flow(tmp_path), "--state", "memory"))

    assert said == "stopped at once; what was queued in memory is gone\n"


def test_flowfile_that_was_being_worked_on_is_there_in_the_next_run(tmp_path: Path) -> None:
    flow = slow_flow(tmp_path)
    stop_twice(start(tmp_path, flow))
    write(tmp_path / "plugins", SLOW.replace("time.sleep(60)", "session.transfer(flowfile, self.success)"), "slow.py")

    process = start(tmp_path, flow, "--for", "1s")

    assert finish(process).err.count("begun") == 2
