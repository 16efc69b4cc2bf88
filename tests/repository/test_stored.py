"""A state directory is read without being held or changed, whoever works on it meanwhile."""

import threading
from pathlib import Path

import pytest
from tests.repository.conftest import Reopen
from tests.repository.test_disk_damage import filled, journal

from flowrun.errors import RepositoryError
from flowrun.flowfile import FlowFile, Placement
from flowrun.repository import Commit, Repository
from flowrun.repository.disk import DiskRepository
from flowrun.repository.folder_lock import lock_holder
from flowrun.repository.stored import last_change, read_stored


def everything_in(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def by_id(repository: Repository) -> list[Placement]:
    return sorted(repository.recover().placements, key=lambda placement: placement.flowfile.id)


def test_what_is_read_is_what_the_next_process_would_recover(tmp_path: Path) -> None:
    flowfiles = filled(tmp_path)

    assert [placement.flowfile for placement in read_stored(tmp_path).placements] == flowfiles


def test_reading_changes_nothing_not_even_a_torn_end(tmp_path: Path) -> None:
    filled(tmp_path)
    with open(journal(tmp_path), "ab") as file:
        file.write(b"\x07\0\0")
    before = everything_in(tmp_path)

    stored = read_stored(tmp_path)

    assert len(stored.placements) == 5
    assert everything_in(tmp_path) == before


def test_a_folder_that_nobody_used_is_empty_and_stays_so(tmp_path: Path) -> None:
    assert read_stored(tmp_path).placements == ()
    assert last_change(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_damage_is_said(tmp_path: Path) -> None:
    filled(tmp_path)
    data = bytearray(journal(tmp_path).read_bytes())
    data[20] ^= 0xFF
    journal(tmp_path).write_bytes(data)

    with pytest.raises(RepositoryError, match="is damaged at byte 16"):
        read_stored(tmp_path)


def test_it_can_be_read_while_another_process_holds_it_and_rotates_the_journal(tmp_path: Path) -> None:
    repository = DiskRepository(tmp_path, segment_size=4000)
    repository.recover()
    ended = threading.Event()
    counts: list[int] = []

    def read() -> None:
        while not ended.is_set():
            counts.append(len(read_stored(tmp_path).placements))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(300):
        flowfile = FlowFile(repository.next_id(), {"uuid": f"u{number}"})
        repository.commit(Commit(float(number), placed=(Placement(flowfile, "a --> b", 1.0),)))
    ended.set()
    reader.join()
    repository.close()

    assert counts == sorted(counts)


def test_who_holds_the_folder_can_be_told_without_taking_it(tmp_path: Path) -> None:
    repository = DiskRepository(tmp_path)
    held = lock_holder(tmp_path)
    repository.close()

    assert held is not None
    assert held.startswith("pid ")
    assert lock_holder(tmp_path) is None
    assert lock_holder(tmp_path / "nowhere") is None


def test_how_a_dead_letter_came_and_an_age_that_begins_anew_survive_a_restart(
    repository: Repository, reopen: Reopen
) -> None:
    flowfile = FlowFile(repository.next_id(), {"uuid": "u"}, None, 5.0, 4.0)
    letter = Placement(flowfile, "b -- dead letters", 10.0, attempts=3, cause="failure", came_by="a --> b")
    other = Placement(FlowFile(repository.next_id(), {"uuid": "v"}), "b -- dead letters", 10.0, came_by="a --> b")
    repository.commit(Commit(9.0, placed=(Placement(flowfile, "a --> b", 9.0), other)))
    repository.commit(Commit(10.0, (flowfile.id,), (letter,)))
    repository = reopen(repository)
    assert by_id(repository) == [letter, other]

    younger = FlowFile(flowfile.id, flowfile.attributes, None, 20.0, 4.0)
    again = Placement(younger, "a --> b", 20.0)
    repository.commit(Commit(20.0, (flowfile.id,), (again,)))

    assert by_id(reopen(repository)) == [again, other]
