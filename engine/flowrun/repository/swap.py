"""Swap: flowfiles that wait far from the head of a long queue, on disk instead of in memory.

Only a place to put them: the journal and its snapshots are the truth, so a start removes what a former process left
here, and after a crash nothing is missing. A snapshot takes over what is swapped out as it lies here.
"""

from array import array
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

import msgspec
from msgspec import Struct

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, Placement
from flowrun.repository.frames import FrameReader, file_header, frame
from flowrun.repository.names import Names
from flowrun.repository.snapshot import read_tables
from flowrun.repository.table import tables_of

_KIND = b"W"
_SUFFIX = ".swap"


class Swapped(Struct, eq=False):
    """Some flowfiles that are on disk, in the order of `ids`; what must be known of them without reading them.

    `oldest` is the earliest entry date, `since` when the first of them was queued; `size` are bytes of content, which
    lie in `files`. `lowest` and `highest` are ids. Of what a former process swapped out, `first` and `last` say when
    which flowfile was queued at either end.
    """

    number: int
    ids: "array[int]"
    oldest: float
    since: float
    size: int
    files: frozenset[int]
    first: tuple[float, int] = (0.0, 0)
    last: tuple[float, int] = (0.0, 0)
    lowest: int = 0
    highest: int = 0

    def __post_init__(self) -> None:
        self.lowest, self.highest = min(self.ids), max(self.ids)

    def __len__(self) -> int:
        return len(self.ids)


class SwapSpace:
    """Puts flowfiles into files of their own, and takes them back. `live` are those in memory; it is kept up to date.

    If it `takes_over`, what a former process had swapped out when it wrote its last snapshot is not read into memory at
    a start, but swapped out again: `recovered` has it by connection.
    Used by the engine thread alone.
    """

    def __init__(self, folder: Path, names: Names, live: dict[int, Placement]) -> None:
        self.count = 0
        self.takes_over = False
        self.recovered: dict[str, list[Swapped]] = {}
        self._folder = folder
        self._names = names
        self._live = live
        self._next = 1
        self._pieces: dict[int, Swapped] = {}
        self._encode = msgspec.msgpack.Encoder().encode

    def clear(self) -> None:
        """Remove what a former process left. Raises OSError."""
        if self._folder.is_dir():
            for file in self._folder.glob(f"*{_SUFFIX}"):
                file.unlink()

    def put(self, placements: Sequence[Placement]) -> Swapped | None:
        """Put them on disk; None, if it does not take them: then they stay in memory."""
        claims = [p.flowfile.content for p in placements if p.flowfile.content is not None]
        swapped = Swapped(
            self._next,
            array("q", [placement.flowfile.id for placement in placements]),
            min(placement.flowfile.entry_date for placement in placements),
            min(placement.queued_since for placement in placements),
            sum(claim.length for claim in claims),
            frozenset(claim.file for claim in claims),
        )
        if not self._keep(swapped, self._encode(tables_of(placements, self._names))):
            return None
        for flowfile_id in swapped.ids:
            del self._live[flowfile_id]
        return swapped

    def adopt(self, payload: memoryview) -> bool:
        """Put a piece of a snapshot on disk as it is, whose flowfiles are all in one queue; False: it can't be."""
        tables = read_tables(payload)
        claims = [claim for table in tables for claim in table.contents.of(len(table.ids)) if claim is not None]
        order = sorted(pair for table in tables for pair in zip(table.since.of(len(table.ids)), table.ids, strict=True))
        swapped = Swapped(
            self._next,
            array("q", [flowfile_id for _, flowfile_id in order]),
            min(min(table.entry_dates.different) for table in tables),
            order[0][0],
            sum(claim.length for claim in claims),
            frozenset(claim.file for claim in claims),
            order[0],
            order[-1],
        )
        if not self._keep(swapped, payload):
            return False
        connection = self._names.listed[tables[0].queues.at(0)]
        self.recovered.setdefault(connection, []).append(swapped)
        return True

    def look(self, swapped: Swapped) -> list[Placement]:
        """What is swapped out, which stays there. Raises RepositoryError if it can't be read."""
        found: dict[int, Placement] = {}
        for table in read_tables(self.payload(swapped)):
            found.update(zip(table.ids, table.placements(self._names.listed), strict=True))
        return [found[flowfile_id] for flowfile_id in swapped.ids]

    def take(self, swapped: Swapped) -> list[Placement]:
        """Take it back into memory. Raises RepositoryError if it can't be read; a start finds it all the same."""
        placements = self.look(swapped)
        self._live.update(zip(swapped.ids, placements, strict=True))
        del self._pieces[swapped.number]
        self.count -= len(swapped)
        self._path(swapped).unlink(missing_ok=True)
        return placements

    def placements(self) -> Iterator[Placement]:
        """All that is swapped out, which stays there. Raises RepositoryError."""
        for swapped in self._pieces.values():
            yield from self.look(swapped)

    def payloads(self) -> Iterator[memoryview]:
        """The tables of all that is swapped out, as a snapshot has them. Raises RepositoryError."""
        for swapped in self._pieces.values():
            yield self.payload(swapped)

    def claims(self, files: Set[int] | None) -> Iterator[ContentClaim]:
        """The claims on these content files, and perhaps others; None: on all. Raises RepositoryError."""
        for swapped in self._pieces.values():
            if swapped.files if files is None else not files.isdisjoint(swapped.files):
                for table in read_tables(self.payload(swapped)):
                    yield from (claim for claim in table.contents.of(len(table.ids)) if claim is not None)

    def payload(self, swapped: Swapped) -> memoryview:
        """Its tables as they were written."""
        reader = FrameReader(self._path(swapped), _KIND)
        payloads = list(reader)
        if len(payloads) != 1 or reader.torn:
            raise RepositoryError(f"{reader.file} is damaged: start again, which finds its flowfiles in the journal")
        return payloads[0]

    def _keep(self, swapped: Swapped, payload: bytes | memoryview) -> bool:
        try:
            self._write(self._path(swapped), payload)
        except OSError:
            self._path(swapped).unlink(missing_ok=True)
            return False
        self._next += 1
        self._pieces[swapped.number] = swapped
        self.count += len(swapped)
        return True

    def _write(self, path: Path, payload: bytes | memoryview) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(file_header(_KIND) + frame(payload))

    def _path(self, swapped: Swapped) -> Path:
        return self._folder / f"{swapped.number:08d}{_SUFFIX}"
