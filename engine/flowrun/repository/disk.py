"""The repository on disk: a journal of commits beside files of content, in a folder that one process holds.

The order of things: content before journal, journal before queues and before anything done to the world outside.
"""

import itertools
import time
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository import Recovered
from flowrun.repository.commit import Commit
from flowrun.repository.disk_content import DiskContentRepository
from flowrun.repository.folder_lock import FolderLock
from flowrun.repository.history_limit import HistoryLimit
from flowrun.repository.journal import Journal
from flowrun.repository.kept_history import KeptHistory
from flowrun.repository.live import LiveFlowFiles
from flowrun.repository.names import Names
from flowrun.repository.notes import SYNCED, Fsync, boot_id, encode_opened
from flowrun.repository.record_reader import RecordReader
from flowrun.repository.records import RecordWriter
from flowrun.repository.replay import replay
from flowrun.repository.room import Room, cannot_write
from flowrun.repository.snapshot import snapshot_payloads
from flowrun.repository.swap import SwapSpace

SEGMENT_SIZE = 64 << 20
JOURNAL_PER_FLOWFILE = 1000
"""Bytes of journal, for each flowfile in memory, between two snapshots: so that these take little of the time."""
CHEAP_SNAPSHOT = 50_000
"""So many flowfiles don't count there: they take less than a tenth of a second."""
COMPACTION_INTERVAL = 1.0
"""Seconds between two looks for content files of which little is needed any more."""


