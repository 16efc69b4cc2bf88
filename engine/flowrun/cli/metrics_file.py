"""Metrics in a file, for the textfile collector of Prometheus' node exporter."""

import os
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from flowrun.cli.log_lines import LOG
from flowrun.errors import FlowError
from flowrun.metrics import FlowMetrics

INTERVAL = 5.0
"""Seconds between two texts in the file."""


class MetricsFile:
    """Writes them to a file, which is whole at every moment, while the `with` block lasts, and once at its end."""

    def __init__(self, metrics: FlowMetrics, path: Path) -> None:
        self._metrics = metrics
        self._path = path
        self._ending = threading.Event()
        self._fails = False
        self._thread = threading.Thread(target=self._write_until_ended, name="flowrun-metrics", daemon=True)

    def __enter__(self) -> Self:
        try:
            self._write(is_running=True)
        except OSError as error:
            raise FlowError(f"--metrics: {self._path} can't be written: {error.strerror or error}") from error
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()

    def _write_until_ended(self) -> None:
        while not self._ending.is_set():
            self._ending.wait(INTERVAL)
            try:
                self._write(is_running=not self._ending.is_set())
                self._fails = False
            except OSError as error:
                if not self._fails:
                    LOG.warning("metrics can't be written to %s: %s", self._path, error.strerror or error)
                self._fails = True

    def _write(self, *, is_running: bool) -> None:
        """Replace the file; whoever collects metrics may be another user, so all may read it."""
        text = self._metrics.text(time.time(), is_running=is_running).encode()
        descriptor, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        draft = Path(name)
        try:
            with open(descriptor, "wb") as file:
                file.write(text)
                os.fchmod(file.fileno(), 0o644)
            draft.replace(self._path)
        except BaseException:  # whatever comes, no draft is left beside the file
            draft.unlink(missing_ok=True)
            raise
