"""The other end of the control socket: asks a flow that runs in another process."""

import socket
import time
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec
from msgspec import UnsetType

from flowrun.control.address import socket_path
from flowrun.control.requests import Answer, Line, Request, Value
from flowrun.errors import ControlError, NoAnswerError

_PATIENCE = 10.0
"""Seconds that an answer may take to begin, or to go on."""
_PAUSE = 0.02
_CHUNK = 256 << 10


class ControlClient:
    """A connection to a running flow."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._stream = connection.makefile("rb")

    @classmethod
    def connect(cls, folder: Path) -> Self | None:
        """A connection to the flow whose state directory this is; None if nobody listens there."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_PATIENCE)
        try:
            with socket_path(folder) as path:
                _connect(connection, path)
        except (OSError, ControlError):
            connection.close()
            return None
        return cls(connection)

    def ask(self, request: Request[Value]) -> Iterator[Answer[Value]]:
        """The answer's values, as they come, to be taken to the last before the next request.

        Raises ControlError, and NoAnswerError if the answer does not come to its end.
        """
        decode = msgspec.json.Decoder(request.answer).decode
        try:
            self._socket.sendall(msgspec.json.encode(request) + b"\n")
            while not (line := self._next_line()).over:
                if line.error:
                    raise NoAnswerError(line.error) if line.again else ControlError(line.error)
                if isinstance(line.value, UnsetType):
                    continue
                value: Any = decode(line.value)
                if line.bytes is None:
                    yield Answer(value)
                    continue
                content = _Content(self._stream, line.bytes)
                yield Answer(value, BufferedReader(content))
                content.skip()
        except TimeoutError:
            raise NoAnswerError(f"the flow runs, but has not answered for {_PATIENCE:g} sec") from None
        except OSError as error:
            raise NoAnswerError(f"the flow ended before it had answered ({error})") from error

    def close(self) -> None:
        """Leave."""
        self._stream.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next_line(self) -> Line:
        text = self._stream.readline()
        if not text.endswith(b"\n"):
            raise NoAnswerError("the flow ended before it had answered")
        try:
            return msgspec.json.decode(text, type=Line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ControlError(
                f"the flow answered what is not understood (is it of another version?): {error}"
            ) from error


def _connect(connection: socket.socket, path: str) -> None:
    """Connect, in the end, to a socket at which many others queue."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.connect(path)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


class _Content(RawIOBase):
    """So many bytes of a stream."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self._left))
        if not data and self._left and len(buffer):
            raise NoAnswerError("the flow ended in the middle of a content")
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def skip(self) -> None:
        """Read to the end what nobody wanted."""
        while self._left and (data := self._stream.read(min(_CHUNK, self._left))):
            self._left -= len(data)
