"""The terminal while a live view is drawn on it: what is typed must not be echoed into the picture."""

import os
import sys
import termios
from types import TracebackType
from typing import Any, Self

_ECHO_INDEX = 3
_SHOW_CURSOR = b"\x1b[?25h\n"


def can_be_drawn_on() -> bool:
    """Whether standard output is a terminal that can move its cursor, and this process is in its foreground."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") in ("dumb", "unknown"):
        return False
    return _is_in_foreground(sys.stdout.fileno())


class QuietTerminal:
    """Turns the echo off while the `with` block lasts; Ctrl-C works as ever."""

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno() if sys.stdin is not None and sys.stdin.isatty() else None
        self._settings: list[Any] = []

    def __enter__(self) -> Self:
        if self._descriptor is not None and _is_in_foreground(self._descriptor):
            self._settings = termios.tcgetattr(self._descriptor)
            quiet = list(self._settings)
            quiet[_ECHO_INDEX] &= ~termios.ECHO
            termios.tcsetattr(self._descriptor, termios.TCSANOW, quiet)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._settings and self._descriptor is not None and _is_in_foreground(self._descriptor):
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._settings)

    def leave_at_once(self) -> None:
        """Give the terminal back although the view was not ended; callable in a signal handler."""
        self.__exit__(None, None, None)
        os.write(sys.stdout.fileno(), _SHOW_CURSOR)


def _is_in_foreground(descriptor: int) -> bool:
    """Whether this process may change the terminal: one in the background would be stopped for trying."""
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False
