"""What a write has changed: found by looking at the folder before and after it, so that no caller has to say it."""

from pathlib import Path
from typing import NamedTuple

from flowrun.errors import RepositoryError
from flowrun.repository.frames import file_header, frame
from flowrun.repository.notes import decode_note


class Growth(NamedTuple):
    """A file that has become longer: from `start` to `end` bytes."""

    file: Path
    start: int
    end: int


def sizes(folder: Path) -> dict[Path, int]:
    """How long the folder's files are."""
    return {file: file.stat().st_size for file in folder.iterdir()}


def growth(folder: Path, before: dict[Path, int]) -> Growth | None:
    """The file that has grown since; None if none has."""
    for file, size in sizes(folder).items():
        if size > before.get(file, 0):
            return Growth(file, before.get(file, 0), size)
    return None


def described(kind: str, grown: Growth | None) -> str:
    """The write in words."""
    if grown is None:
        return f"new file of the {kind}"
    if grown.file.suffix != ".journal":
        return kind
    written = _bytes(grown)
    if grown.start == 0 and len(written) == len(file_header(b"J")):
        return "head of a journal segment"
    return "note in the journal" if _is_note(written) else "record in the journal"


def is_record(grown: Growth | None) -> bool:
    """Whether a record was written, which makes a commit true."""
    return grown is not None and described("", grown) == "record in the journal"


def _bytes(grown: Growth) -> bytes:
    with grown.file.open("rb") as stream:
        stream.seek(grown.start)
        return stream.read(grown.end - grown.start)


def _is_note(written: bytes) -> bool:
    try:
        return decode_note(memoryview(written)[len(frame(b"")) :]) is not None
    except (RepositoryError, IndexError):
        return False
