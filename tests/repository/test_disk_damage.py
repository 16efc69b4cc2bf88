"""What the disk repository makes of files that are not as it left them."""

import os
from pathlib import Path

import pytest

from flowrun.errors import RepositoryError, StateInUseError
from flowrun.flowfile import FlowFile, Placement
from flowrun.repository import Commit, disk
from flowrun.repository.disk import DiskRepository


def filled(folder: Path, count: int = 5, *, killed: bool = False) -> list[FlowFile]:
    repository = DiskRepository(folder)
    repository.recover()
    flowfiles = []
    for number in range(count):
        claim = repository.content.write(f"content {number}".encode())
        flowfile = FlowFile(repository.next_id(), {"uuid": f"u{number}"}, claim)
        repository.commit(Commit(1.0, placed=(Placement(flowfile, "a --> b", 1.0),), content=(claim,)))
        flowfiles.append(flowfile)
    repository.content.flush()
    repository.forget() if killed else repository.close()
    return flowfiles


def recovered(folder: Path) -> tuple[list[FlowFile], tuple[str, ...]]:
    repository = DiskRepository(folder)
    try:
        found = repository.recover()
        return [placement.flowfile for placement in found.placements], found.notes
    finally:
        repository.close()


def journal(folder: Path) -> Path:
    return folder / "journal" / "00000001.journal"


def test_a_torn_last_record_is_cut_off_and_said_at_every_byte(tmp_path: Path) -> None:
    flowfiles = filled(tmp_path, 2)
    whole = journal(tmp_path).read_bytes()
    _, first, second, *_ = ends_of_frames(whole)

    for end in range(first + 1, second):
        journal(tmp_path).write_bytes(whole[:end])
        for content in (tmp_path / "content").glob("*.content"):
            content.write_bytes(b"content 0content 1")
        found, notes = recovered(tmp_path)

        assert found == flowfiles[:1]
        assert "cut off" in notes[0]
        assert recovered(tmp_path) == (flowfiles[:1], ())


def ends_of_frames(whole: bytes) -> list[int]:
    """Where each frame ends: the first says who wrote what follows, then there are commits."""
    ends = [16]
    while ends[-1] < len(whole):
        ends.append(ends[-1] + 12 + int.from_bytes(whole[ends[-1] : ends[-1] + 4], "little"))
    return ends[1:]


def test_what_had_not_been_made_to_last_when_the_machine_went_down_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flowfiles = filled(tmp_path, 2)
    repository = DiskRepository(tmp_path)
    repository.recover()
    claim = repository.content.write(b"x" * 1_000_000)
    late = FlowFile(repository.next_id(), {"uuid": "late"}, claim)
    repository.commit(Commit(2.0, (1,), (Placement(late, "a --> b", 2.0),), content=(claim,)))
    repository.forget()
    (tmp_path / "content" / f"{claim.file:08x}.content").write_bytes(bytes(1_000_000))

    monkeypatch.setattr(disk, "boot_id", lambda: "another start of the machine")
    found, notes = recovered(tmp_path)

    assert found == flowfiles
    assert "had not been made to last when the machine went down (1)" in notes[0]
    assert recovered(tmp_path) == (flowfiles, ())


def test_a_killed_process_loses_nothing_that_was_not_made_to_last_as_long_as_the_machine_is_up(tmp_path: Path) -> None:
    flowfiles = filled(tmp_path, 2, killed=True)

    assert recovered(tmp_path) == (flowfiles, ())


def test_a_file_that_ends_in_zeros_loses_only_the_zeros(tmp_path: Path) -> None:
    flowfiles = filled(tmp_path)
    with journal(tmp_path).open("ab") as file:
        file.write(bytes(500))

    found, notes = recovered(tmp_path)

    assert found == flowfiles
    assert "cut off" in notes[0]


def test_a_length_that_was_only_half_written_is_a_torn_end(tmp_path: Path) -> None:
    flowfiles = filled(tmp_path)
    with journal(tmp_path).open("ab") as file:
        file.write(b"\x07\0\0\0\x12" + bytes(500))

    found, notes = recovered(tmp_path)

    assert found == flowfiles
    assert "cut off" in notes[0]


def test_a_segment_of_nothing_but_zeros_was_never_begun(tmp_path: Path) -> None:
    filled(tmp_path, 0)
    journal(tmp_path).write_bytes(bytes(4096))

    found, _ = recovered(tmp_path)

    assert found == []
    assert journal(tmp_path).read_bytes().startswith(b"flowrun\0J")


