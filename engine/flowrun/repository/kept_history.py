"""What a repository keeps for history when nothing that lives needs it any more, and for how long.

Finished segments of the journal, with their snapshots and indexes, and content files on which nobody holds a claim: up
to a limit of bytes and age, oldest first. The newest segment, and contents of flowfiles that live, are no history.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from flowrun.repository.commit import Commit
from flowrun.repository.history_index import INDEX_SUFFIX, IndexWriter
from flowrun.repository.history_limit import SHARE_OF_SEGMENT, HistoryLimit
from flowrun.repository.names import Names

_SUFFIXES = (".journal", ".snapshot", INDEX_SUFFIX)


class _Kept(NamedTuple):
    """Some files, their bytes, and when the last of what they tell happened."""

    files: tuple[Path, ...]
    size: int
    until: float


class KeptHistory:
    """Decides what goes. `journal` is the folder of the segments.

    Used by the engine thread alone, but for `make_room`.
    """

    def __init__(self, journal: Path, limit: HistoryLimit, names: Names) -> None:
        self._journal = journal
        self._limit = limit
        self._lock = threading.Lock()
        self._index = IndexWriter(names)
        self._segments: deque[_Kept] = deque()
        self._contents: deque[_Kept] = deque()
        self._content_size = 0
        self._has_kept = False
        self._left = 0.0
        self._due: float | None = None

    def ids_from(self, first: int) -> None:
        """This process gives new flowfiles ids from this one on."""
        self._index.since = first

    def begin(self, number: int, size: int, needed: int) -> None:
        """A segment begins, or is gone on with at that size; what lies before the segment `needed` is history.

        Raises OSError.
        """
        self._index.begin(self._journal / f"{number:08d}{INDEX_SUFFIX}", size)
        with self._lock:
            self._segments = deque(self._finished(needed))
        snapshot = self._journal / f"{number:08d}.snapshot"
        age = time.time() - snapshot.stat().st_mtime if snapshot.exists() else 0.0
        self._left, self._due = max(0.0, self._limit.age / SHARE_OF_SEGMENT - age), None
        self._tidy()

    def note(self, commit: Commit, born: list[int], start: int, end: int) -> None:
        """A record was appended to the newest segment."""
        self._index.note(commit, born, start, end)

    def is_due(self, moment: float) -> bool:
        """Whether the segment is so old that it should be followed by another: it could not be dropped in parts."""
        if self._due is None:
            self._due = moment + self._left
        return moment > self._due

    def keep(self, contents: Iterable[Path]) -> None:
        """Content files that nobody needs: they are history from now on. Raises OSError.

        Of those that the first call brings, former processes may have let go: they are as old as their last content.
        """
        now = time.time() if self._has_kept else None
        found = [(path, status) for path in contents if (status := _status(path)) is not None]
        kept = [_Kept((path,), status.st_size, now or status.st_mtime) for path, status in found]
        with self._lock:
            self._contents.extend(sorted(kept, key=lambda content: content.until))
            self._content_size += sum(content.size for content in kept)
        self._has_kept = True
        self._tidy()

    def make_room(self) -> bool:
        """Drop the oldest content, or else segment, for the disk is full; False: there is none."""
        with self._lock:
            if self._contents:
                self._drop_content()
            elif self._segments:
                _remove(self._segments.popleft())
            else:
                return False
        return True

    @property
    def spare(self) -> int:
        """How many bytes of contents that nobody needs may lie beside others in files that are needed."""
        return max(0, self._limit.size // 2 - self._content_size)

    def close(self) -> None:
        """Write what is left of the index."""
        self._index.close()

    def forget(self) -> None:
        """Let go of files without writing anything more."""
        self._index.forget()

    def _finished(self, number: int) -> Iterable[_Kept]:
        files: dict[int, list[Path]] = {}
        for file in self._journal.iterdir():
            if file.suffix in _SUFFIXES and file.stem.isascii() and file.stem.isdecimal():
                files.setdefault(int(file.stem), []).append(file)
        for finished in sorted(files):
            if finished < number:
                there = [(file, file.stat()) for file in files[finished]]
                until = max(status.st_mtime for _, status in there)
                yield _Kept(tuple(files[finished]), sum(status.st_size for _, status in there), until)

    def _tidy(self) -> None:
        limit, oldest = self._limit, time.time() - self._limit.age
        with self._lock:
            while self._contents and (self._content_size > limit.size // 2 or self._contents[0].until < oldest):
                self._drop_content()
            while self._segments and (self._size() > limit.size or self._segments[0].until < oldest):
                segment = self._segments.popleft()
                _remove(segment)
                while self._contents and self._contents[0].until < segment.until:
                    self._drop_content()

    def _size(self) -> int:
        return self._content_size + sum(segment.size for segment in self._segments)

    def _drop_content(self) -> None:
        content = self._contents.popleft()
        self._content_size -= content.size
        _remove(content)


def _remove(kept: _Kept) -> None:
    for file in kept.files:
        file.unlink(missing_ok=True)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
