"""A full disk: the engine takes nothing more, says so, goes on by itself when there is room, and loses nothing."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from tests.recovery.test_crash_points import FILES, arrived, fill, move_flow

from flowrun.bulletin import Bulletin, BulletinBoard
from flowrun.errors import RepositoryError
from flowrun.repository.disk import DiskRepository
from flowrun.repository.room import Room
from flowrun.runner import FlowRunner


def test_a_real_full_disk_is_waited_for(small_disk: Path, tmp_path: Path) -> None:
    fill(tmp_path)
    repository = DiskRepository(small_disk / "state")
    filler = small_disk / "filler"
    free = os.statvfs(small_disk)
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    os.posix_fallocate(descriptor, 0, free.f_bavail * free.f_frsize - 8192)
    os.close(descriptor)
    messages = []

    def make_room_when_told(bulletin: Bulletin) -> None:
        messages.append(bulletin.message)
        if "the disk is full" in bulletin.message:
            filler.unlink(missing_ok=True)

    outcome = FlowRunner(move_flow(tmp_path), repository, bulletins=BulletinBoard(listener=make_room_when_told)).run(
        once=True
    )
    repository.close()

    assert outcome.finished
    assert arrived(tmp_path) == FILES
    assert "the disk is full" in messages[0]
    assert "there is room again" in messages[1]


@pytest.mark.parametrize("call", ["write", "pwrite"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_each_write_is_tried_again_until_there_is_room(
    call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    repository = DiskRepository(tmp_path / "state")
    repository.room.interval = 0.001
    monkeypatch.setattr(os, call, failing(getattr(os, call), code, tmp_path / "state", every=3))

    outcome = FlowRunner(move_flow(tmp_path), repository).run(once=True)
    repository.close()

    assert outcome.finished
    assert arrived(tmp_path) == FILES


def test_a_stop_is_not_held_up_by_a_full_disk_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    repository = DiskRepository(tmp_path / "state")
    runner = FlowRunner(move_flow(tmp_path), repository, bulletins=BulletinBoard(listener=lambda _: runner.stop()))
    with monkeypatch.context() as full:
        full.setattr(os, "write", failing(os.write, errno.ENOSPC, tmp_path / "state", every=1, after=3))
        with pytest.raises(RepositoryError, match="No space left"):
            runner.run(once=True)
    repository.forget()
    again = DiskRepository(tmp_path / "state")
    FlowRunner(move_flow(tmp_path), again).run(once=True)
    again.close()

    assert arrived(tmp_path) == FILES


def test_a_stop_before_the_engine_has_begun_counts_too(tmp_path: Path) -> None:
    def write() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    room = Room()
    room.give_up()
    room.be_patient(lambda _: None)

    with pytest.raises(RepositoryError, match="No space left"):
        room.write(tmp_path, write)


def test_a_broken_disk_stops_the_engine_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    repository = DiskRepository(tmp_path / "state")
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", failing(os.write, errno.EIO, tmp_path / "state", every=4))
        with pytest.raises(RepositoryError, match="Input/output error"):
            FlowRunner(move_flow(tmp_path), repository).run(once=True)
    repository.forget()
    again = DiskRepository(tmp_path / "state")
    FlowRunner(move_flow(tmp_path), again).run(once=True)
    again.close()

    assert arrived(tmp_path) == FILES


def failing(original: Any, code: int, folder: Path, *, every: int, after: int = 0) -> Any:
    """The system call, failing at every n-th write to a file of that folder."""
    calls = 0

    def call(descriptor: int, *arguments: Any) -> int:
        nonlocal calls
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(folder):
            calls += 1
            if calls > after and calls % every == 0:
                raise OSError(code, os.strerror(code))
        return int(original(descriptor, *arguments))

    return call
