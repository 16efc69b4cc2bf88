"""PutFile."""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import pytest

from flowrun.errors import PropertyError, RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository import Commit
from flowrun.repository.memory import MemoryContentRepository, MemoryRepository
from flowrun.testing import Output, TestRunner, Triggered
from flowrun_processors.put_file import PutFile, durable_file
from flowrun_processors.put_file.permissions import Permissions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def umask() -> object:
    before = os.umask(0o022)
    yield None
    os.umask(before)


def runner_for(folder: Path, conflict: str = "fail", **properties: str) -> TestRunner:
    named = {name.replace("_", " "): value for name, value in properties.items()}
    return TestRunner(PutFile({"Directory": str(folder), "Conflict Resolution Strategy": conflict, **named}))


def failed(triggered: Triggered) -> Output:
    assert triggered["success"] == []
    assert not triggered.failed
    [output] = triggered["failure"]
    assert output.penalized
    return output


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)[1:]


def fail_with(number: int) -> Callable[..., None]:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_content_becomes_a_file_named_by_the_flowfile(folder: Path) -> None:
    [output] = runner_for(folder).trigger(b"data", filename="Größe 1.txt", other="kept")["success"]

    assert files(folder) == {"Größe 1.txt": "data"}
    assert output.content == b"data"
    assert output.attributes["other"] == "kept"


def test_the_directory_is_an_expression(folder: Path) -> None:
    runner_for(folder / "${region}" / "${customer}").trigger(b"x", filename="f", region="eu", customer="42")

    assert files(folder) == {"eu/42/f": "x"}


def test_a_relative_directory_is_relative_to_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    TestRunner(PutFile({"Directory": "sub"})).trigger(b"x", filename="f")

    assert files(folder) == {"sub/f": "x"}


def test_a_missing_directory_is_a_failure_unless_it_may_be_created(folder: Path) -> None:
    failed(runner_for(folder / "sub", Create_Missing_Directories="false").trigger(b"x"))

    assert list(folder.iterdir()) == []


def test_a_taken_name_is_a_failure_by_default(folder: Path) -> None:
    (folder / "f").write_text("old")

    output = failed(TestRunner(PutFile({"Directory": str(folder)})).trigger(b"new", filename="f"))

    assert output.content == b"new"
    assert files(folder) == {"f": "old"}


def test_a_taken_name_can_be_ignored(folder: Path) -> None:
    (folder / "f").write_text("old")

    [output] = runner_for(folder, "ignore").trigger(b"new", filename="f")["success"]

    assert output.content == b"new"
    assert files(folder) == {"f": "old"}


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


def test_replace_takes_the_place_of_an_empty_directory_but_not_of_a_filled_one(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "filled" / "deep").mkdir(parents=True)
    runner = runner_for(folder, "replace")
    runner.trigger(b"x", filename="empty")

    failed(runner.trigger(b"x", filename="filled"))
    assert files(folder) == {"empty": "x"}


@pytest.mark.parametrize("name", ["sub/x", "../x", "/x", "..", ".", "", "nul\0", "x" * 300, "\ud800"])
@pytest.mark.parametrize("conflict", ["fail", "ignore", "replace"])
def test_a_name_that_can_not_be_a_files_is_a_failure(folder: Path, name: str, conflict: str) -> None:
    (folder / "sub").mkdir()

    failed(runner_for(folder, conflict).trigger(b"x", filename=name))

    assert files(folder.parent) == {}
    assert (folder / "sub").is_dir()


@pytest.mark.parametrize("directory", ["${nothing}", "a\0b"])
def test_a_directory_that_can_not_be_one_is_a_failure(directory: str) -> None:
    failed(TestRunner(PutFile({"Directory": directory})).trigger(b"x"))


def test_a_file_in_the_directorys_place_is_a_failure(folder: Path) -> None:
    (folder / "file").write_text("old")

    failed(runner_for(folder / "file").trigger(b"x"))
    failed(runner_for(folder / "file" / "below").trigger(b"x"))
    assert files(folder) == {"file": "old"}


@pytest.mark.parametrize(
    ("limit", "name", "goes_to"),
    [
        ("4", "new", "success"),
        ("3", "new", "failure"),
        ("3", "f", "success"),
        ("2", "f", "failure"),
        ("0", "new", "failure"),
        ("-1", "new", "failure"),
    ],
)
def test_other_entries_of_any_kind_count_towards_the_maximum(folder: Path, limit: str, name: str, goes_to: str) -> None:
    (folder / "f").touch()
    (folder / ".hidden").touch()
    (folder / "sub").mkdir()

    triggered = runner_for(folder, "replace", Maximum_File_Count=limit).trigger(b"x", filename=name)

    assert len(triggered[goes_to]) == 1


def test_the_maximum_comes_before_the_conflict(folder: Path) -> None:
    (folder / "f").touch()
    (folder / "other").touch()

    failed(runner_for(folder, "ignore", Maximum_File_Count="1").trigger(b"x", filename="f"))


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


