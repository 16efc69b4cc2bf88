"""A content file of which little is needed is written anew with only that: a crash at any step, and nothing is lost."""

import errno
import itertools
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.recovery.dying_machine import Crash as PowerFailure
from tests.recovery.dying_machine import Machine
from tests.recovery.test_rotation import Crash, Steps

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository import Commit, content_compaction, disk, disk_content
from flowrun.repository.disk import DiskRepository

SIZE = 100_000
KEPT = (3, 17)
"""Of the contents in the first file, those that are still needed."""


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_content, "SHARED_FILE_SIZE", 2 << 20)
    monkeypatch.setattr(disk, "COMPACTION_INTERVAL", 0.0)


@contextmanager
def opened(folder: Path) -> Iterator[DiskRepository]:
    """A repository that is let go of as a killed process would."""
    repository = DiskRepository(folder)
    try:
        yield repository
    finally:
        repository.forget()


def content(number: int) -> bytes:
    return f"{number:04d}".encode() * (SIZE // 4)


def fill(repository: DiskRepository) -> list[FlowFile]:
    """Contents that fill one file, and begin another; the first is sealed then."""
    repository.recover()
    flowfiles = []
    for number in range(25):
        claim = repository.content.write(content(number))
        flowfiles.append(FlowFile(repository.next_id(), {"uuid": str(number)}, claim))
        placed = Placement(flowfiles[-1], "a --> b", 1.0)
        repository.commit(Commit(1.0, placed=(placed,), content=(claim,)))
    repository.sync()
    return flowfiles


def drop(repository: DiskRepository, flowfiles: list[FlowFile]) -> None:
    """All of the first file but those that are kept."""
    gone = [f.id for n, f in enumerate(flowfiles) if n not in KEPT and f.content and f.content.file == 1]
    repository.commit(Commit(2.0, tuple(gone)))


def first_file(folder: Path) -> Path:
    return folder / "content" / "00000001.content"


def room_taken(file: Path) -> int:
    return file.stat().st_blocks * 512


def contents_by(folder: Path) -> dict[str, bytes]:
    """What the next process finds."""
    with opened(folder) as repository:
        placements = repository.recover().placements
        return {
            p.flowfile.uuid: repository.content.read(p.flowfile.content or ContentClaim(0, 0, 0)) for p in placements
        }


def expected() -> dict[str, bytes]:
    return {str(number): content(number) for number in (*KEPT, 21, 22, 23, 24)}


def test_a_file_that_few_flowfiles_hold_gives_back_the_rest(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        flowfiles = fill(repository)
        before = room_taken(first_file(tmp_path))
        drop(repository, flowfiles)
        repository.sync()

        kept = [repository.content.read(flowfiles[number].content or ContentClaim(0, 0, 0)) for number in KEPT]

    assert before > 2 << 20
    assert room_taken(first_file(tmp_path)) < 3 * SIZE
    assert first_file(tmp_path).stat().st_mode & 0o077 == 0
    assert kept == [content(number) for number in KEPT]
    assert contents_by(tmp_path) == expected()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_loses_nothing_and_leaves_nothing_behind(
    after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for last in itertools.count(1):
        folder = tmp_path / str(last)
        with opened(folder) as repository:
            drop(repository, fill(repository))
            with monkeypatch.context() as patch:
                steps = Steps(patch, last, after=after)
                try:
                    repository.sync()
                    done = True
                except Crash:
                    done = False

        assert contents_by(folder) == expected()
        assert list((folder / "content").glob("*.draft")) == []
        if done:
            assert steps.count > 6
            return


def test_what_was_left_undone_is_done_by_the_next_process(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        drop(repository, fill(repository))

    with opened(tmp_path) as repository:
        repository.recover()
        repository.sync()

    assert room_taken(first_file(tmp_path)) < 3 * SIZE


def test_contents_of_sessions_that_are_not_over_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as repository:
        repository.recover()
        open_claim = repository.content.write(content(99))
        drop(repository, fill(repository))
        repository.sync()
        assert repository.content.read(open_claim) == content(99)

        repository.content.release([open_claim])
        repository.sync()

    assert room_taken(first_file(tmp_path)) < 3 * SIZE


@pytest.mark.parametrize(("name", "code"), [("pwrite", errno.ENOSPC), ("fsync", errno.EIO), ("rename", errno.EIO)])
def test_if_it_fails_the_file_stays_as_it_is_and_that_is_said(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def failing(*_arguments: Any) -> Any:
        raise OSError(code, os.strerror(code))

    with opened(tmp_path) as repository:
        repository.room.tell = told.append
        drop(repository, fill(repository))
        repository.content.sync()
        with monkeypatch.context() as patch:
            patch.setattr(os, name, failing)
            repository.content.compact(repository._claims)

    assert told == [f"{first_file(tmp_path)} could not be made smaller: {os.strerror(code)}; it stays as it is"]
    assert room_taken(first_file(tmp_path)) > 2 << 20
    assert contents_by(tmp_path) == expected()


def test_whoever_reads_meanwhile_reads_on(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        flowfiles = fill(repository)
        with repository.content.open(flowfiles[KEPT[0]].content or ContentClaim(0, 0, 0)) as stream:
            begun = stream.read(10)
            drop(repository, flowfiles)
            repository.sync()

            assert begun + stream.read() == content(KEPT[0])


def test_a_file_is_looked_at_again_only_when_half_of_what_was_left_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    original = content_compaction.gain

    def gain(file: Path, needed: list[content_compaction.Stretch]) -> int:
        looks.append(file)
        return original(file, needed)

    monkeypatch.setattr(content_compaction, "gain", gain)
    with opened(tmp_path) as repository:
        flowfiles = fill(repository)
        drop(repository, flowfiles)
        for _ in range(3):
            repository.sync()
        assert len(looks) == 1

        repository.commit(Commit(3.0, (flowfiles[KEPT[0]].id,)))
        repository.sync()

    assert len(looks) == 2


def test_a_file_that_is_shorter_than_its_contents_is_not_made_worse(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        drop(repository, fill(repository))
        os.truncate(first_file(tmp_path), 18 * SIZE - 1)
        repository.sync()

    assert first_file(tmp_path).stat().st_size == 18 * SIZE - 1
    with pytest.raises(RepositoryError, match="missing or too short"):
        contents_by(tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_a_power_failure_at_any_step_loses_nothing(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was dropped a moment before may be there again, whole."""
    for call in itertools.count(1):
        folder = tmp_path / str(call)
        with monkeypatch.context() as patch:
            machine = Machine(folder, patch, random.Random(seed))
            with opened(folder) as repository:
                drop(repository, fill(repository))
                machine.start(call)
                with suppress(PowerFailure):
                    repository.sync()
            machine.end()
            machine.lose_power()
            found = contents_by(folder)

        assert expected().items() <= found.items()
        assert found == {number: content(int(number)) for number in found}
        if machine.calls < call:
            return


def test_so_much_may_be_spared_for_history(tmp_path: Path) -> None:
    with opened(tmp_path) as repository:
        drop(repository, fill(repository))
        repository.content.sync()
        repository.content.compact(repository._claims, spare=2 << 20)
        spared = room_taken(first_file(tmp_path))
        repository.content.compact(repository._claims, spare=1 << 20)

    assert spared > 2 << 20
    assert room_taken(first_file(tmp_path)) < 3 * SIZE
