"""One connection to the control socket: requests in, answers out, until either side has had enough."""

import socket
import time
from typing import BinaryIO

import msgspec

from flowrun.control.answering import Answering
from flowrun.control.requests import LONGEST_REQUEST, AnyRequest, Line
from flowrun.errors import ControlError, NoAnswerError, RepositoryError

_IDLE_TIME = 60.0
"""Seconds after which a connection that asks nothing is closed."""
_SENDING_TIME = 10.0
"""Seconds that a receiver may take nothing."""
_CHUNK = 256 << 10


class Visit:
    """Serves one connection on its own thread. `idle_since`: it waits for a request; None: it is at work."""

    def __init__(self, connection: socket.socket, answering: Answering) -> None:
        self.idle_since: float | None = time.monotonic()
        self._socket = connection
        self._answering = answering
        self._received = bytearray()
        self._is_ending = False

    def serve(self) -> None:
        """Answer until the connection ends; never raises."""
        try:
            with self._socket:
                while not self._is_ending and (request := self._next_request()) is not None:
                    self._answer(request)
                    self.idle_since = time.monotonic()
        except OSError:  # whoever asked has gone, or does not take the answer
            return

    def end(self) -> None:
        """End the connection when the answer that is on its way has been given; from any thread."""
        self._is_ending = True
        if self.idle_since is not None:
            self.dismiss()

    def dismiss(self) -> None:
        """End the connection at once, from any thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended already
            return

    def _next_request(self) -> bytes | None:
        self._socket.settimeout(_IDLE_TIME)
        while (end := self._received.find(b"\n")) < 0:
            data = self._socket.recv(_CHUNK) if len(self._received) <= LONGEST_REQUEST else b""
            if not data:
                if len(self._received) > LONGEST_REQUEST:
                    self._send(Line(error=f"a request is one line of at most {LONGEST_REQUEST} bytes"))
                return None
            self._received += data
        self.idle_since = None
        self._socket.settimeout(_SENDING_TIME)
        request = bytes(self._received[:end])
        del self._received[: end + 1]
        return request

    def _answer(self, text: bytes) -> None:
        try:
            request = _DECODER.decode(text)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self._send(Line(error=f"expected a request, one JSON object: {error}"))
            return
        try:
            for value, content in self._answering.answer(request):
                raw = msgspec.Raw(msgspec.json.encode(value))
                self._send(Line(value=raw, bytes=None if content is None else value.size))
                if content is not None:
                    self._send_content(content, value.size)
        except NoAnswerError as error:
            self._send(Line(error=str(error), again=True))
        except (ControlError, RepositoryError) as error:
            self._send(Line(error=str(error)))
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 a bug; whoever asked is told, and the flow goes on
            self._send(Line(error=f"internal error: {type(error).__name__}: {error}"))
        else:
            self._send(Line(over=True))

    def _send(self, line: Line) -> None:
        self._socket.sendall(_ENCODER.encode(line) + b"\n")

    def _send_content(self, content: BinaryIO, size: int) -> None:
        """Exactly so many bytes: if there are less, nothing that follows could be understood."""
        while size:
            data = content.read(min(_CHUNK, size))
            if not data:
                raise OSError("the content is shorter than its claim")
            self._socket.sendall(data)
            size -= len(data)


_DECODER = msgspec.json.Decoder(AnyRequest)
_ENCODER = msgspec.json.Encoder()
