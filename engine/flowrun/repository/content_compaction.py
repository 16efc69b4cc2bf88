"""Content files of which little is still needed: written anew, with holes where nothing is held.

A hole takes no room on the disk, and offsets stay: no claim changes, so the journal has nothing to say about it. The
new file takes the old one's place in one step, and until then the old one is there, whole.
"""

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flowrun.flowfile import ContentClaim
from flowrun.repository.syncing import sync_path

LEAST_GAIN = 1 << 20
"""Bytes that a file must take more than it needs; less is not worth the work."""
DRAFT_SUFFIX = ".draft"
_BLOCK = 4096
_PIECE = 1 << 20

Stretch = tuple[int, int]
"""Where it begins, and where it ends."""


class SealedFiles:
    """The shared files that take no more contents: what each takes of the disk, and when it is worth a look."""

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}
        self._worth_from: dict[int, int] = {}

    def add(self, number: int, taken: int) -> None:
        """A file that takes so many bytes of the disk: worth a look once half of that, or less, is held."""
        if taken >= LEAST_GAIN:
            self._taken[number] = taken
            self._worth_from[number] = taken // 2

    def looked_at(self, number: int, held: int) -> None:
        """It holds what it must, which was so many bytes: not worth a look before half of them are gone."""
        self._taken[number] = held
        self._worth_from[number] = held // 2

    def discard(self, number: int) -> None:
        """The file is gone."""
        self._taken.pop(number, None)
        self._worth_from.pop(number, None)

    def sparse(self, held: Callable[[int], int], spare: int) -> list[int]:
        """The files that are worth a look now, oldest first, and no more than it takes.

        `held` gives how many bytes of a file are; so many bytes as `spare` may be there, all in all, that are not.
        """
        unheld = sum(max(0, taken - held(number)) for number, taken in self._taken.items()) - spare
        found = []
        for number, enough in self._worth_from.items():
            if unheld > 0 and held(number) <= enough:
                found.append(number)
                unheld -= self._taken[number] - held(number)
        return found


def make_smaller(file: Path, held: Iterable[ContentClaim]) -> bool:
    """Let the file hold these contents alone, if that gains enough. Raises OSError, and then it is as it was."""
    needed = stretches(held)
    if gain(file, needed) < LEAST_GAIN:
        return False
    rewrite(file, needed)
    return True


def stretches(claims: Iterable[ContentClaim]) -> list[Stretch]:
    """What the claims need of their file, in order, in whole blocks; what lies close together is one stretch."""
    found: list[Stretch] = []
    for begin, end in sorted((claim.offset, claim.offset + claim.length) for claim in claims):
        begin -= begin % _BLOCK
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def gain(file: Path, needed: list[Stretch]) -> int:
    """How many bytes of disk are won if only these stretches are kept. Raises OSError."""
    blocks = sum(-(-(end - begin) // _BLOCK) for begin, end in needed)
    return file.stat().st_blocks * 512 - blocks * _BLOCK


def rewrite(file: Path, needed: list[Stretch]) -> None:
    """Let the file hold these stretches alone, where they were. Raises OSError, and then it is as it was."""
    draft = file.with_suffix(DRAFT_SUFFIX)
    try:
        _copy(file, draft, needed)
        draft.rename(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_path(file.parent)


def _copy(file: Path, draft: Path, needed: list[Stretch]) -> None:
    source = os.open(file, os.O_RDONLY)
    try:
        target = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            for place, length in _pieces(needed):
                data = memoryview(os.pread(source, length, place))
                if len(data) < length:
                    raise OSError(errno.EIO, "it is shorter than its contents")
                while data:
                    written = os.pwrite(target, data, place)
                    data, place = data[written:], place + written
            os.fsync(target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def _pieces(needed: list[Stretch]) -> Iterator[Stretch]:
    """Place and length of each piece to copy."""
    for begin, end in needed:
        for place in range(begin, end, _PIECE):
            yield place, min(_PIECE, end - place)
