"""Where a process dies, and what it leaves on the disk."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from flowrun.chaos.child import Child, Ended
from flowrun.chaos.mortality import Mortality
from flowrun.chaos.points import Kill, Moment, Place, Step


def write(folder: Path, size: int = 100) -> Callable[[], int]:
    """Adds so many bytes to a file of that folder."""

    def add() -> int:
        with open(folder / "file", "ab") as file:
            return file.write(b"x" * size)

    return add


def kill_at(place: Place, moment: Moment) -> Kill:
    return Kill(Step(place, "", "", tuple(Moment)), moment)


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("file"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journal").mkdir()
    return tmp_path / "journal"


@pytest.mark.parametrize(("moment", "left"), [(Moment.BEFORE, 100), (Moment.INSIDE, 150), (Moment.AFTER, 200)])
def test_a_process_dies_before_inside_and_after_its_second_write(folder: Path, moment: Moment, left: int) -> None:
    mortality = Mortality(folder, kill_at(Place(0, "journal", 2), moment))

    def live() -> None:
        for _ in range(3):
            mortality.write(folder, write(folder))

    ended = Child(live, folder / "log").wait(10)

    assert ended.signal == signal.SIGKILL
    assert size(folder) == left


def test_where_a_step_does_not_come_again_the_next_of_its_kind_is_the_last(folder: Path) -> None:
    mortality = Mortality(folder, kill_at(Place(1, "journal", 5), Moment.BEFORE))

    def live() -> None:
        for _ in range(3):
            mortality.begin_commit("a")
            mortality.write(folder, write(folder))

    ended = Child(live, folder / "log").wait(10)

    assert ended.signal == signal.SIGKILL
    assert size(folder) == 100


def test_steps_are_counted_with_whose_commit_they_are(folder: Path) -> None:
    mortality = Mortality(folder)
    mortality.begin_commit("save")
    mortality.write(folder, write(folder))
    mortality.write(folder, write(folder))
    mortality.end_commit()
    mortality.synced()

    assert [(step.by, step.moments) for step in mortality.steps] == [
        ("save", tuple(Moment)),
        ("save", (Moment.INSIDE, Moment.AFTER)),  # before the second, the disk is as it was after the first
        ("save", (Moment.AFTER,)),
    ]


def test_a_file_that_a_processor_renames_is_a_step_if_it_is_in_the_scratch_folder(folder: Path) -> None:
    def live() -> list[str]:
        mortality = Mortality(folder)
        mortality.watch()
        for place in (folder, folder.parent):
            (place / "file").touch()
            os.replace(place / "file", place / "done")  # noqa: PTH105 as a processor might
            (place / "done").unlink()
            (place / "done").unlink(missing_ok=True)
        return [step.what for step in mortality.steps]

    assert Child(live, folder / "log").wait(10) == Ended(["renaming of done", "removal of done"])


def test_a_child_that_fails_or_hangs_says_so(folder: Path) -> None:
    def fail() -> None:
        raise ValueError("a mistake")

    failed = Child(fail, folder / "log").wait(10)
    hung = Child(signal.pause, folder / "log").wait(0.1)

    assert failed.words == "ValueError: a mistake"
    assert "still at work" in hung.words
