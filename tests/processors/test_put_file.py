"""PutFile."""

import os
from pathlib import Path

import pytest
from tests.processors.put_file_kit import failed, files, runner_for

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.put_file import PutFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


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


SINCE = "2026-08-01T09:30:00+0000"
CHANGED_LATER = 1_785_576_601


def guarded(folder: Path, since: str = SINCE) -> TestRunner:
    return runner_for(folder, "replace", Replace_Only_If_Unmodified_Since=since)


@pytest.mark.parametrize("earlier", [0, 1, 3600])
def test_file_that_was_not_changed_since_is_replaced(folder: Path, earlier: int) -> None:
    (folder / "f").write_text("old")
    os.utime(folder / "f", (0, CHANGED_LATER - 0.1 - earlier))

    guarded(folder).trigger(b"new", filename="f")

    assert files(folder) == {"f": "new"}


def test_file_that_somebody_changed_meanwhile_stays(folder: Path) -> None:
    (folder / "f").write_text("newer")
    os.utime(folder / "f", (0, CHANGED_LATER))

    failed(guarded(folder).trigger(b"late", filename="f"))

    assert files(folder) == {"f": "newer"}


def test_newer_file_with_the_same_content_is_a_write_that_was_done_before_a_crash(folder: Path) -> None:
    (folder / "f").write_text("same")
    os.utime(folder / "f", (0, CHANGED_LATER))

    assert len(guarded(folder).trigger(b"same", filename="f")["success"]) == 1


def test_missing_file_is_written_whatever_the_time(folder: Path) -> None:
    guarded(folder).trigger(b"new", filename="f")

    assert files(folder) == {"f": "new"}


def test_what_is_no_time_is_a_failure(folder: Path) -> None:
    failed(guarded(folder, "yesterday").trigger(b"new", filename="f"))

    assert files(folder) == {}
