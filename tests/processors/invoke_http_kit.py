"""A real HTTP server on the loopback, which answers as a test tells it, and InvokeHttp to ask it."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

from flowrun.testing import TestRunner, Triggered
from flowrun_processors.invoke_http import InvokeHttp


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    fields: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The values of that header, joined with `, `; None if it did not come."""
        values = [value for known, value in self.fields if known.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def names(self) -> set[str]:
        """The headers' names in lower case."""
        return {name.lower() for name, _ in self.fields}


Conversation = Callable[[socket.socket], None]
Answer = bytes | Conversation


def answer(
    body: bytes = b"",
    *,
    status: int = 200,
    reason: str = "OK",
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
) -> bytes:
    """A whole answer, with a Content-Length."""
    fields = list(headers.items()) if isinstance(headers, Mapping) else list(headers)
    if status not in (204, 304) and not any(name.lower() == "transfer-encoding" for name, _ in fields):
        fields.append(("Content-Length", str(len(body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} {reason}\r\n{lines}\r\n".encode() + body


def redirect(location: str, *, status: int = 302) -> bytes:
    """A redirect to that place."""
    return answer(b"elsewhere", status=status, reason="Found", headers={"Location": location})


def hang_up(_: socket.socket) -> None:
    """Close the connection without an answer."""


class LoopbackServer:
    """Gives the n-th answer to the n-th request, and the last one to all after it, on connections that stay open.

    An answer may be a function that talks on the socket itself; the connection is closed after it. With `together`,
    answers wait until so many requests have come.
    """

    def __init__(self, *answers: Answer, together: int = 1) -> None:
        self._answers = answers
        self._together = threading.Barrier(together)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self.connections = 0
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = f"http://{self.authority}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_connections()

    def answer_with(self, *answers: Answer) -> None:
        """Give these answers from the first request on."""
        self._answers = answers

    def drop_connections(self) -> None:
        """Close the connections that are open."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def secure(self, connection: socket.socket) -> socket.socket:
        """The connection as it is spoken on; a TLS server wraps it."""
        return connection

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            connection = self.secure(plain)
        except OSError:
            plain.close()
            return
        with self._lock:
            self._open.append(connection)
        with connection:
            self.converse(connection)

    def converse(self, connection: socket.socket) -> None:
        """Answer what is asked on it."""
        with connection.makefile("rb") as stream:
            try:
                while (asked := _read_request(stream)) is not None and self._respond(connection, asked):
                    pass
            except (OSError, ValueError):  # the client has gone, or speaks TLS
                return

    def _respond(self, connection: socket.socket, asked: Asked) -> bool:
        with self._lock:
            said = self._answers[min(len(self.asked), len(self._answers) - 1)]
            self.asked.append(asked)
        self._together.wait(10)
        if callable(said):
            said(connection)
            return False
        connection.sendall(said)
        return b"Connection: close" not in said


def _read_request(stream: BinaryIO) -> Asked | None:
    line = stream.readline().decode("latin-1").rstrip("\r\n")
    if not line:
        return None
    method, target, _ = line.split(" ")
    fields = []
    while field := stream.readline().decode("latin-1").rstrip("\r\n"):
        name, _, value = field.partition(":")
        fields.append((name, value.strip()))
    known = {name.lower(): value for name, value in fields}
    if known.get("transfer-encoding") == "chunked":
        return Asked(method, target, fields, b"".join(_chunks(stream)))
    return Asked(method, target, fields, stream.read(int(known.get("content-length", "0"))))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while size := int(stream.readline(), 16):
        yield stream.read(size)
        stream.readline()
    stream.readline()


@contextmanager
def invoking(properties: Mapping[str, str], *, has_input: bool = True) -> Iterator[TestRunner]:
    """InvokeHttp with these properties, in the test kit."""
    runner = TestRunner(InvokeHttp(properties), has_input=has_input)
    try:
        yield runner
    finally:
        runner.stop()


def invoke(url: str, properties: Mapping[str, str] | None = None, content: bytes = b"", **attributes: str) -> Triggered:
    """One flowfile through InvokeHttp; properties beside the URL, attributes with `.` written as `__`."""
    with invoking({"HTTP URL": url, **(properties or {})}) as runner:
        runner.enqueue(content, {name.replace("__", "."): value for name, value in attributes.items()})
        return runner.trigger()


def poll(url: str, properties: Mapping[str, str] | None = None) -> Triggered:
    """InvokeHttp as a source, triggered once."""
    with invoking({"HTTP URL": url, **(properties or {})}, has_input=False) as runner:
        return runner.trigger()
