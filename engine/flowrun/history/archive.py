"""The journal as history: its segments, read from outside and beside whoever writes them.

A file that has gone meanwhile was dropped by the limit, and what is not whole at the end of one is about to be written:
neither is damage.
"""

import os
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Set
from pathlib import Path
from typing import NamedTuple

import msgspec

from flowrun.errors import RepositoryError
from flowrun.flowfile import ID_DIGITS, FlowFile, Placement
from flowrun.repository.frames import HEADER_SIZE, FrameReader, whole_frames
from flowrun.repository.history_index import INDEX_SUFFIX, Block
from flowrun.repository.names import Names
from flowrun.repository.notes import decode_note
from flowrun.repository.record import HistoryRecord, Record
from flowrun.repository.snapshot import find_row

FIRST_FORMAT = 2
"""Older segments do not say what history needs."""
_FIRST_FRAME = 1 << 20
_FEW = 4
"""Up to so many ids are looked for one by one."""


class Place(NamedTuple):
    """Where a record lies; later ones are greater."""

    segment: int
    offset: int


class Stretch(NamedTuple):
    """A part of a segment; without a `block`, it is not known what is in it."""

    segment: int
    start: int
    end: int
    block: Block | None


class Archive:
    """Reads one state directory's journal. Raises RepositoryError if a file can't be read or is damaged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "journal"
        self._numbers = self._segment_numbers()
        self._names = Names()
        self._stretches: dict[int, list[Stretch]] = {}
        self._prefixes: dict[int, str] = {}
        self._decode = msgspec.msgpack.Decoder(HistoryRecord).decode
        for number in self._since_snapshot():
            self._load(number)

    @property
    def names(self) -> list[str]:
        """What the numbers in records stand for."""
        return self._names.listed

    @property
    def numbers(self) -> list[int]:
        """The segments there are, oldest first."""
        return self._numbers

    def stretches(self) -> Iterator[Stretch]:
        """All of them, newest first."""
        for number in reversed(self._numbers):
            yield from reversed(self._load(number))

    def about(self, ids: Set[int]) -> Iterator[Stretch]:
        """The stretches that speak of any of these flowfiles, or may, newest first."""
        needles = [flowfile_id.to_bytes(8, sys.byteorder) for flowfile_id in ids]
        for stretch in self.stretches():
            if stretch.block is None:
                yield stretch
            elif len(needles) <= _FEW:
                if any(needle in stretch.block.ids for needle in needles):
                    yield stretch
            elif not ids.isdisjoint(array("Q", stretch.block.ids)):
                yield stretch

    def records(self, stretch: Stretch) -> Iterator[tuple[Place, HistoryRecord]]:
        """The records of a stretch, oldest first."""
        data = memoryview(self.data(stretch))
        for offset, payload in whole_frames(data):
            if decode_note(payload) is not None:
                continue
            try:
                yield Place(stretch.segment, stretch.start + offset), self._decode(payload)
            except msgspec.MsgspecError as error:
                raise RepositoryError(f"{self._journal(stretch.segment)} is damaged: {error}") from error

    def data(self, stretch: Stretch) -> bytes:
        """Its bytes; none if the segment has been dropped."""
        return _read(self._journal(stretch.segment), stretch.start, stretch.end - stretch.start)

    def uuid(self, flowfile_id: int) -> str | None:
        """A flowfile's uuid, as far as it is known who gave it."""
        for number in reversed(self._numbers):
            known = sorted(self._prefixes)
            place = bisect_right(known, flowfile_id)
            if place:
                return f"{self._prefixes[known[place - 1]]}{flowfile_id:0{ID_DIGITS}x}"
            self._load(number)
        return None

    def placement_at_begin(self, segment: int, flowfile_id: int) -> Placement | None:
        """The flowfile in its queue when that segment began; None: it is not known, or was in none."""
        try:
            frames = FrameReader(self._folder / f"{segment:08d}.snapshot", b"S")
            pieces = list(frames)[1:-1]
        except RepositoryError:  # there is none, or none any more
            return None
        encoded = msgspec.msgpack.encode(flowfile_id)
        for piece in pieces:
            row = find_row(piece, frames.version, flowfile_id) if encoded in bytes(piece) else None
            if row is not None:
                flowfile = FlowFile(row.id, row.attributes, row.content, row.entry_date, row.lineage_start)
                return Placement(flowfile, self.names[row.queue], row.since, row.penalized_until, row.attempts)
        return None

    def _segment_numbers(self) -> list[int]:
        try:
            found = [file.stem for file in self._folder.iterdir() if file.suffix == ".journal"]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RepositoryError(f"{self._folder} can't be read: {error.strerror}") from error
        return sorted(int(stem) for stem in found if stem.isascii() and stem.isdecimal())

    def _since_snapshot(self) -> list[int]:
        """The segments since the newest snapshot, which gives all names until then."""
        for number in reversed(self._numbers):
            file = self._folder / f"{number:08d}.snapshot"
            found = next(whole_frames(memoryview(_read(file, HEADER_SIZE, _FIRST_FRAME))), None)
            for _, payload in whole_frames(memoryview(_read(file, HEADER_SIZE, -1))) if found is None else (found,):
                self._names.add(msgspec.msgpack.decode(payload, type=Record).names)
                return [later for later in self._numbers if later >= number]
        return list(self._numbers)

    def _load(self, number: int) -> list[Stretch]:
        loaded = self._stretches.get(number)
        if loaded is None:
            loaded = self._stretches[number] = list(self._read_stretches(number))
        return loaded

    def _read_stretches(self, number: int) -> Iterator[Stretch]:
        size, is_ours = self._size_of(number)
        if not is_ours:
            self._add_names_of_first_format(number, size)
            return
        place = HEADER_SIZE
        for block in self._blocks(number):
            if not place <= block.start <= block.end <= size:
                break
            if block.start > place:
                yield self._unindexed(number, place, block.start)
            self._names.add(list(block.names))
            self._prefixes.setdefault(block.since, block.prefix)
            yield Stretch(number, block.start, block.end, block)
            place = block.end
        if place < size:
            yield self._unindexed(number, place, size)

    def _add_names_of_first_format(self, number: int, size: int) -> None:
        """The names that such a segment brought count on; what it says besides does not tell what history needs."""
        decode = msgspec.msgpack.Decoder(Record).decode
        for _, payload in whole_frames(memoryview(_read(self._journal(number), HEADER_SIZE, size))):
            if decode_note(payload) is None:
                self._names.add(decode(payload).names)

    def _unindexed(self, number: int, start: int, end: int) -> Stretch:
        """What no index tells of; the names and uuids in it are needed all the same."""
        stretch = Stretch(number, start, end, None)
        for _, record in self.records(stretch):
            self._names.add(record.names)
            if record.rows:
                first = min(record.rows, key=lambda row: row.id)
                self._prefixes.setdefault(first.id, first.attributes.get("uuid", "")[:-ID_DIGITS])
        return stretch

    def _blocks(self, number: int) -> list[Block]:
        data = memoryview(_read(self._folder / f"{number:08d}{INDEX_SUFFIX}", HEADER_SIZE, -1))
        decode = msgspec.msgpack.Decoder(Block).decode
        try:
            return [decode(payload) for _, payload in whole_frames(data)]
        except msgspec.MsgspecError:
            return []

    def _size_of(self, number: int) -> tuple[int, bool]:
        """How long a segment is now, and whether it says what history needs."""
        file = self._journal(number)
        try:
            with open(file, "rb") as stream:
                header = stream.read(HEADER_SIZE)
                size = os.fstat(stream.fileno()).st_size
        except FileNotFoundError:
            return 0, False
        except OSError as error:
            raise RepositoryError(f"{file} can't be read: {error.strerror}") from error
        return size, len(header) == HEADER_SIZE and int.from_bytes(header[12:16], "little") >= FIRST_FORMAT

    def _journal(self, number: int) -> Path:
        return self._folder / f"{number:08d}.journal"


def _read(file: Path, start: int, length: int) -> bytes:
    """Bytes of a file, to its end for -1; none if there is no such file."""
    try:
        with open(file, "rb") as stream:
            stream.seek(start)
            return stream.read(length)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise RepositoryError(f"{file} can't be read: {error.strerror}") from error
