"""Child processes that cost little: copies of this one, which has loaded everything already and has one thread."""

import contextlib
import os
import pickle
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Ended(NamedTuple):
    """How a child ended: what its function returned, if it did; or by which signal; or its last words."""

    result: Any = None
    signal: int = 0
    words: str = ""


class Child:
    """Runs a function in a process of its own; what it prints is added to the file `log`, for its owner only."""

    def __init__(self, function: Callable[[], Any], log: Path) -> None:
        self._log = log
        self._results, results = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(self._results)
            _live(function, results, log)
        os.close(results)

    def wait(self, seconds: float) -> Ended:
        """Wait for its end; one that takes longer is killed."""
        received, deadline = b"", time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._results, selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                piece = os.read(self._results, 1 << 16)
                if not piece:
                    break
                received += piece
            else:
                self.kill()
                return Ended(words=f"it was still at work after {seconds:.0f} seconds")
        os.close(self._results)
        _, status = os.waitpid(self._process, 0)
        if os.WIFSIGNALED(status):
            return Ended(signal=os.WTERMSIG(status))
        if not received:
            return Ended(words=self._last_words())
        return Ended(pickle.loads(received))

    def kill(self) -> None:
        """End it at once."""
        os.kill(self._process, signal.SIGKILL)
        os.close(self._results)
        os.waitpid(self._process, 0)

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"


def run_in_child(function: Callable[[], Any], log: Path, *, seconds: float = 60.0) -> Any:
    """What the function returns when it is run in a child. Raises ChildError if it returns nothing."""
    ended = Child(function, log).wait(seconds)
    if ended.signal or ended.words:
        raise ChildError(ended.words or f"it was ended by {signal.Signals(ended.signal).name}")
    return ended.result


class ChildError(Exception):
    """A child did not do what it was made for; says its last words."""


def _live(function: Callable[[], Any], results: int, log: Path) -> None:
    """The child's whole life; never returns."""
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, stream in ((1, sys.stdout), (2, sys.stderr)):
            stream.flush()
            os.dup2(output, descriptor)
        result = pickle.dumps(function())
        with contextlib.suppress(BrokenPipeError), open(results, "wb") as pipe:
            pipe.write(result)
        code = 0
    except BaseException:  # noqa: BLE001 a copy of the process must not go on with what the original has to do
        os.write(2, traceback.format_exc().encode("utf-8", "replace"))
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
