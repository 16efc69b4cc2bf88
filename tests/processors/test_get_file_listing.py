"""GetFile: which files it finds, and when it looks."""

import os
from pathlib import Path

import pytest
from tests.processors.get_file_kit import names, runner_for

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.get_file import GetFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_a_listing_is_worked_off_in_batches(folder: Path) -> None:
    for number in range(5):
        (folder / str(number)).touch()
    get_file = GetFile({"Input Directory": str(folder), "Batch Size": "2"})
    runner = TestRunner(get_file)
    counts, pending = [], []
    for _ in range(3):
        counts.append(len(runner.trigger()["success"]))
        pending.append(get_file.has_pending())

    assert counts == [2, 2, 1]
    assert pending == [True, True, False]


def test_the_directory_is_listed_again_when_the_polling_interval_is_over(folder: Path) -> None:
    get_file = GetFile({"Input Directory": str(folder), "Polling Interval": "10 sec"})
    moments = iter((1000.0, 1009.9, 1010.0))
    get_file.now = lambda: next(moments)
    runner = TestRunner(get_file)
    first = runner.trigger()
    (folder / "a").touch()
    os.utime(folder / "a", (900, 900))

    assert names(first) == []
    assert names(runner.trigger()) == []
    assert names(runner.trigger()) == ["a"]


def test_a_poll_ends_although_kept_files_come_again(folder: Path) -> None:
    for number in range(25):
        (folder / str(number)).touch()
    get_file = GetFile({"Input Directory": str(folder), "Keep Source File": "true", "Polling Interval": "0 sec"})
    runner = TestRunner(get_file)
    taken = names(runner.trigger())
    while get_file.has_pending():
        taken += names(runner.trigger())

    assert set(taken) == {str(number) for number in range(25)}
    assert len(taken) == 30


def test_an_empty_listing_yields(folder: Path) -> None:
    (folder / "sub").mkdir()

    triggered = runner_for(folder).trigger()

    assert triggered.yielded
    assert not triggered.failed


@pytest.mark.parametrize(
    ("properties", "taken"),
    [
        ({}, ["a.csv", "b.txt", "deep.csv"]),
        ({"File Filter": r".*\.csv"}, ["a.csv", "deep.csv"]),
        ({"File Filter": ".*"}, ["a.csv", "b.txt", "deep.csv"]),
        ({"File Filter": ".*", "Ignore Hidden Files": "false"}, [".hidden", "a.csv", "b.txt", "deep.csv"]),
        ({"Recurse Subdirectories": "false"}, ["a.csv", "b.txt"]),
        ({"Recurse Subdirectories": "false", "Path Filter": "nowhere"}, ["a.csv", "b.txt"]),
        ({"Path Filter": "sub/deeper"}, ["deep.csv"]),
        ({"Path Filter": "deeper"}, []),
        ({"Path Filter": ".*"}, ["deep.csv"]),
        ({"Minimum File Size": "3 B"}, ["b.txt", "deep.csv"]),
        ({"Maximum File Size": "3 B"}, ["a.csv", "b.txt"]),
        ({"Minimum File Age": "1 min"}, ["b.txt", "deep.csv"]),
        ({"Minimum File Age": "61 sec"}, ["deep.csv"]),
        ({"Maximum File Age": "1 min"}, ["a.csv", "b.txt"]),
        ({"Maximum File Age": "59 sec"}, ["a.csv"]),
    ],
)
def test_filters_choose_files(folder: Path, properties: dict[str, str], taken: list[str]) -> None:
    (folder / "sub" / "deeper").mkdir(parents=True)
    for path, size, age in (("a.csv", 2, 0), ("b.txt", 3, 60), (".hidden", 9, 0), ("sub/deeper/deep.csv", 4, 600)):
        (folder / path).write_bytes(b"x" * size)
        os.utime(folder / path, (5000 - age, 5000 - age))
    get_file = GetFile({"Input Directory": str(folder), **properties})
    get_file.now = lambda: 5000.0

    assert names(TestRunner(get_file).trigger()) == taken


