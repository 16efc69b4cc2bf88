"""kill -9 of the real command, at moments nobody chose."""

import os
import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

FLOW = """
flow: count
processors:
  get:
    type: GetFile
    schedule: {every: 1 ms}
    properties: {Input Directory: in, Polling Interval: 0 sec, Batch Size: 50}
  mark: {type: UpdateAttribute, properties: {kind: "${filename:substringAfterLast('.')}"}}
  route:
    type: RouteOnAttribute
    properties: {even: "${filename:substringBefore('.'):mod(2):equals(0)}"}
  put-even:
    type: PutFile
    properties: {Directory: out/even, Conflict Resolution Strategy: replace}
    auto_terminate: [success]
    dead_letter: [failure]
  put-odd:
    type: PutFile
    properties: {Directory: out/odd, Conflict Resolution Strategy: replace}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - get --> mark
  - mark --> route
  - route -- even --> put-even
  - route -- unmatched --> put-odd
"""


def start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flowrun", "count.yaml", *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def fill(folder: Path, count: int) -> None:
    (folder / "count.yaml").write_text(FLOW)
    (folder / "in").mkdir()
    for number in range(count):
        (folder / "in" / f"{number}.txt").write_text(f"content of {number}\n" * 20)


def assert_all_arrived(folder: Path, count: int) -> None:
    arrived = {path.name: path for path in (folder / "out").rglob("*.txt")}
    assert len(arrived) == count
    for number in range(count):
        path = arrived[f"{number}.txt"]
        assert path.parent.name == ("odd" if number % 2 else "even")
        assert path.read_text() == f"content of {number}\n" * 20
    assert list((folder / "in").iterdir()) == []
    assert [path for path in (folder / "out").rglob(".*") if path.is_file()] == []


def kill_and_finish(folder: Path, count: int, kills: int, seed: int) -> None:
    dice = random.Random(seed)
    fill(folder, count)
    for _ in range(kills):
        process = start(folder)
        try:
            process.wait(timeout=0.25 + dice.random() * 0.6)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    finished = start(folder, "--once")

    assert finished.wait(timeout=600) == 0
    assert_all_arrived(folder, count)


def test_two_thousand_files_arrive_once_each_though_the_process_is_killed_again_and_again(tmp_path: Path) -> None:
    kill_and_finish(tmp_path, 2000, kills=5, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_thousand_files_arrive_once_each_though_the_process_is_killed(tmp_path: Path) -> None:
    kill_and_finish(tmp_path, 100_000, kills=12, seed=2)


def test_ctrl_c_stops_in_order_and_says_so(tmp_path: Path) -> None:
    fill(tmp_path, 100)
    process = start(tmp_path)
    while any((tmp_path / "in").iterdir()):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=20) == 0
    assert_all_arrived(tmp_path, 100)
