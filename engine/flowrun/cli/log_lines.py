"""Log lines: to standard error as they come, or kept until the live view prints them above its table."""

import logging
import sys
from collections import deque

from flowrun.bulletin import Bulletin, Level

LOG = logging.getLogger("flowrun")
_MOST_KEPT = 200


def log_to(handler: logging.Handler, level: Level, formatter: logging.Formatter | None = None) -> None:
    """Have everything that flowrun logs go there, and nowhere else. Trace lines were asked for: no level hides them."""
    handler.setFormatter(formatter or logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
    LOG.handlers[:] = [handler]
    LOG.setLevel(level.value)
    LOG.propagate = False
    logging.getLogger("flowrun.trace").setLevel(Level.INFO.value)


def log_to_stderr(level: Level, formatter: logging.Formatter | None = None) -> None:
    """Have log lines go to standard error."""
    log_to(logging.StreamHandler(sys.stderr), level, formatter)


def log_bulletin(bulletin: Bulletin) -> None:
    """Write a bulletin to the log."""
    about = {"processor": bulletin.processor, "flowfile": bulletin.flowfile, "plain": bulletin.message}
    LOG.log(bulletin.level.value, "%s", on_one_line(str(bulletin)), extra=about)


def on_one_line(text: str) -> str:
    """The text with line breaks and control characters spelled out: names of files, for one, may hold them."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


class KeptLines(logging.Handler):
    """Keeps lines for a view that takes them now and then, so that nobody who logs has to wait for a terminal.

    Where more come than a person could read, the oldest are only counted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[tuple[int, str]] = deque()
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append((record.levelno, self.format(record)))
        if len(self._lines) > _MOST_KEPT:
            self._lines.popleft()
            self._left_out += 1

    def take(self) -> list[tuple[int, str]]:
        """The lines since the last call, each with its level."""
        self.acquire()
        try:
            lines, self._lines = list(self._lines), deque()
            left_out, self._left_out = self._left_out, 0
        finally:
            self.release()
        if left_out:
            lines.insert(0, (Level.WARNING, f"… {left_out:,} lines came too fast to be shown"))
        return lines
