"""Where in a segment which flowfiles are spoken of, so that history is found without reading all of it.

Beside `00000003.journal` lies `00000003.index`: one frame for each block of about a thousand events, appended when the
block is full. What was appended to the journal since is read as it is; so is what a killed process left out.
"""

import os
from array import array
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from flowrun.flowfile import ID_DIGITS, new_uuid
from flowrun.repository.commit import Commit, EventType
from flowrun.repository.frames import HEADER_SIZE, file_header, frame, whole_frames
from flowrun.repository.names import Names

EVENTS_OF_BLOCK = 1024
INDEX_SUFFIX = ".index"


class Block(Struct, array_like=True, gc=False):
    """A stretch of a segment, from byte `start` up to `end`, and what happened in it from `first` to `last`.

    `names` are those that it brought, `authors` the numbers of whose work it tells (-1: nobody's), `ids` the flowfiles
    it speaks of, eight bytes each in this machine's order, in the order of the events. `queues` and `ways` are numbers
    of the queues that were joined and of the relationships that no queue tells, `kinds` the types of its events. The
    process that wrote it gave new flowfiles ids from `since` on, and uuids that begin with `prefix`.
    """

    start: int
    end: int
    first: float
    last: float
    names: Sequence[str]
    authors: Sequence[int]
    queues: Sequence[int]
    ways: Sequence[int]
    kinds: Sequence[EventType]
    since: int
    prefix: str
    ids: bytes


class IndexWriter:
    """Writes the index of the newest segment. A write that fails costs a slower search, and nothing else.

    `since` is the first id that this process gives.
    """

    def __init__(self, names: Names) -> None:
        self.since = 1
        self._names = names
        self._prefix = new_uuid(0)[:-ID_DIGITS]
        self._encode = msgspec.msgpack.Encoder().encode
        self._descriptor = -1
        self._reset(len(names.listed))

    def begin(self, file: Path, size: int) -> None:
        """Go on with this file, of a segment that has so many bytes; the block at hand is written to the one before."""
        self.close()
        self._reset(len(self._names.listed))
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            found = os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)
            os.ftruncate(self._descriptor, _fitting(found, size))
            if len(found) < HEADER_SIZE:
                os.write(self._descriptor, file_header(b"I"))
        except OSError:
            self.forget()

    def note(self, commit: Commit, born: list[int], start: int, end: int) -> None:
        """A record was appended: the commit's, with these new flowfiles, at these places."""
        ids = self._ids
        if not ids:
            self._start, self._first = start, commit.moment
        ids.extend(commit.taken)
        if born:
            ids.extend(born)
        self._authors.add(commit.author)
        self._queues.update([placement.connection for placement in commit.placed])
        if commit.ways:
            self._ways.update(commit.ways)
        if commit.events:
            kinds = {event.type for event in commit.events}
            self._kinds |= kinds
            if EventType.REPLAY in kinds:  # the only one whose parents take no part in the commit
                ids.extend(other for event in commit.events for other in event.others)
        if commit.returned:
            self._kinds.add(EventType.ROLLBACK)
        self._end, self._last = end, commit.moment
        if len(ids) >= EVENTS_OF_BLOCK:
            self._flush()

    def close(self) -> None:
        """Write the block at hand, and let go of the file."""
        self._flush()
        self.forget()

    def forget(self) -> None:
        """Let go of the file without writing anything more."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _flush(self) -> None:
        if not self._ids:
            return
        number, names = self._names.number, self._names.listed
        authors = [number(author) if author else -1 for author in self._authors]
        block = Block(
            self._start,
            self._end,
            self._first,
            self._last,
            names[self._known :],
            authors,
            [number(queue) for queue in self._queues],
            [number(way) for way in self._ways],
            tuple(self._kinds),
            self.since,
            self._prefix,
            array("Q", self._ids).tobytes(),
        )
        if self._descriptor >= 0:
            data = frame(self._encode(block))
            try:
                is_whole = os.write(self._descriptor, data) == len(data)
            except OSError:
                is_whole = False
            if not is_whole:
                self.forget()  # nothing can be added behind half a block: the rest of the segment is read as it is
        self._reset(len(names))

    def _reset(self, known: int) -> None:
        self._known = known
        self._ids: list[int] = []
        self._authors: set[str] = set()
        self._queues: set[str] = set()
        self._ways: set[str] = set()
        self._kinds: set[EventType] = set()
        self._start = self._end = 0
        self._first = self._last = 0.0


def _fitting(index: bytes, size: int) -> int:
    """How much of an index to keep: up to the first block that is not whole, or whose records have been cut off."""
    end = HEADER_SIZE if len(index) >= HEADER_SIZE else 0
    decode = msgspec.msgpack.Decoder(Block).decode
    try:
        for place, payload in whole_frames(memoryview(index)[HEADER_SIZE:]):
            if decode(payload).end > size:
                break
            end = HEADER_SIZE + place + len(frame(b"")) + len(payload)
    except msgspec.MsgspecError:
        return end
    return end
