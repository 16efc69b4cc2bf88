"""A snapshot is written and the journal begins anew: a crash at any step of that, and nothing is lost or doubled."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flowrun.errors import RepositoryError
from flowrun.flowfile import FlowFile, Placement
from flowrun.repository import Commit
from flowrun.repository.disk import DiskRepository

CALLS = ("open", "write", "fsync", "fdatasync", "rename", "unlink", "ftruncate")


class Crash(BaseException):
    """What a killed process would not live to see."""


class Steps:
    """Counts the system calls by which files are changed, and ends the process before or after one of them."""

    def __init__(self, patch: pytest.MonkeyPatch, last: int, *, after: bool) -> None:
        self.count = 0
        self.last = last
        self._after = after
        for name in CALLS:
            patch.setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self.last and not self._after:
                raise Crash
            result = original(*arguments, **options)
            if self.count == self.last:
                raise Crash
            return result

        return call


@contextmanager
def opened(folder: Path) -> Iterator[DiskRepository]:
    """A repository that is let go of as a killed process would."""
    repository = DiskRepository(folder, segment_size=400)
    try:
        yield repository
    finally:
        repository.forget()


def place(repository: DiskRepository, name: str) -> None:
    flowfile = FlowFile(repository.next_id(), {"uuid": name, "text": "x" * 60})
    repository.commit(Commit(1.0, placed=(Placement(flowfile, f"a --> {name}", 1.0),)))


def stored(folder: Path) -> list[str]:
    with opened(folder) as repository:
        return sorted(placement.flowfile.uuid for placement in repository.recover().placements)


def fill_until_crash(folder: Path, patch: pytest.MonkeyPatch, last: int, *, after: bool) -> tuple[list[str], bool]:
    """Commit ten flowfiles, in which the journal is rotated twice; gives those that were begun, and if all were."""
    begun = []
    with opened(folder) as repository:
        repository.recover()
        steps = Steps(patch, last, after=after)
        try:
            for number in range(10):
                begun.append(str(number))
                place(repository, str(number))
        except Crash:
            return begun, False
        assert steps.count > 20
    return begun, True


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_loses_nothing_and_neither_does_the_run_after_it(
    after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for last in itertools.count(1):
        folder = tmp_path / str(last)
        with monkeypatch.context() as patch:
            begun, all_done = fill_until_crash(folder, patch, last, after=after)
        found = stored(folder)
        assert found in (begun, begun[:-1])
        with opened(folder) as repository:
            repository.recover()
            place(repository, "later")

        assert stored(folder) == [*found, "later"]
        if all_done:
            return


@pytest.mark.parametrize("name", ["rename", "fsync", "unlink"])
def test_a_snapshot_that_fails_at_any_step_only_lets_the_journal_grow(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_arguments: Any, **_options: Any) -> Any:
        raise OSError(5, "Input/output error")

    names = [str(number) for number in range(10)]
    told: list[str] = []
    with opened(tmp_path) as repository, monkeypatch.context() as patch:
        repository.recover()
        repository.room.tell = told.append
        patch.setattr(os, name, failing)
        for number in names:
            place(repository, number)

    assert "no snapshot could be written" in told[0]
    assert stored(tmp_path) == names


def test_a_folder_that_cannot_be_listed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as repository:
        repository.recover()
        place(repository, "kept")

    def refuse(_folder: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, opened(tmp_path) as repository:
        patch.setattr(os, "listdir", refuse)
        with pytest.raises(RepositoryError, match="Permission denied"):
            repository.recover()

    assert stored(tmp_path) == ["kept"]


def test_files_that_somebody_else_left_in_the_state_directory_are_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        repository.recover()
        place(repository, "kept")
    strangers = [tmp_path / "content" / "00000001 (copy).content", tmp_path / "journal" / "00000009 (copy).journal"]
    for stranger in strangers:
        stranger.write_text("from elsewhere")

    assert stored(tmp_path) == ["kept"]
    assert all(stranger.exists() for stranger in strangers)
