"""A server of HTTP/2 over TLS on the loopback, one stream after the other; to a client that does not, it speaks 1.1."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from tests.processors.invoke_http_kit import Answer, Asked
from tests.processors.tls_kit import Certificates, TlsServer

Talk = Callable[[h2.connection.H2Connection, int], None]
Http2Answer = tuple[int, list[tuple[str, str]], bytes] | Talk


class Http2Server(TlsServer):
    """Gives the n-th of `streams` to the n-th request by HTTP/2, and the last one to all after it; `answers` by 1.1."""

    def __init__(self, certificates: Certificates, *streams: Http2Answer, answers: tuple[Answer, ...] = ()) -> None:
        super().__init__(certificates, *answers)
        self.tls.set_alpn_protocols(["h2", "http/1.1"])
        self._streams = streams
        self.protocols: list[str | None] = []

    def converse(self, connection: socket.socket) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        self.protocols.append(connection.selected_alpn_protocol())
        if connection.selected_alpn_protocol() != "h2":
            super().converse(connection)
            return
        with suppress(OSError, h2.exceptions.ProtocolError):  # what comes after the server's good-bye
            _Conversation(self, connection).run()

    def answer_to(self, asked: Asked) -> Http2Answer:
        with self._lock:
            self.asked.append(asked)
            return self._streams[min(len(self.asked), len(self._streams)) - 1]


class _Conversation:
    def __init__(self, server: Http2Server, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        self._headers: dict[int, list[tuple[str, str]]] = {}
        self._bodies: dict[int, bytes] = {}

    def run(self) -> None:
        self._h2.initiate_connection()
        self._send()
        while data := self._connection.recv(1 << 16):
            for event in self._h2.receive_data(data):
                self._take(event)
            self._send()

    def _take(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            assert event.headers is not None
            self._headers[event.stream_id] = [(str(name), str(value)) for name, value in event.headers]
            self._bodies[event.stream_id] = b""
        elif isinstance(event, h2.events.DataReceived):
            assert event.data is not None
            self._bodies[event.stream_id] += event.data
            self._h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self._answer(event.stream_id)

    def _answer(self, stream: int) -> None:
        fields = dict(self._headers[stream])
        said = self._server.answer_to(
            Asked(fields[":method"], fields[":path"], self._headers[stream], self._bodies[stream])
        )
        if callable(said):
            said(self._h2, stream)
            return
        status, headers, body = said
        self._h2.send_headers(stream, [(":status", str(status)), *headers])
        while body:
            size = min(len(body), self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size)
            self._h2.send_data(stream, body[:size])
            body = body[size:]
        self._h2.end_stream(stream)

    def _send(self) -> None:
        self._connection.sendall(self._h2.data_to_send())
