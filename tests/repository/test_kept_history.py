"""What a repository keeps for history: up to the limit, the oldest goes first, and what lives is never touched."""

import errno
import os
import time
from pathlib import Path

import pytest

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile, Placement, new_uuid
from flowrun.history.archive import Archive
from flowrun.history.trail import find_trail
from flowrun.repository.commit import Commit, Event, EventType
from flowrun.repository.content_files import is_there
from flowrun.repository.disk import DiskRepository
from flowrun.repository.history_limit import HistoryLimit

DAY = 86400.0


def opened(folder: Path, limit: HistoryLimit | None = None, *, segment_size: int = 2000) -> DiskRepository:
    repository = DiskRepository(folder, segment_size=segment_size, history=limit or HistoryLimit())
    repository.recover()
    return repository


def born(repository: DiskRepository, content: bytes = b"") -> FlowFile:
    """A new flowfile that waits in a queue."""
    number = repository.next_id()
    claim = repository.content.write(content) if content else None
    flowfile = FlowFile(number, {"uuid": new_uuid(number)}, claim, 1.0, 1.0)
    claims = (claim,) if claim is not None else ()
    placed = (Placement(flowfile, "a -- success --> b", 1.0),)
    events = (Event(EventType.CREATE, number),)
    repository.commit(Commit(1.0, placed=placed, content=claims, events=events, author="a"))
    return flowfile


def end(repository: DiskRepository, flowfile: FlowFile) -> None:
    """It ends by an auto-terminated relationship."""
    ways = {"success": [flowfile.id]}
    repository.commit(Commit(2.0, (flowfile.id,), author="b", ways=ways, ended=(flowfile,)))
    repository.sync()


def segments(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "journal").glob("*.journal"))


def test_segments_stay_after_a_snapshot_and_tell_what_was(tmp_path: Path) -> None:
    repository = opened(tmp_path)
    flowfiles = [born(repository) for _ in range(100)]
    for flowfile in flowfiles:
        end(repository, flowfile)
    repository.close()

    assert len(segments(tmp_path)) > 3
    for flowfile in flowfiles:
        first, last = find_trail(Archive(tmp_path), flowfile.id)
        assert (first.passage.author, first.passage.relationship) == ("a", "success")
        assert (last.passage.author, last.passage.relationship, last.passage.connection) == ("b", "success", "")
        assert last.before == flowfile


def test_the_oldest_segments_go_when_there_is_too_much(tmp_path: Path) -> None:
    limit = HistoryLimit(size=10_000)
    repository = opened(tmp_path, limit)
    kept = born(repository)
    for _ in range(300):
        end(repository, born(repository))
    repository.close()

    journal = [file for file in (tmp_path / "journal").iterdir() if not file.stem.endswith(segments(tmp_path)[-1][:8])]
    assert sum(file.stat().st_size for file in journal) <= limit.size
    assert segments(tmp_path)[0] != "00000001.journal"
    again = DiskRepository(tmp_path, history=limit)
    assert [placement.flowfile for placement in again.recover().placements] == [kept]
    again.close()


def test_what_was_before_is_known_from_a_snapshot_where_older_segments_are_gone(tmp_path: Path) -> None:
    repository = opened(tmp_path, HistoryLimit(size=10_000))
    kept = born(repository)
    for _ in range(300):
        end(repository, born(repository))
    end(repository, kept)
    repository.close()

    [step] = find_trail(Archive(tmp_path), kept.id)
    assert step.before == kept
    assert step.came_by == "a -- success --> b"


def test_segments_that_are_too_old_go_at_the_next_start(tmp_path: Path) -> None:
    repository = opened(tmp_path)
    for _ in range(100):
        end(repository, born(repository))
    repository.close()
    long_ago = time.time() - 40 * DAY
    for file in (tmp_path / "journal").iterdir():
        os.utime(file, (long_ago, long_ago))

    opened(tmp_path).close()

    assert len(segments(tmp_path)) == 1


def test_a_segment_that_has_grown_old_is_followed_by_another(tmp_path: Path) -> None:
    repository = opened(tmp_path, segment_size=1 << 20)
    for day in range(12):
        repository.commit(Commit(day * DAY))
    repository.close()

    assert len(segments(tmp_path)) > 1


def test_contents_stay_until_they_take_half_of_the_limit(tmp_path: Path) -> None:
    size = 300 << 10
    repository = opened(tmp_path, HistoryLimit(size=4 * size + 1000))
    living = born(repository, b"L" * size)
    contents: list[ContentClaim] = []
    for number in range(4):
        flowfile = born(repository, bytes([number]) * size)
        assert flowfile.content is not None
        contents.append(flowfile.content)
        end(repository, flowfile)
    repository.close()

    folder = tmp_path / "content"
    assert [is_there(folder, claim) for claim in contents] == [False, False, True, True]
    assert living.content is not None
    assert is_there(folder, living.content)


