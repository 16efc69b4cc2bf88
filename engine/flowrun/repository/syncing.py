"""Making what was written survive a power failure."""

import os
from pathlib import Path


def sync_path(path: Path) -> None:
    """Have the disk keep a file's content, or the names in a folder. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
