"""Replacing a file so that at every moment, and after a power failure, the old or the new one is there, whole."""

import os
import tempfile
from pathlib import Path

from flowrun.errors import FlowError


def replace_file(path: Path, content: bytes) -> None:
    """Give a file new content; its mode stays, and so does a symbolic link to it. Raises FlowError if it can't be."""
    target = path.resolve()
    draft = None
    try:
        mode = target.stat().st_mode & 0o7777
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        draft = Path(name)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.replace(target)
        draft = None
        _sync_folder(target.parent)
    except OSError as error:
        raise FlowError(f"{path} can't be written: {error.strerror}") from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