def test_contents_that_nobody_needs_are_still_history_after_a_restart(tmp_path: Path) -> None:
    repository = opened(tmp_path)
    flowfile = born(repository, b"small")
    end(repository, flowfile)
    repository.close()

    again = opened(tmp_path)
    assert flowfile.content is not None
    assert again.content.read(flowfile.content) == b"small"
    again.close()


def test_contents_that_are_too_old_go_at_the_next_start(tmp_path: Path) -> None:
    repository = opened(tmp_path)
    living, ended = born(repository, b"L" * (300 << 10)), born(repository, b"x" * (300 << 10))
    end(repository, ended)
    repository.close()
    long_ago = time.time() - 40 * DAY
    for file in (tmp_path / "content").iterdir():
        os.utime(file, (long_ago, long_ago))

    again = opened(tmp_path)
    again.sync()
    again.close()

    assert living.content is not None
    assert [int(file.stem, 16) for file in (tmp_path / "content").iterdir()] == [living.content.file]


def test_history_goes_before_a_full_disk_stops_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = opened(tmp_path)
    living = born(repository, b"L" * 1000)
    for _ in range(100):
        end(repository, born(repository, b"x" * (300 << 10)))
    write, contents = os.write, tmp_path / "content"
    kept = len(list(contents.iterdir()))

    def full_until_there_is_room(descriptor: int, data: bytes) -> int:
        if len(list(contents.iterdir())) > kept - 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full_until_there_is_room)
        born(repository)
    repository.close()

    assert len(list(contents.iterdir())) == kept - 3
    assert living.content is not None
    assert is_there(contents, living.content)


def test_nothing_is_kept_where_history_is_off(tmp_path: Path) -> None:
    repository = opened(tmp_path)
    for _ in range(100):
        end(repository, born(repository, b"small"))
    repository.close()

    without = DiskRepository(tmp_path)
    without.recover()
    without.close()

    assert len(segments(tmp_path)) == 1
    assert list((tmp_path / "content").iterdir()) == []


def test_history_is_read_beside_who_writes_it_and_a_torn_end_is_simply_the_end(tmp_path: Path) -> None:
    repository = opened(tmp_path, segment_size=1 << 20)
    flowfile = born(repository)
    repository.sync()
    [journal] = (tmp_path / "journal").glob("*.journal")
    with open(journal, "ab") as file:
        file.write(b"\x20\0\0\0half of a frame")

    assert len(find_trail(Archive(tmp_path), flowfile.id)) == 1
    repository.forget()


@pytest.mark.parametrize("left", [0, 10, 20, 200])
def test_an_index_that_is_damaged_or_lost_costs_nothing_but_time(left: int, tmp_path: Path) -> None:
    repository = opened(tmp_path, segment_size=1 << 20)
    flowfiles = [born(repository) for _ in range(3000)]
    repository.close()
    [index] = (tmp_path / "journal").glob("*.index")
    os.truncate(index, left)

    assert all(len(find_trail(Archive(tmp_path), flowfile.id)) == 1 for flowfile in flowfiles[::500])
    later = opened(tmp_path, segment_size=1 << 20)
    end(later, flowfiles[0])
    later.close()
    assert len(find_trail(Archive(tmp_path), flowfiles[0].id)) == 2


def test_an_index_does_not_outlive_the_records_that_it_tells_of(tmp_path: Path) -> None:
    repository = opened(tmp_path, segment_size=1 << 20)
    before = born(repository)
    [journal] = (tmp_path / "journal").glob("*.journal")
    size = journal.stat().st_size
    lost = [born(repository) for _ in range(2000)]
    repository.close()
    os.truncate(journal, size)

    again = opened(tmp_path, segment_size=1 << 20)
    new = [born(again) for _ in range(2000)]
    again.close()

    assert len(find_trail(Archive(tmp_path), before.id)) == 1
    assert {flowfile.id for flowfile in lost} & {flowfile.id for flowfile in new}
    assert all(len(find_trail(Archive(tmp_path), flowfile.id)) == 1 for flowfile in new[::400])


def test_a_segment_of_an_older_format_is_read_and_followed_by_one_of_this(tmp_path: Path) -> None:
    repository = opened(tmp_path, segment_size=1 << 20)
    old = born(repository)
    repository.close()
    [journal] = (tmp_path / "journal").glob("*.journal")
    data = bytearray(journal.read_bytes())
    data[12] = 1
    journal.write_bytes(data)

    again = DiskRepository(tmp_path, history=HistoryLimit())
    assert [placement.flowfile for placement in again.recover().placements] == [old]
    new = born(again)
    again.close()

    assert segments(tmp_path) == ["00000001.journal", "00000002.journal"]
    assert find_trail(Archive(tmp_path), old.id) == []
    assert len(find_trail(Archive(tmp_path), new.id)) == 1


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    [journal] = (tmp_path / "journal").glob("*.journal")
    data = bytearray(journal.read_bytes())
    data[12] = 99
    journal.write_bytes(data)

    with pytest.raises(RepositoryError, match="written by a newer flowrun"):
        DiskRepository(tmp_path).recover()
