"""Contents on disk: small ones one behind the other in shared claim files, large ones in files of their own."""

import os
import re
import threading
from collections.abc import Callable, Iterable, Set
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim
from flowrun.repository.claims import ClaimCounts
from flowrun.repository.content_compaction import DRAFT_SUFFIX, SealedFiles, make_smaller
from flowrun.repository.content_files import OWN_FILE_FROM, ClaimStream, DiskContentWriter, Readers, content_name
from flowrun.repository.room import Room, cannot_write
from flowrun.repository.syncing import sync_path

SHARED_FILE_SIZE = 64 << 20
FLUSH_FROM = 1 << 20
_FILE_NUMBER = re.compile(r"[0-9a-f]{8,}")


class DiskContentRepository:
    """Claim files in one folder. Writes to the shared file are gathered and reach it at the latest with a commit."""

    def __init__(self, folder: Path, room: Room) -> None:
        self.folder = folder
        self.room = room
        self._lock = threading.RLock()
        self._counts = ClaimCounts(self._free)
        self._sealed = SealedFiles()
        self._next_file = 1
        self._shared = 0
        self._shared_descriptor = -1
        self._shared_size = 0
        self._gathered: list[bytes] = []
        self._gathered_size = 0
        self._unsynced: set[int] = set()
        self._has_new_files = False
        self._freed: list[int] = []
        self._readers = Readers(self._path)

    def recover(self, claims: Iterable[ContentClaim]) -> None:
        """Hold the claims of the flowfiles that live; files that nobody needs are removed as others that are freed.

        Raises RepositoryError if content is missing.
        """
        for draft in self._files(DRAFT_SUFFIX).values():  # of a process that was killed
            draft.unlink()
        found = {number: path.stat() for number, path in self._files().items()}
        sizes = {number: status.st_size for number, status in found.items()}
        for claim in claims:
            if sizes.get(claim.file, -1) < claim.offset + claim.length:
                file = self._path(claim.file)
                raise RepositoryError(f"{file} is missing or too short: content of a flowfile is lost")
            self._counts.hold(claim)
        for number in sizes:
            if number in self._counts:
                self._unsynced.add(number)  # whoever wrote it may have been killed before it was made to last
                self._sealed.add(number, found[number].st_blocks * 512)
            else:
                self._freed.append(number)
        self._next_file = max(sizes, default=0) + 1

    def write(self, data: bytes) -> ContentClaim:
        if len(data) >= OWN_FILE_FROM:
            writer = self.open_write()
            writer.write(data)
            writer.close()
            return writer.claim
        with self._lock:
            if self._shared == 0 or self._shared_size >= SHARED_FILE_SIZE:
                self._begin_shared()
            claim = ContentClaim(self._shared, self._shared_size, len(data), checksum=crc32(data))
            self._shared_size += len(data)
            self._gathered.append(data)
            self._gathered_size += len(data)
            self._counts.hold(claim)
            if self._gathered_size >= FLUSH_FROM:
                self.flush()
        return claim

    def open_write(self) -> DiskContentWriter:
        return DiskContentWriter(self)

    def read(self, claim: ContentClaim) -> bytes:
        with self._lock:
            self._flush_for(claim)
            return self._readers.read(claim)

    def open(self, claim: ContentClaim) -> BinaryIO:
        with self._lock:
            self._flush_for(claim)
        return BufferedReader(ClaimStream(self._path(claim.file), claim), 1 << 16)

    def release(self, claims: Iterable[ContentClaim]) -> None:
        with self._lock:
            self._counts.let_go(claims)

    def exchange(self, gained: list[ContentClaim], lost: list[ContentClaim]) -> None:
        """Hold and let go what a commit gained and lost."""
        with self._lock:
            for claim in gained:
                self._counts.hold(claim)
            self._counts.let_go(lost)

    def flush(self) -> None:
        """Hand everything gathered to the operating system, where kill -9 can't reach it."""
        with self._lock:
            if not self._gathered:
                return
            data = memoryview(b"".join(self._gathered))
            end = self._shared_size
            while data:
                place = end - len(data)
                written = self.room.write(
                    self.folder,
                    lambda: os.pwrite(self._shared_descriptor, data, place),  # noqa: B023 called at once
                )
                data = data[written:]
            self._gathered.clear()
            self._gathered_size = 0
            self._unsynced.add(self._shared)

    def sync(self) -> None:
        """Make all contents survive a power failure."""
        self.flush()
        with self._lock:
            unsynced, self._unsynced = self._unsynced, set()
            try:
                for number in unsynced:
                    if number == self._shared:
                        os.fsync(self._shared_descriptor)
                    elif self._path(number).exists():
                        sync_path(self._path(number))
                if self._has_new_files:
                    self._has_new_files = False
                    sync_path(self.folder)
            except OSError as error:
                raise cannot_write(self.folder, error) from error

    def take_freed(self) -> list[Path]:
        """The files that nobody needs any more, once; to be called when the commits that freed them are safe."""
        with self._lock:
            freed, self._freed = self._freed, []
        return [self._path(number) for number in freed]

    def remove(self, files: Iterable[Path]) -> None:
        """Remove files that nobody needs. Raises RepositoryError."""
        try:
            for file in files:
                file.unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def compact(self, claims: Callable[[Set[int]], Iterable[ContentClaim]], *, spare: int = 0) -> None:
        """Give back what nobody needs of files that hold little else; to be called when all commits are safe.

        `claims` gives those of all flowfiles on these files, and perhaps others; `spare` bytes, all in all, may be
        there for nobody. A file on which a session holds more is left alone for now.
        """
        with self._lock:
            held: dict[int, list[ContentClaim]] = {n: [] for n in self._sealed.sparse(self._counts.size, spare)}
        if not held:
            return
        for claim in claims(held.keys()):
            if claim.file in held:
                held[claim.file].append(claim)
        for number, of_file in held.items():
            if len(of_file) == self._counts.held(number):
                self._sealed.looked_at(number, self._counts.size(number))
                self._compact(number, of_file)

    def _compact(self, number: int, held: list[ContentClaim]) -> None:
        try:
            if not make_smaller(self._path(number), held):
                return
        except OSError as error:
            self.room.tell(f"{self._path(number)} could not be made smaller: {error.strerror}; it stays as it is")
            return
        with self._lock:
            self._readers.close(number)

    def forget(self) -> None:
        """Let go of open files; what was gathered and belongs to no commit is dropped."""
        with self._lock:
            self._gathered.clear()
            self._gathered_size = 0
            self._readers.close_all()
            if self._shared_descriptor >= 0:
                os.close(self._shared_descriptor)
            self._shared_descriptor, self._shared = -1, 0

    def take_own(self) -> tuple[int, int]:
        """Number and descriptor of a new file for one large content."""
        with self._lock:
            number = self._next_file
            self._next_file += 1
            return number, self._create(number)

    def keep_own(self, claim: ContentClaim) -> None:
        """Hold the claim on a large content that was written whole."""
        with self._lock:
            self._counts.hold(claim)
            self._unsynced.add(claim.file)

    def drop_own(self, number: int) -> None:
        """Remove a large content that was given up."""
        self._path(number).unlink(missing_ok=True)

    def _begin_shared(self) -> None:
        self.flush()
        number, descriptor = self.take_own()
        done, self._shared = self._shared, number
        self._sealed.add(done, self._shared_size)
        if self._shared_descriptor >= 0:
            os.close(self._shared_descriptor)
        self._shared_descriptor, self._shared_size = descriptor, 0
        if done and done not in self._counts:
            self._free(done)

    def _create(self, number: int) -> int:
        path, flags = self._path(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._has_new_files = True
        return self.room.write(self.folder, lambda: os.open(path, flags, 0o600))

    def _free(self, number: int) -> None:
        if number != self._shared:
            self._freed.append(number)
            self._sealed.discard(number)
            self._readers.close(number)

    def _flush_for(self, claim: ContentClaim) -> None:
        if self._gathered and claim.file == self._shared:
            self.flush()

    def _path(self, number: int) -> Path:
        return self.folder / content_name(number)

    def _files(self, suffix: str = ".content") -> dict[int, Path]:
        """The folder's files of that kind by number; whatever else somebody has put there is left alone."""
        files = [file for file in self.folder.iterdir() if file.suffix == suffix and _FILE_NUMBER.fullmatch(file.stem)]
        return {int(file.stem, 16): file for file in files}