def test_zeros_in_the_middle_stop_the_start_and_what_follows_them_stays(tmp_path: Path) -> None:
    filled(tmp_path)
    whole = journal(tmp_path).read_bytes()
    end = ends_of_frames(whole)[1]
    damaged = whole[:end] + bytes(20) + whole[end + 20 :]
    journal(tmp_path).write_bytes(damaged)

    with pytest.raises(RepositoryError, match=f"damaged at byte {end}"):
        recovered(tmp_path)
    assert journal(tmp_path).read_bytes() == damaged


def test_one_flipped_bit_in_the_middle_stops_the_start_and_changes_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    whole = journal(tmp_path).read_bytes()
    end_of_first = ends_of_frames(whole)[0]

    for position in range(16, end_of_first):
        damaged = bytearray(whole)
        damaged[position] ^= 0x10
        journal(tmp_path).write_bytes(damaged)

        with pytest.raises(RepositoryError, match="damaged at byte 16"):
            recovered(tmp_path)
        assert journal(tmp_path).read_bytes() == bytes(damaged)


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    filled(tmp_path)
    data = bytearray(journal(tmp_path).read_bytes())
    data[12] = 9
    journal(tmp_path).write_bytes(data)

    with pytest.raises(RepositoryError, match="newer flowrun"):
        recovered(tmp_path)


def test_missing_content_is_said_before_anything_runs(tmp_path: Path) -> None:
    filled(tmp_path)
    for content in (tmp_path / "content").glob("*.content"):
        content.unlink()

    with pytest.raises(RepositoryError, match="missing or too short"):
        recovered(tmp_path)


def test_a_missing_segment_is_said(tmp_path: Path) -> None:
    filled(tmp_path)
    journal(tmp_path).rename(tmp_path / "journal" / "00000002.journal")

    with pytest.raises(RepositoryError, match=r"lacks 00000001\.journal"):
        recovered(tmp_path)


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    holder = DiskRepository(tmp_path)
    try:
        with pytest.raises(StateInUseError, match=f"pid {os.getpid()}"):
            DiskRepository(tmp_path)
    finally:
        holder.close()


def test_the_folder_and_its_files_are_for_the_owner_only(tmp_path: Path) -> None:
    filled(tmp_path / "state")

    for path in (tmp_path / "state", *(tmp_path / "state").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_snapshot_bounds_the_journal_and_loses_nothing(tmp_path: Path) -> None:
    repository = DiskRepository(tmp_path, segment_size=2000)
    repository.recover()
    placements = []
    for number in range(200):
        flowfile = FlowFile(repository.next_id(), {"uuid": f"u{number}", "text": "x" * 50})
        placements.append(Placement(flowfile, f"a --> b{number % 3}", 1.0))
        repository.commit(Commit(1.0, placed=(placements[-1],)))
        if number % 2:
            repository.commit(Commit(2.0, (placements.pop(-2).flowfile.id,)))
    repository.close()

    again = DiskRepository(tmp_path)
    found = again.recover()
    again.close()

    assert sorted(p.flowfile.id for p in found.placements) == [p.flowfile.id for p in placements]
    assert {p.connection for p in found.placements} == {p.connection for p in placements}
    assert len(list((tmp_path / "journal").iterdir())) <= 2


def test_contents_of_a_killed_process_are_made_to_last_with_the_first_sync_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path, 1, killed=True)
    [content] = (tmp_path / "content").iterdir()
    repository = DiskRepository(tmp_path)
    repository.recover()
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))

    repository.sync()

    assert content in synced
    repository.close()


def test_content_files_are_removed_when_nobody_needs_them(tmp_path: Path) -> None:
    repository = DiskRepository(tmp_path)
    repository.recover()
    writer = repository.content.open_write()
    writer.write(b"x" * 1_000_000)
    writer.close()
    flowfile = FlowFile(repository.next_id(), {"uuid": "u"}, writer.claim)
    repository.commit(Commit(1.0, placed=(Placement(flowfile, "a --> b", 1.0),), content=(writer.claim,)))
    repository.commit(Commit(2.0, (flowfile.id,)))
    repository.sync()

    assert list((tmp_path / "content").iterdir()) == []
    repository.close()
