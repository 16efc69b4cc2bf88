"""The repository in memory: the same contract, nothing left after the process. For tests and `--state memory`."""

import itertools
import threading
from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository import Recovered
from flowrun.repository.claims import ClaimCounts
from flowrun.repository.commit import Commit
from flowrun.repository.live import LiveFlowFiles
from flowrun.repository.room import Room


class MemoryContentWriter:
    """Collects one content."""

    def __init__(self, repository: "MemoryContentRepository") -> None:
        self._repository = repository
        self._buffer = BytesIO()
        self.claim = ContentClaim(0, 0, 0)

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        return self._buffer.write(data)

    def close(self) -> None:
        content = self._buffer.getvalue()
        if content:
            self.claim = self._repository.write(content)

    def abandon(self) -> None:
        self._buffer.close()


class MemoryContentRepository:
    """Each content is a file of its own, in memory."""

    def __init__(self) -> None:
        self._files: dict[int, bytes] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._counts = ClaimCounts(lambda file: self._files.__delitem__(file))

    def write(self, data: bytes) -> ContentClaim:
        claim = ContentClaim(next(self._numbers), 0, len(data))
        with self._lock:
            self._files[claim.file] = bytes(data)
            self._counts.hold(claim)
        return claim

    def open_write(self) -> MemoryContentWriter:
        return MemoryContentWriter(self)

    def read(self, claim: ContentClaim) -> bytes:
        content = self._files.get(claim.file)
        if content is None:
            raise RepositoryError(f"content {claim.file} is not in memory any more")
        return content[claim.offset : claim.offset + claim.length]

    def open(self, claim: ContentClaim) -> BinaryIO:
        return BytesIO(self.read(claim))

    def release(self, claims: Iterable[ContentClaim]) -> None:
        with self._lock:
            self._counts.let_go(claims)

    def exchange(self, gained: list[ContentClaim], lost: list[ContentClaim]) -> None:
        """Hold and let go what a commit gained and lost."""
        with self._lock:
            for claim in gained:
                self._counts.hold(claim)
            self._counts.let_go(lost)

    def __len__(self) -> int:
        return len(self._files)


class MemoryRepository:
    """Keeps what was committed for as long as the object lives; `recover` gives it back, as after a restart."""

    def __init__(self) -> None:
        self.content = MemoryContentRepository()
        self.room = Room()
        self.swap = None
        self._live = LiveFlowFiles()
        self._state: dict[str, dict[str, str]] = {}
        self._ids = itertools.count(1)

    def recover(self) -> Recovered:
        return Recovered(tuple(self._live.placements.values()), dict(self._state))

    def next_id(self) -> int:
        return next(self._ids)

    def commit(self, commit: Commit) -> None:
        gained, lost = self._live.apply(commit)
        if gained or lost or commit.content:
            self.content.exchange(gained, [*lost, *commit.content])
        for change in commit.state:
            self._state[change.processor] = dict(change.values)

    def sync(self) -> None:
        """Nothing to do: memory is not made to last."""

    def close(self) -> None:
        """Nothing to let go of."""
