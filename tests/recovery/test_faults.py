"""What disks and people do to a state directory, as who runs the flow meets it: what is said, exit code, no loss."""

import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.kit import Called, flowrun
from tests.cli.program import finish, read_until, start, write

from flowrun.cli.exit_codes import ExitCode

FLOW = """\
flow: faults
processors:
  get:
    type: GetFile
    schedule: {every: 20 ms}
    properties: {Input Directory: in, Polling Interval: 0 sec}
  save:
    type: PutFile
    enabled: false
    properties: {Directory: out, Conflict Resolution Strategy: replace}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - get --> save
"""
ENABLED = FLOW.replace("    enabled: false\n", "")
FILES = {f"{number}.txt": f"content of {number}\n" * 20 for number in range(5)}


def fill(folder: Path, names: dict[str, str]) -> None:
    (folder / "in").mkdir(exist_ok=True)
    for name, content in names.items():
        (folder / "in" / name).write_text(content)


@pytest.fixture
def queued(tmp_path: Path) -> Path:
    """A folder with a flow whose flowfiles wait on disk, and nowhere else."""
    fill(tmp_path, FILES)
    write(tmp_path, FLOW)
    assert flowrun(tmp_path, "run", "flow.yaml", "--once").code == ExitCode.UNFINISHED
    assert list((tmp_path / "in").iterdir()) == []
    write(tmp_path, ENABLED)
    return tmp_path


def state(folder: Path) -> Path:
    return folder / ".flowrun" / "faults"


def journal(folder: Path) -> Path:
    [file] = (state(folder) / "journal").glob("*.journal")
    return file


def run(folder: Path, *options: str) -> Called:
    return flowrun(folder, "run", "flow.yaml", "--once", *options)


def assert_all_arrive(folder: Path) -> None:
    done = run(folder)
    assert done.code == ExitCode.OK, done.err
    assert {path.name: path.read_text() for path in (folder / "out").iterdir()} == FILES


def flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 0x01
    file.write_bytes(data)


def test_a_torn_last_record_is_cut_off_and_said_in_the_summary(queued: Path) -> None:
    with journal(queued).open("ab") as file:
        file.write(b"\x40\0\0\0torn")

    done = run(queued)

    assert done.code == ExitCode.OK
    assert f"{journal(queued)} ended in 8 bytes of an unfinished record, which were cut off" in done.out
    assert {path.name for path in (queued / "out").iterdir()} == set(FILES)


def test_a_flipped_bit_in_the_journal_stops_the_start_with_file_and_place(queued: Path) -> None:
    flip(journal(queued), 100)
    damaged = journal(queued).read_bytes()

    done = run(queued)

    assert done.code == ExitCode.DAMAGED
    [line] = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert line.startswith(f"error: {journal(queued)} is damaged at byte ")
    assert "restore the state directory from a backup" in line
    assert journal(queued).read_bytes() == damaged
    flip(journal(queued), 100)
    assert_all_arrive(queued)


def test_a_flipped_bit_in_a_content_is_found_before_anybody_gets_it(queued: Path) -> None:
    [content] = (state(queued) / "content").glob("*.content")
    flip(content, 5)

    done = run(queued)

    assert done.code == ExitCode.DAMAGED
    assert (
        f"error: {content} is damaged between bytes 0 and {len(FILES['0.txt'])}: a content does not match" in done.err
    )
    assert not (queued / "out" / "0.txt").exists()
    flip(content, 5)
    assert_all_arrive(queued)


@pytest.mark.parametrize("kind", ["journal", "content"])
def test_a_file_that_is_gone_stops_the_start(kind: str, queued: Path) -> None:
    [file] = (state(queued) / kind).glob(f"*.{kind}")
    file.rename(queued / "kept")

    done = run(queued)

    assert done.code == (ExitCode.DAMAGED if kind == "content" else ExitCode.OK)
    if kind == "content":
        assert f"{file} is missing or too short" in done.err
        (queued / "kept").rename(file)
        assert_all_arrive(queued)


@pytest.mark.parametrize("kind", ["journal", "snapshot"])
def test_state_of_a_newer_version_is_refused_and_left_alone(kind: str, queued: Path) -> None:
    file = journal(queued)
    if kind == "snapshot":
        file = file.with_name("00000001.snapshot")
        file.write_bytes(b"flowrun\0S\0\0\0\1\0\0\0")
    data = bytearray(file.read_bytes())
    data[12] = 200
    file.write_bytes(data)

    done = run(queued)

    assert done.code == ExitCode.DAMAGED
    assert f"{file} was written by a newer flowrun (format 200, this one knows up to " in done.err
    assert "use that version, or another state directory" in done.err
    assert file.read_bytes() == bytes(data)


