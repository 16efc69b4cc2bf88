"""The sandbox: a stand-in for the outside world that lies beside a flow file, as a process of its own.

`FLOW.sandbox.py` defines `start(folder) -> dict[str, str]`: it starts whatever plays the outside world, keeps in
`folder` what must outlive it, and returns the parameters that point the flow at it, once all of it answers. It runs in
a child process, so that killing the engine hits the engine only; the child ends when the engine does, however it ends.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from flowrun.errors import FlowError
from flowrun.sandbox.reading import read_line


def sandbox_file(flow: Path) -> Path:
    """Where the stand-in of a flow file is looked for: `xero.sandbox.py` beside `xero.yaml`."""
    return flow.with_name(f"{flow.stem}.sandbox.py")


class Sandbox:
    """A stand-in that runs for as long as the `with` block does.

    `folder` is created if it is missing, and holds the stand-in's data and its log, `sandbox.log`. `patience` is how
    many seconds it may take to start. Entering raises FlowError if there is no stand-in, or if it does not start.
    """

    def __init__(self, file: Path, folder: Path, *, patience: float = 30.0) -> None:
        self.file = file
        self.folder = folder.absolute()
        self.parameters: Mapping[str, str] = {}
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sandbox":
        if not self.file.is_file():
            raise FlowError(f"there is no sandbox for this flow: expected the file {self.file}")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self.parameters = json.loads(self._start())
        except BaseException:  # whatever comes while it starts, Ctrl-C included, must not leave the child behind
            if self._process:
                self._process.kill()
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def log(self) -> Path:
        """What the stand-in has printed since it was started last."""
        return self.folder / "sandbox.log"

    def _start(self) -> bytes:
        """Start the child and give its one line: the parameters as a JSON object."""
        with open(self.log, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flowrun.sandbox", str(self.file), str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is for the engine, which still drains against the stand-in
            )
        try:
            assert self._process.stdout is not None
            received = read_line(self._process.stdout.fileno(), self._patience)
        except TimeoutError:
            late = f"the sandbox has not started within {self._patience:g} seconds"
            raise FlowError(f"{self.file}: {late}; see {self.log}") from None
        if not received.endswith(b"\n"):
            raise FlowError(f"{self.file}: the sandbox did not start: {self._last_words()}; see {self.log}")
        return received

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        for insist in (process.terminate, process.kill):
            try:
                process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                insist()
        process.wait()
        if process.stdout:
            process.stdout.close()
