"""The control socket of a running flow. It never keeps the engine from its work, whoever talks to it, or how."""

import os
import selectors
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from flowrun.control.address import socket_path
from flowrun.control.answering import Answering
from flowrun.control.running import RunningFlow
from flowrun.control.visit import Visit
from flowrun.errors import ControlError

MOST_VISITS = 32
"""Connections at a time. One more ends that which has been idle longest; if all are at work, it is refused."""
_BACKLOG = 1024
_FAREWELL = 1.0
"""Seconds that answers which are on their way have at the end."""
_PAUSE = 0.1
"""Seconds after a connection that could not be taken, such as when the process has too many open files."""


class ControlServer:
    """Answers on a socket in `folder`, which this process holds, from `start` until `close`."""

    def __init__(self, folder: Path, flow: RunningFlow, answering: Answering) -> None:
        self._folder = folder
        self._flow = flow
        self._answering = answering
        self._listener: socket.socket | None = None
        self._visits: dict[Visit, threading.Thread] = {}
        self._lock = threading.Lock()
        self._ending, self._end = socket.socketpair()
        self._thread = threading.Thread(target=self._receive, name="flowrun-control", daemon=True)

    def start(self) -> None:
        """Begin to answer. Raises ControlError if the socket can't be made; the flow can do without it."""
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with socket_path(self._folder) as path:
                with suppress(FileNotFoundError):  # of a process that was killed: this one holds the folder now
                    Path(path).unlink()
                with suppress(OSError):  # where this does not work, the folder (0700) keeps others out until chmod
                    os.fchmod(self._listener.fileno(), 0o600)
                self._listener.bind(path)
                Path(path).chmod(0o600)
            self._listener.listen(_BACKLOG)
            self._listener.setblocking(False)
        except (OSError, ControlError) as error:
            self._listener.close()
            raise ControlError(f"no socket can be made in {self._folder}: {error}") from error
        self._thread.start()

    def close(self) -> None:
        """Answer no more, and remove the socket. To be called when the engine thread has ended its work."""
        self._end.send(b"\0")
        if self._thread.ident is not None:
            self._thread.join()
            with suppress(OSError, ControlError), socket_path(self._folder) as path:
                Path(path).unlink()
        self._flow.end()
        deadline = time.monotonic() + _FAREWELL
        with self._lock:
            visits = dict(self._visits)
        for visit in visits:
            visit.end()
        for visit, thread in visits.items():
            thread.join(max(0.0, deadline - time.monotonic()))
            visit.dismiss()
        for end in (self._ending, self._end, self._listener):
            if end is not None:
                end.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self) -> None:
        assert self._listener is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._ending, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._ending in ready:
                    return
                try:
                    connection, _ = self._listener.accept()
                except BlockingIOError:  # it has gone again
                    continue
                except OSError:
                    self._make_room()
                    time.sleep(_PAUSE)
                    continue
                self._welcome(connection)

    def _welcome(self, connection: socket.socket) -> None:
        if not self._make_room():
            connection.close()
            return
        visit = Visit(connection, self._answering)
        thread = threading.Thread(target=self._serve, args=(visit,), name="flowrun-control-visit", daemon=True)
        with self._lock:
            self._visits[visit] = thread
        thread.start()

    def _serve(self, visit: Visit) -> None:
        visit.serve()
        with self._lock:
            self._visits.pop(visit, None)

    def _make_room(self) -> bool:
        """Whether there is room for one more, after the longest idle one was sent away if need be."""
        with self._lock:
            if len(self._visits) < MOST_VISITS:
                return True
            idle = [(since, visit) for visit in self._visits if (since := visit.idle_since) is not None]
            if not idle:
                return False
            _, longest = min(idle, key=lambda entry: entry[0])
            del self._visits[longest]
        longest.dismiss()
        return True