def test_a_second_process_is_refused_and_the_first_goes_on(queued: Path) -> None:
    process = start(queued, "flow.yaml", "--trace")
    read_until(process, "success")

    done = run(queued)

    process.send_signal(signal.SIGINT)
    assert finish(process).code == ExitCode.OK
    assert done.code == ExitCode.IN_USE
    assert f"another process (pid {process.pid}) holds the state directory {state(queued)}: stop it first" in done.err
    assert {path.name for path in (queued / "out").iterdir()} == set(FILES)


@pytest.mark.parametrize("fate", ["removed", "moved"])
def test_a_state_directory_that_goes_while_the_flow_runs_stops_it_before_a_source_is_removed(
    fate: str, tmp_path: Path
) -> None:
    write(tmp_path, ENABLED)
    fill(tmp_path, {"first.txt": "first"})
    process = start(tmp_path, "flow.yaml", "--trace")
    read_until(process, "success")
    while (tmp_path / "in" / "first.txt").exists() or not (tmp_path / "out" / "first.txt").exists():
        time.sleep(0.001)
    state(tmp_path).rename(tmp_path / "aside")
    if fate == "removed":
        shutil.rmtree(tmp_path / "aside")

    for number in range(50):
        fill(tmp_path, {f"late-{number}.txt": "late"})
    done = finish(process)

    assert done.code == ExitCode.DAMAGED
    assert "somebody removed or moved the state directory while the flow ran" in done.err
    assert "Traceback" not in done.err
    if fate == "moved":
        (tmp_path / "aside").rename(state(tmp_path))
    assert run(tmp_path).code == ExitCode.OK
    arrived = {path.name for path in (tmp_path / "out").iterdir()}
    assert arrived == {"first.txt", *(f"late-{number}.txt" for number in range(50))}


@pytest.mark.parametrize(("call", "after"), [("write", 3), ("fdatasync", 0), ("fsync", 0), ("fsync", 1), ("fsync", 2)])
def test_a_disk_that_fails_stops_the_flow_and_says_so(
    call: str, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, ENABLED)
    fill(tmp_path, FILES)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing(getattr(os, call), state(tmp_path), after=after))
        done = run(tmp_path)

    assert done.code == ExitCode.DAMAGED
    [line] = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert str(state(tmp_path)) in line
    assert "Input/output error" in line
    assert_all_arrive(tmp_path)


def test_a_disk_that_fails_when_read_stops_the_flow_and_says_so(queued: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "pread", failing(os.pread, state(queued) / "content", after=3))
        done = run(queued)

    assert done.code == ExitCode.DAMAGED
    assert ".content can't be read: Input/output error" in done.err
    assert_all_arrive(queued)


def failing(original: Callable[..., Any], folder: Path, *, after: int) -> Callable[..., Any]:
    """The system call, failing whenever it is for a file in that folder, but for the first times."""
    calls = 0

    def call(descriptor: int, *arguments: Any) -> Any:
        nonlocal calls
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(folder):
            calls += 1
            if calls > after:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        return original(descriptor, *arguments)

    return call


def test_a_full_disk_is_waited_for_and_the_flow_goes_on_by_itself(small_disk: Path, tmp_path: Path) -> None:
    write(tmp_path, ENABLED)
    fill(tmp_path, {f"{number}.txt": "x" * 8_000 for number in range(60)})
    filler = small_disk / "filler"
    filler.write_bytes(bytes(800_000))
    process = start(tmp_path, "flow.yaml", "--once", "--state", small_disk)

    said = read_until(process, "the disk is full")
    filler.unlink()
    done = finish(process)

    assert "Nothing more is taken until there is room" in said
    assert "there is room again" in done.err
    assert done.code == ExitCode.OK
    assert len(list((tmp_path / "out").iterdir())) == 60


def test_a_disk_that_is_read_only_is_said_before_anything_runs(small_disk: Path, tmp_path: Path) -> None:
    write(tmp_path, ENABLED)
    fill(tmp_path, FILES)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    done = run(tmp_path, "--state", str(small_disk))

    assert done.code == ExitCode.DAMAGED
    assert f"the state directory {small_disk}/faults can't be used: Read-only file system" in done.err
    assert len(list((tmp_path / "in").iterdir())) == len(FILES)
