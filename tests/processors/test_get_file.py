"""GetFile."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.processors.get_file_kit import names, runner_for

from flowrun.errors import RepositoryError
from flowrun.repository import Commit
from flowrun.repository.memory import MemoryRepository
from flowrun.testing import TestRunner
from flowrun_processors.get_file import GetFile, source
from flowrun_processors.get_file.file_attributes import file_attributes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def before_commit(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> None:
    commit = MemoryRepository.commit

    def spy(repository: MemoryRepository, value: Commit) -> None:
        action()
        commit(repository, value)

    monkeypatch.setattr(MemoryRepository, "commit", spy)


def test_a_file_becomes_a_flowfile_and_is_gone(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "order.json").write_text("{}")

    [output] = runner_for(folder).trigger()["success"]

    assert output.content == b"{}"
    assert output.attributes["filename"] == "order.json"
    assert output.attributes["path"] == "a/"
    assert output.attributes["absolute.path"] == f"{folder}/a/"
    assert list((folder / "a").iterdir()) == []


def test_what_the_file_system_tells_is_in_attributes(folder: Path) -> None:
    file = folder / "a"
    file.touch()
    file.chmod(0o4751)
    os.utime(file, (1_000_000_000, 1_100_000_000))

    [output] = runner_for(folder).trigger()["success"]

    assert output.attributes["file.permissions"] == "rwxr-x--x"
    assert output.attributes["file.lastModifiedTime"].startswith("2004-11-09T")
    assert output.attributes["file.lastAccessTime"].startswith("2001-09-0")
    assert output.attributes["file.creationTime"]
    assert output.attributes["file.owner"]
    assert output.attributes["file.group"]


def test_an_owner_without_a_name_is_a_number(folder: Path) -> None:
    (folder / "a").touch()
    try:
        os.chown(folder / "a", 54321, 54321)
    except PermissionError:
        pytest.skip("only root may give files away")

    [output] = runner_for(folder).trigger()["success"]

    assert (output.attributes["file.owner"], output.attributes["file.group"]) == ("54321", "54321")


def test_a_file_is_deleted_only_after_its_flowfile_was_committed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").touch()
    seen: list[bool] = []
    before_commit(monkeypatch, lambda: seen.append((folder / "a").exists()))

    runner_for(folder).trigger()

    assert seen[0]
    assert not (folder / "a").exists()


def test_a_commit_that_fails_leaves_the_file_for_the_next_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_text("data")

    def refuse(repository: MemoryRepository, commit: object) -> None:
        raise RepositoryError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryRepository, "commit", refuse)
        with pytest.raises(RepositoryError):
            runner_for(folder).trigger()
    [output] = runner_for(folder).trigger()["success"]

    assert output.content == b"data"


def test_a_file_that_was_written_to_since_it_was_read_is_not_deleted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_text("old")
    runner = runner_for(folder, {"Polling Interval": "0 sec"})
    with monkeypatch.context() as patch:
        before_commit(patch, lambda: (folder / "a").write_text("old and new"))
        [first] = runner.trigger()["success"]
    contents = [output.content for output in runner.trigger(times=2)["success"]]

    assert first.content == b"old"
    assert contents == [b"old and new"]


def test_a_file_that_took_the_place_of_the_one_read_is_not_deleted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_text("old")
    (folder / ".new").write_text("new")
    before_commit(monkeypatch, lambda: (folder / ".new").exists() and (folder / ".new").rename(folder / "a"))

    runner_for(folder).trigger()

    assert (folder / "a").read_text() == "new"


def test_a_file_that_can_not_be_deleted_is_said_and_comes_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").touch()

    def refuse(path: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "unlink", refuse)
    runner = runner_for(folder, {"Polling Interval": "0 sec"})
    first = runner.trigger()
    again = runner.trigger(times=2)

    assert names(first) == ["a"]
    assert "can't be deleted" in str(runner.trigger(times=2).bulletins[0])
    assert names(again) == ["a"]


def test_a_file_that_vanished_since_the_listing_ends_only_its_batch(folder: Path) -> None:
    for name in "abc":
        (folder / name).touch()
    get_file = GetFile({"Input Directory": str(folder), "Batch Size": "1"})
    runner = TestRunner(get_file)
    [first] = names(runner.trigger())
    gone, left = sorted({"a", "b", "c"} - {first})
    (folder / gone).unlink()

    outcomes = [runner.trigger(), runner.trigger()]

    assert sorted(names(outcomes[0]) + names(outcomes[1])) == [left]
    assert not any(outcome.failed for outcome in outcomes)
    [bulletin] = [bulletin for outcome in outcomes for bulletin in outcome.bulletins]
    assert "was not taken: No such file" in str(bulletin)
    assert not get_file.has_pending()


def test_a_batch_that_ends_early_delivers_what_it_has_and_the_rest_later(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcde":
        (folder / name).touch()
    attributes = file_attributes
    calls: list[str] = []

    def fail_at_the_third(path: str, folder: str, status: os.stat_result) -> dict[str, str]:
        calls.append(path)
        if len(calls) == 3:
            raise OSError(5, "Input/output error")
        return attributes(path, folder, status)

    monkeypatch.setattr(source, "file_attributes", fail_at_the_third)
    runner = runner_for(folder)
    first, second = runner.trigger(), runner.trigger()

    assert len(first["success"]) == 2
    assert len(second["success"]) == 2
    assert [path.name for path in folder.iterdir()] == [Path(calls[2]).name]


def test_a_file_that_grows_while_it_is_read_is_left_to_grow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").write_text("half")
    attributes = file_attributes

    def grow(path: str, folder: str, status: os.stat_result) -> dict[str, str]:
        with open(path, "a") as file:
            file.write(" and the other half")
        return attributes(path, folder, status)

    runner = runner_for(folder, {"Polling Interval": "0 sec"})
    with monkeypatch.context() as patch:
        patch.setattr(source, "file_attributes", grow)
        first = runner.trigger()
    [output] = runner.trigger()["success"]

    assert names(first) == []
    assert first.yielded
    assert "changed while it was read" in str(first.bulletins[0])
    assert output.content == b"half and the other half"


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 8, 23])
def test_content_arrives_whole_whatever_its_size(folder: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(source, "_PIECE", 4)
    (folder / "a").write_bytes(bytes(range(size)))

    runner = runner_for(folder)
    [output] = runner.trigger()["success"]

    assert output.content == bytes(range(size))
    assert runner.contents_held == 0


def test_an_unreadable_disk_in_the_middle_of_a_large_file_leaves_no_flowfile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a").write_bytes(b"x" * 10)
    monkeypatch.setattr(source, "_PIECE", 4)
    runner = runner_for(folder)

    def fail(self: object, data: bytes) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("flowrun.repository.memory.MemoryContentWriter.write", fail)
    triggered = runner.trigger()

    assert names(triggered) == []
    assert not triggered.failed
    assert (folder / "a").exists()


def test_a_name_that_is_no_utf8_is_taken_with_a_readable_name(folder: Path) -> None:
    with open(os.fsencode(folder) + b"/caf\xe9", "w") as file:
        file.write("x")

    [output] = runner_for(folder).trigger()["success"]

    assert output.attributes["filename"] == "caf\ufffd"
    assert list(folder.iterdir()) == []