def test_a_file_from_the_future_is_left_until_its_time_has_come(folder: Path) -> None:
    (folder / "a").touch()
    os.utime(folder / "a", (5001, 5001))
    get_file = GetFile({"Input Directory": str(folder), "Polling Interval": "0 sec"})
    get_file.now = lambda: 5000.0
    runner = TestRunner(get_file)

    assert names(runner.trigger()) == []
    get_file.now = lambda: 5001.0
    assert names(runner.trigger()) == ["a"]


def test_links_are_followed_but_not_in_circles(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "linked").touch()
    (folder / "a").touch()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "circle").symlink_to(folder)
    (folder / "nowhere").symlink_to(tmp_path / "missing")

    assert names(runner_for(folder).trigger()) == ["a", "linked"]


def test_only_regular_files_are_taken(folder: Path) -> None:
    os.mkfifo(folder / "pipe")

    assert names(runner_for(folder).trigger()) == []


def test_a_directory_that_can_not_be_written_fails_the_trigger(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)

    triggered = runner_for(folder, {"Keep Source File": "true"}).trigger()

    assert triggered.failed
    assert "can't be both read and written" in str(triggered.bulletins[0])


def test_a_directory_that_is_gone_fails_the_trigger_until_it_is_back(folder: Path) -> None:
    runner = runner_for(folder, {"Polling Interval": "0 sec"})
    folder.rmdir()
    missing = runner.trigger()
    folder.mkdir()
    (folder / "a").touch()

    assert missing.failed
    assert "does not exist" in str(missing.bulletins[0])
    assert names(runner.trigger()) == ["a"]


def test_a_listing_that_fails_while_files_wait_makes_the_processor_rest(folder: Path) -> None:
    for name in "ab":
        (folder / name).touch()
    runner = runner_for(folder, {"Batch Size": "1", "Polling Interval": "0 sec"})
    runner.trigger()
    folder.rename(folder.parent / "moved")

    triggered = runner.trigger()

    assert triggered.failed
    assert triggered.yielded


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "Input Directory"),
        ({"Input Directory": " "}, "expected a directory"),
        ({"Input Directory": "{in}/nope"}, "does not exist"),
        ({"Input Directory": "{in}/file"}, "is no directory"),
        ({"Input Directory": "{in}", "File Filter": "("}, "File Filter"),
        ({"Input Directory": "{in}", "Batch Size": "0"}, "above 0"),
        ({"Input Directory": "{in}", "Maximum File Age": "99 ms"}, "at least 100 ms"),
        ({"Input Directory": "{in}", "Keep Source File": "True"}, "expected one of true, false"),
        ({"Input Directory": "{in}", "Keep Source": "true"}, "did you mean 'Keep Source File'"),
    ],
)
def test_a_wrong_configuration_is_refused(folder: Path, properties: dict[str, str], message: str) -> None:
    (folder / "file").touch()

    with pytest.raises(PropertyError, match=message.replace("(", r"\(")):
        GetFile({name: value.replace("{in}", str(folder)) for name, value in properties.items()}).check()


def test_a_directory_expression_that_finds_nothing_is_accepted_and_fails_at_run_time(folder: Path) -> None:
    triggered = TestRunner(GetFile({"Input Directory": "${no.such.variable}"})).trigger()

    assert triggered.failed
    assert "is blank" in str(triggered.bulletins[0])


def test_a_file_that_may_not_be_read_is_told_of_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "secret").write_text("x")
    (folder / "plain").write_text("y")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "secret" not in str(path) and access(path, mode))
    runner = runner_for(folder, {"Keep Source File": "true", "Polling Interval": "0 sec"})

    first, second = runner.trigger(), runner.trigger()

    assert (names(first), names(second)) == (["plain"], ["plain"])
    [bulletin] = first.bulletins
    assert f"'{folder / 'secret'}' can't be read" in bulletin.message
    assert list(second.bulletins) == []
