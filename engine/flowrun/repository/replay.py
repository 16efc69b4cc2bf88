"""From a journal's files back to what was true: its newest snapshot, and the segments since then."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from flowrun.errors import RepositoryError
from flowrun.repository.journal import Journal
from flowrun.repository.records import RecordReader, SnapshotEnd


class Replayed(NamedTuple):
    """The highest flowfile id that was ever used, and the size of the snapshot in bytes."""

    highest_id: int
    snapshot_size: int


def replay(journal: Journal, reader: RecordReader, *, mend: bool) -> Replayed:
    """Apply all records; `mend` as in `Journal.segments`. Raises RepositoryError if something is damaged."""
    payloads = journal.snapshot()
    highest_id = _apply_snapshot(journal.folder, payloads, reader) if payloads else 0
    for segment in journal.segments(mend=mend):
        for payload in segment:
            _apply(reader, payload, segment.file)
    return Replayed(max(highest_id, reader.highest_id), sum(len(payload) for payload in payloads))


def _apply_snapshot(folder: Path, payloads: list[memoryview], reader: RecordReader) -> int:
    for payload in payloads[:-1]:
        _apply(reader, payload, folder)
    try:
        end = msgspec.msgpack.decode(payloads[-1], type=SnapshotEnd)
    except msgspec.MsgspecError as error:
        raise RepositoryError(f"the snapshot in {folder} has no end: {error}") from error
    if end.flowfiles != reader.flowfiles:
        raise RepositoryError(f"the snapshot in {folder} holds {reader.flowfiles} flowfiles, but says {end.flowfiles}")
    return end.highest_id


def _apply(reader: RecordReader, payload: memoryview, file: Path) -> None:
    try:
        reader.apply(payload)
    except RepositoryError as error:
        raise RepositoryError(f"{file} is damaged: {error}") from error
