"""What a state directory takes of the disk, by what it is for; whoever works on it meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from flowrun.repository.history_index import INDEX_SUFFIX


class DiskUse(Struct, frozen=True):
    """Bytes that files take.

    `snapshot` and `journal` are what the next start reads, `history` is what it would not miss of both; `contents` are
    all content files, `swap` what is swapped out of long queues, `other` the rest of the folder.
    """

    snapshot: int = 0
    journal: int = 0
    history: int = 0
    contents: int = 0
    swap: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.snapshot + self.journal + self.history + self.contents + self.swap + self.other


def disk_use(folder: Path) -> DiskUse:
    """What the state directory takes; nothing, if there is none. Raises OSError if it can't be listed."""
    sizes: dict[str, int] = dict.fromkeys(DiskUse.__struct_fields__, 0)
    found = list(_files(folder))
    newest = max((int(file.stem) for file, _ in found if file.suffix == ".snapshot" and _is_numbered(file)), default=1)
    for file, size in found:
        sizes[_purpose(folder, file, newest)] += size
    return DiskUse(**sizes)


def _files(folder: Path) -> Iterator[tuple[Path, int]]:
    for file in folder.rglob("*"):
        try:
            status = file.stat()
        except FileNotFoundError:  # gone since it was listed
            continue
        if file.is_file():
            yield file, status.st_blocks * 512


def _purpose(folder: Path, file: Path, newest: int) -> str:
    """The field that the file belongs to."""
    inside = file.relative_to(folder).parts[0]
    if inside in ("content", "swap"):
        return "contents" if inside == "content" else "swap"
    if inside != "journal" or not _is_numbered(file):
        return "other"
    if int(file.stem) < newest or file.suffix == INDEX_SUFFIX:
        return "history"
    return {".snapshot": "snapshot", ".journal": "journal"}.get(file.suffix, "other")


def _is_numbered(file: Path) -> bool:
    return file.stem.isascii() and file.stem.isdecimal()
