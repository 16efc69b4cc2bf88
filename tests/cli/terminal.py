"""A terminal for the command to run on, and what it was sent."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

_PATIENCE = 30.0


class Terminal:
    """Runs `flowrun` on a terminal of that size; `text` is all that came out so far."""

    def __init__(
        self,
        folder: Path,
        *words: object,
        columns: int = 100,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self.text = ""
        self._master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
        errors = os.open(log, os.O_WRONLY | os.O_CREAT) if log is not None else os.dup(self._slave)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *map(str, words)],
            cwd=folder,
            env={**inherited, "TERM": "xterm", **(environment or {})},
            stdin=self._slave,
            stdout=self._slave,
            stderr=errors,
            start_new_session=True,
        )
        os.close(errors)

    def echoes(self) -> bool:
        """Whether what is typed is echoed now."""
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    @property
    def plain(self) -> str:
        """The text without what moves the cursor and what colors it."""
        return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", self.text).replace("\r\n", "\n")

    def read_until(self, pattern: str) -> None:
        """Wait until the plain text holds the pattern."""
        end = time.monotonic() + _PATIENCE
        while not re.search(pattern, self.plain):
            assert time.monotonic() < end, self.plain
            self._read(0.5)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def finish(self) -> int:
        """Wait for the end; gives the exit code."""
        while self._process.poll() is None:
            self._read(0.1)
        self._read(0)
        return self._process.wait()

    def close(self) -> None:
        """Take the terminal away, and end what runs on it."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _read(self, timeout: float) -> None:
        while select.select([self._master], [], [], timeout)[0]:
            self.text += os.read(self._master, 65536).decode("utf-8", "replace")
            timeout = 0


_TAKE_TERMINAL = """\
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv[0] = "flowrun"
from flowrun.cli import main
main()
"""
