"""Whether somebody else was faster: a file that is newer than what is to take its place."""

from pathlib import Path
from typing import BinaryIO

from flowrun import ProcessorError
from flowrun_processors.put_file.appearance import seconds_of

_PIECE = 1 << 20


def is_newer(path: Path, since: str) -> bool:
    """Whether there is a file that was changed after that time. Raises ProcessorError if the text is no time."""
    try:
        limit = seconds_of(since)
    except (ValueError, OverflowError) as error:
        raise ProcessorError(f"'Replace Only If Unmodified Since': {error}, found '{since}'") from error
    try:
        return path.stat().st_mtime_ns // 1_000_000_000 > limit
    except FileNotFoundError:
        return False


def holds(path: Path, content: BinaryIO) -> bool:
    """Whether the file has this content, byte for byte: a write before a crash may have come so far."""
    with path.open("rb") as file:
        while True:
            piece, other = file.read(_PIECE), content.read(_PIECE)
            if piece != other:
                return False
            if not piece:
                return True
