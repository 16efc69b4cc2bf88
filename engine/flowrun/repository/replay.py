"""From a journal's files back to what was true: its newest snapshot, and the segments since then."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from flowrun.errors import RepositoryError
from flowrun.repository.collector import collector_paused
from flowrun.repository.frames import WITH_TABLES, FrameReader
from flowrun.repository.journal import Journal
from flowrun.repository.notes import Fsync, Opened, decode_note
from flowrun.repository.record import SnapshotEnd
from flowrun.repository.record_reader import RecordReader


class Replayed(NamedTuple):
    """The highest flowfile id that was ever used, and the size of the snapshot in bytes.

    `lasts`: a power failure can take nothing of what was read.
    """

    highest_id: int
    snapshot_size: int
    lasts: bool


def replay(journal: Journal, reader: RecordReader, boot: str, *, mend: bool) -> Replayed:
    """Apply all records but those that a power failure may have left without their contents.

    `boot` names this start of the machine: such records are those that had not been made to last and were written
    during another. If it is to `mend` the journal, they are cut off, and that is said in its notes. Raises
    RepositoryError if something is damaged.
    """
    with collector_paused():
        return _replay(journal, reader, boot, mend=mend)


def _replay(journal: Journal, reader: RecordReader, boot: str, *, mend: bool) -> Replayed:
    payloads = journal.snapshot()
    highest_id = _apply_snapshot(journal, payloads, reader) if payloads else 0
    tail = _Tail(reader)
    for segment in journal.segments(mend=mend):
        for payload in segment:
            tail.read(payload, segment)
    if tail.is_of_another(boot):
        if mend:
            journal.cut_unsynced(*tail.held[0][1:], len(tail.held))
        tail.drop()
    tail.release()
    reader.finish()
    return Replayed(max(highest_id, reader.highest_id), sum(len(payload) for payload in payloads), tail.lasts)


class _Tail:
    """Holds records back until it is known that they last; `held` are they, each with its file and place.

    `lasts`: everything that was read does.
    """

    def __init__(self, reader: RecordReader) -> None:
        self.held: list[tuple[memoryview, Path, int]] = []
        self.lasts = True
        self.fsync: Fsync = "group"
        self._boot = ""
        self._reader = reader

    def read(self, payload: memoryview, segment: FrameReader) -> None:
        note = decode_note(payload)
        self.lasts = note is not None
        if note is None and self.fsync == "group":
            self.held.append((payload, segment.file, segment.end))
        elif note is None:
            _apply(self._reader.apply, payload, segment.file)
        else:
            self.release()
        if isinstance(note, Opened):
            self.fsync, self._boot = note.fsync, note.boot

    def is_of_another(self, boot: str) -> bool:
        """Whether the records that are held were written during another start of the machine."""
        return bool(self.held and self._boot and boot and self._boot != boot)

    def drop(self) -> None:
        """Forget what is held."""
        self.held.clear()
        self.lasts = True

    def release(self) -> None:
        """Apply what is held."""
        for payload, file, _ in self.held:
            _apply(self._reader.apply, payload, file)
        self.held.clear()


def _apply_snapshot(journal: Journal, payloads: list[memoryview], reader: RecordReader) -> int:
    folder = journal.folder
    first, *pieces = payloads[:-1]
    _apply(reader.apply, first, folder)
    apply = reader.apply if journal.snapshot_version < WITH_TABLES else reader.apply_tables
    for payload in pieces:
        _apply(apply, payload, folder)
    try:
        end = msgspec.msgpack.decode(payloads[-1], type=SnapshotEnd)
    except msgspec.MsgspecError as error:
        raise RepositoryError(f"the snapshot in {folder} has no end: {error}") from error
    if end.flowfiles != reader.flowfiles:
        raise RepositoryError(f"the snapshot in {folder} holds {reader.flowfiles} flowfiles, but says {end.flowfiles}")
    return end.highest_id


def _apply(apply: Callable[[memoryview], None], payload: memoryview, file: Path) -> None:
    try:
        apply(payload)
    except RepositoryError as error:
        raise RepositoryError(f"{file} is damaged: {error}") from error
