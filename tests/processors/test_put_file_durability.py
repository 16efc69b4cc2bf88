"""PutFile, when things go wrong: nothing half, nothing overwritten, nothing lost."""

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.processors.put_file_kit import fail_with, failed, files, runner_for

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository import Commit
from flowrun.repository.memory import MemoryContentRepository, MemoryRepository
from flowrun_processors.put_file import durable_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_a_file_is_replaced_without_a_moment_in_which_it_is_missing_or_half(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "f").write_text("old")
    runner = runner_for(folder, "replace")
    seen: list[dict[str, str]] = []
    fsync = os.fsync

    def spy(descriptor: int) -> None:
        seen.append(files(folder))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    [output] = runner.trigger(b"new", filename="f")["success"]

    assert seen == [{"f": "old", f".{output.attributes['uuid']}": "new"}, {"f": "new"}]


@pytest.mark.parametrize("conflict", ["fail", "ignore"])
def test_a_name_that_is_taken_at_the_last_moment_is_not_overwritten(
    folder: Path, monkeypatch: pytest.MonkeyPatch, conflict: str
) -> None:
    write_file = durable_file.write_file

    def race(*arguments: object) -> list[str]:
        (folder / "f").write_text("somebody else's")
        return write_file(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("flowrun_processors.put_file.write_file", race)
    triggered = runner_for(folder, conflict).trigger(b"mine", filename="f")

    assert len(triggered["failure" if conflict == "fail" else "success"]) == 1
    assert files(folder) == {"f": "somebody else's"}


@pytest.mark.parametrize("is_taken", [False, True])
def test_without_hard_links_a_name_is_still_taken_once_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_taken: bool
) -> None:
    def link(source: Path, target: Path) -> None:
        if is_taken:
            target.write_text("somebody else's")
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", link)
    triggered = runner_for(folder).trigger(b"mine", filename="f")

    assert len(triggered["failure"]) == is_taken
    assert files(folder) == {"f": "somebody else's" if is_taken else "mine"}


def test_without_hard_links_a_failed_rename_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", fail_with(errno.EPERM))
    monkeypatch.setattr(Path, "replace", fail_with(errno.EIO))

    failed(runner_for(folder).trigger(b"x", filename="f"))

    assert files(folder) == {}


@pytest.mark.parametrize("step", ["os.fsync", "shutil.copyfileobj", "pathlib.Path.replace"])
def test_whatever_fails_the_old_file_stays_and_no_other_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (folder / "f").write_text("old")
    runner = runner_for(folder, "replace")

    with monkeypatch.context() as patch:
        patch.setattr(step, fail_with(errno.ENOSPC))
        failed(runner.trigger(b"new", filename="f"))

    assert files(folder) == {"f": "old"}


def test_missing_rights_are_a_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", fail_with(errno.EACCES))

    failed(runner_for(folder).trigger(b"new", filename="f"))


def test_content_that_is_missing_stops_the_engine_and_leaves_no_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(repository: MemoryContentRepository, claim: ContentClaim) -> bytes:
        raise RepositoryError("content is missing")

    monkeypatch.setattr(MemoryContentRepository, "read", missing)

    with pytest.raises(RepositoryError):
        runner_for(folder).trigger(b"x", filename="f")
    assert files(folder) == {}


def test_what_a_crash_left_is_written_anew_even_if_it_is_linked_to_another_file(folder: Path) -> None:
    runner = runner_for(folder, "replace")
    flowfile = runner.enqueue(b"data", {"filename": "f"})
    (folder / "other").write_text("precious")
    os.link(folder / "other", folder / f".{flowfile.uuid}")

    runner.trigger()

    assert files(folder) == {"f": "data", "other": "precious"}


def test_a_batch_is_on_the_disk_with_its_directory_before_it_is_committed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = runner_for(folder / "new")
    for name in "abc":
        runner.enqueue(name.encode(), {"filename": name})
    synced: list[str] = []
    fsync, commit = os.fsync, MemoryRepository.commit

    def spy_on_fsync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    def spy_on_commit(repository: MemoryRepository, value: Commit) -> None:
        synced.append("commit")
        commit(repository, value)

    monkeypatch.setattr(os, "fsync", spy_on_fsync)
    monkeypatch.setattr(MemoryRepository, "commit", spy_on_commit)

    runner.trigger()

    before = synced[: synced.index("commit")]
    assert before.count(str(folder / "new")) == 1
    assert before.count(str(folder)) == 1
    assert len(before) == 5


def test_a_directory_that_can_not_be_synced_undoes_the_batch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowrun_processors.put_file.sync_directories", fail_with(errno.EIO))
    runner = runner_for(folder, "replace")

    triggered = runner.trigger(b"x", filename="f")

    assert triggered.failed
    assert len(runner.queued) == 1


def test_a_file_system_that_can_not_sync_directories_is_good_enough(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync
    refuse = fail_with(errno.EINVAL)
    monkeypatch.setattr(os, "fsync", lambda fd: (refuse if stat.S_ISDIR(os.fstat(fd).st_mode) else fsync)(fd))

    assert len(runner_for(folder).trigger(b"x", filename="f")["success"]) == 1


def test_a_directory_that_somebody_takes_away_again_does_not_undo_the_batch(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_away(directories: Iterable[Path]) -> None:
        folder.rename(folder.parent / "taken")
        durable_file.sync_directories(directories)

    monkeypatch.setattr("flowrun_processors.put_file.sync_directories", take_away)

    assert len(runner_for(folder).trigger(b"x", filename="f")["success"]) == 1