@pytest.mark.parametrize(
    ("permissions", "directory"),
    [("rw-r-----", "rwxr-x---"), ("640", "rwxr-x---"), ("077", "--xr-xr-x"), ("-wx--x---", "-wx--x---")],
)
def test_permissions_hold_for_the_file_and_with_x_for_new_directories(
    folder: Path, permissions: str, directory: str
) -> None:
    runner_for(folder / "a" / "b", Permissions=permissions).trigger(b"x", filename="f")

    assert int(oct((folder / "a/b/f").stat().st_mode)[-3:], 8) == Permissions.read(permissions).mode
    assert mode(folder / "a") == mode(folder / "a" / "b") == directory


def test_a_file_with_permissions_is_never_readable_by_more_people_on_the_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[str] = []
    copy = shutil.copyfileobj

    def spy(source: BinaryIO, target: BinaryIO, length: int) -> None:
        modes.extend(mode(path) for path in folder.iterdir())
        copy(source, target, length)

    monkeypatch.setattr("shutil.copyfileobj", spy)
    runner_for(folder, Permissions="640").trigger(b"x", filename="f")

    assert modes == ["rw-------"]


@pytest.mark.parametrize("text", ["", " ", "everything", "0644", "rwsr-xr-x"])
def test_permissions_from_an_attribute_that_are_none_are_left_to_the_umask(folder: Path, text: str) -> None:
    runner_for(folder, Permissions="${p}").trigger(b"x", filename="f", p=text)

    assert mode(folder / "f") == "rw-r--r--"


def test_the_time_of_the_file_can_be_set(folder: Path) -> None:
    runner_for(folder, Last_Modified_Time="${t}").trigger(b"x", filename="f", t="2015-03-04T05:06:07+0200")

    assert (folder / "f").stat().st_mtime == 1425438367


@pytest.mark.parametrize("text", ["yesterday", "2015-13-04T05:06:07+0200", "2015-03-04T05:06:07Z", "2015-03-04"])
def test_a_time_that_is_none_draws_a_warning(folder: Path, text: str) -> None:
    triggered = runner_for(folder, Last_Modified_Time=text).trigger(b"x", filename="f")

    assert len(triggered["success"]) == 1
    assert f"'Last Modified Time' can't be set to '{text}'" in str(triggered.bulletins[0])


@pytest.mark.parametrize("name", ["no-such-user-or-group", "99999999999999999999"])
@pytest.mark.parametrize("what", ["Owner", "Group"])
def test_an_owner_who_is_not_known_draws_a_warning(folder: Path, what: str, name: str) -> None:
    triggered = runner_for(folder, **{what: name}).trigger(b"x", filename="f")

    assert len(triggered["success"]) == 1
    assert f"'{what}' can't be set to '{name}'" in str(triggered.bulletins[0])


def test_owner_and_group_hold_for_the_file_and_for_new_directories(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append((user, group)))

    runner_for(folder / "a" / "b", Owner="4321", Group="root").trigger(b"x", filename="f")

    assert given == [(4321, -1), (-1, 0)] * 3


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("what", ["Owner", "Group", "Last_Modified_Time", "Permissions"])
def test_what_an_expression_leaves_blank_draws_a_warning(folder: Path, what: str, blank: str) -> None:
    triggered = runner_for(folder, **{what: "${b}"}).trigger(b"x", filename="f", b=blank)

    assert len(triggered["success"]) == 1
    assert "can't be set" in str(triggered.bulletins[0])


def test_an_expression_that_fails_puts_the_flowfile_back_for_the_directory_and_else_is_a_failure(folder: Path) -> None:
    broken = "${t:toDate('yyyy')}"

    assert runner_for(folder / broken).trigger(b"x", filename="f", t="nonsense").failed
    failed(runner_for(folder, Last_Modified_Time=broken).trigger(b"x", filename="f", t="nonsense"))


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "Directory"),
        ({"Directory": ""}, "not empty"),
        ({"Directory": "d", "Conflict Resolution Strategy": "Replace"}, "replace"),
        ({"Directory": "d", "Maximum File Count": "many"}, "whole number"),
        ({"Directory": "d", "Owner": ""}, "not empty"),
        ({"Directory": "d", "Group": ""}, "not empty"),
        ({"Directory": "d", "Permissions": "0644"}, "640"),
        ({"Directory": "d", "Permissions": "698"}, "640"),
        ({"Directory": "d", "Permissions": "rwxr-x"}, "640"),
        ({"Directory": "d", "Permissions": "rwsr-xr-x"}, "640"),
        ({"Directory": "d", "Permissions": ""}, "640"),
        ({"Directory": "d", "Permissions": "640\n"}, "640"),
    ],
)
def test_a_wrong_configuration_is_refused(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError, match=message):
        PutFile(properties).check()