class DiskRepository:
    """Keeps what was committed in `folder` (mode 0700).

    `fsync`: `none` and `group` survive kill -9 at every moment; `group` survives a power failure up to the last
    `sync`; `commit` survives it up to the last commit. `history` says how much is kept of what nobody needs any more;
    None: nothing. A segment larger than `segment_size` bytes is followed by a
    snapshot, so that recovery stays short. Every write goes through `room`. Raises StateInUseError if another process
    holds the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        fsync: Fsync = "group",
        segment_size: int = SEGMENT_SIZE,
        room: Room | None = None,
        history: HistoryLimit | None = None,
    ) -> None:
        self.folder = folder
        self._fsync = fsync
        self._segment_size = segment_size if history is None else min(segment_size, history.segment_size)
        self._lock = self._take_folder()
        self.room = room or Room()
        self.content = DiskContentRepository(folder / "content", self.room)
        self._journal = Journal(folder / "journal", self.room, keeps_older=history is not None)
        self._live = LiveFlowFiles()
        self._state: dict[str, Mapping[str, str]] = {}
        self._names = Names()
        self._writer = RecordWriter(self._names, self._live.placements)
        self.swap = SwapSpace(folder / "swap", self._names, self._live.placements)
        self._history = KeptHistory(folder / "journal", history, self._names) if history is not None else None
        if self._history is not None:
            self.room.make_room = self._history.make_room
        self._ids = itertools.count(1)
        self._rotate_at = segment_size
        self._is_sound = True
        self._has_opened = False
        self._compact_from = 0.0

    def recover(self) -> Recovered:
        try:
            return self._recover()
        except OSError as error:
            raise RepositoryError(f"the state directory {self.folder} can't be used: {error}") from error

    def _recover(self) -> Recovered:
        self.swap.clear()
        swap = self.swap if self.swap.takes_over else None
        reader = RecordReader(self._names, self._live.placements, self._state, swap=swap)
        replayed = replay(self._journal, reader, boot_id(), mend=True)
        self._ids = itertools.count(replayed.highest_id + 1)
        self._rotate_at = self._next_rotation(replayed.snapshot_size)
        placements = tuple(self._live.placements.values())
        self.content.recover(self._claims())
        self._journal.open()
        self._journal.dirty = not replayed.lasts
        if self._history is not None:
            self._history.ids_from(replayed.highest_id + 1)
        self._begin_history()
        return Recovered(placements, dict(self._state), tuple(self._journal.notes))

    def next_id(self) -> int:
        return next(self._ids)

    def commit(self, commit: Commit) -> None:
        if not self._is_sound:
            raise RepositoryError(f"{self.folder} can't take more: an earlier commit could not be brought to its end")
        if self._fsync == "commit":
            self.content.sync()
        elif commit.content:
            self.content.flush()
        record = self._encode(commit)
        if not self._has_opened:
            self._note_opening()
        self._is_sound = False  # what is on disk, and what is known here, may differ until all of this is done
        start = self._journal.size
        self._journal.append(record)
        if self._history is not None:
            self._history.note(commit, self._writer.born, start, self._journal.size)
        if self._fsync == "commit":
            self._journal.sync()
        gained, lost = self._live.apply(commit)
        if gained or lost or commit.content:
            self.content.exchange(gained, [*lost, *commit.content])
        for change in commit.state:
            self._state[change.processor] = change.values
        if self._journal.size > self._rotate_at or (self._history is not None and self._history.is_due(commit.moment)):
            self._snapshot()
        self._is_sound = True

    def _note_opening(self) -> None:
        if self._fsync != "none":
            self._sync_all()
        self._journal.note(encode_opened(self._fsync, boot_id()))
        self._has_opened = True

    def _claims(self, files: Set[int] | None = None) -> Iterator[ContentClaim]:
        """The claims of all flowfiles; of those that are swapped out, only those on `files`, if that is said."""
        for placement in self._live.placements.values():
            if placement.flowfile.content is not None:
                yield placement.flowfile.content
        yield from self.swap.claims(files)

    def _encode(self, commit: Commit) -> bytes:
        known = len(self._names.listed)
        try:
            return self._writer.encode(commit)
        except BaseException:
            self._names.forget_after(known)
            raise

    def sync(self) -> None:
        self._journal.check_place()
        if self._fsync != "none":
            self._sync_all()
        self._let_go()
        if time.monotonic() >= self._compact_from:
            self._compact_from = time.monotonic() + COMPACTION_INTERVAL
            self.content.compact(self._claims, spare=self._history.spare if self._history is not None else 0)

    def _let_go(self) -> None:
        """Remove what nobody needs; what is kept for history goes when that has grown too large."""
        freed = self.content.take_freed()
        if self._history is None:
            self.content.remove(freed)
        elif freed:
            try:
                self._history.keep(freed)
            except OSError as error:
                raise cannot_write(self.folder, error) from error

    def _begin_history(self) -> None:
        try:
            if self._history is not None:
                self._history.begin(self._journal.number, self._journal.size, self._journal.first)
            else:
                self._journal.drop_older()
        except OSError as error:  # what should go stays a while: no reason to stop
            self.room.tell(f"old history in {self.folder} can't be removed: {error.strerror}")

    def _sync_all(self) -> None:
        if not self._journal.dirty:
            return
        self.content.sync()
        self._journal.note(SYNCED)
        self._journal.sync()

    def close(self) -> None:
        try:
            self.content.flush()
            self.sync()
            if self._history is not None:
                self._history.close()
        finally:
            self.forget()

    def forget(self) -> None:
        """Let go of files and locks without writing anything more, as a killed process would."""
        self.content.forget()
        if self._history is not None:
            self._history.forget()
        self._journal.close()
        self._lock.release()

    def _take_folder(self) -> FolderLock:
        try:
            for folder in (self.folder, self.folder / "journal", self.folder / "content"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise RepositoryError(f"the state directory {self.folder} can't be used: {error.strerror}") from error
        return FolderLock(self.folder)

    def _next_rotation(self, snapshot_size: int) -> int:
        """How long the segment may grow; a snapshot costs time for each flowfile in memory, and writes as much."""
        costly = len(self._live.placements) - CHEAP_SNAPSHOT
        return max(self._segment_size, snapshot_size, JOURNAL_PER_FLOWFILE * costly)

    def _snapshot(self) -> None:
        self._sync_all()
        highest_id = next(self._ids)
        swap, live = self.swap, self._live.placements
        payloads = snapshot_payloads(
            self._names, live, self._state, highest_id, pieces=swap.payloads(), count=swap.count
        )
        self._has_opened = False
        try:
            size = self._journal.rotate(payloads)
        except OSError as error:
            self._rotate_at = self._journal.size + self._segment_size
            self.room.tell(f"no snapshot could be written in {self.folder}: {error.strerror}; the journal grows on")
            self._begin_history()
            return
        self._begin_history()
        self._rotate_at = self._next_rotation(size)
