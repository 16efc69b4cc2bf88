"""Whether the files that say what runs have been written since they were read."""

from pathlib import Path

from flowrun.cli.loading import Given

Signature = tuple[tuple[int, int, int] | None, ...]


class WatchedFiles:
    """The files that say what runs: the flow, and those of `--params`."""

    def __init__(self, path: Path, options: Given) -> None:
        self._paths = (path, *options.parameter_files)
        self.seen = self.signature()

    def signature(self) -> Signature:
        """What differs after a file was written: its number, size and time; None for one that is not there."""
        return tuple(_signature(path) for path in self._paths)


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
