"""A real proxy on the loopback: it forwards absolute URLs, and opens tunnels."""

import socket
import threading
from base64 import b64encode
from contextlib import suppress
from io import RawIOBase
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class ProxyServer:
    """Remembers what it was sent; with `user`, asks for it. `refuses`: answers so to every request, and hangs up."""

    def __init__(self, user: str | None = None, password: str = "", refuses: bytes | None = None) -> None:
        self._credentials = user and "Basic " + b64encode(f"{user}:{password}".encode("latin-1")).decode()
        self._refuses = refuses
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.lines: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.port = self._listener.getsockname()[1]

    @property
    def properties(self) -> dict[str, str]:
        """Those of a ProxyConfigurationService for it."""
        return {"Proxy Type": "HTTP", "Proxy Server Host": "127.0.0.1", "Proxy Server Port": str(self.port)}

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for connection in (self._listener, *self._open):
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection.makefile("rb", buffering=0) as stream:
            while line := _line(stream):
                headers = {}
                while field := _line(stream):
                    name, _, value = field.partition(":")
                    headers[name.lower()] = value.strip()
                self.lines.append(line)
                self.headers.append(headers)
                if not self._answer(connection, stream, line, headers):
                    return

    def _answer(self, connection: socket.socket, stream: RawIOBase, line: str, headers: dict[str, str]) -> bool:
        if self._refuses is not None:
            connection.sendall(self._refuses)
            connection.shutdown(socket.SHUT_RDWR)
            return False
        if self._credentials and headers.get("proxy-authorization") != self._credentials:
            connection.sendall(b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            return True
        method, target, _ = line.split(" ")
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            server = self._connect(host, int(port))
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            threading.Thread(target=_pump, args=(server, connection), daemon=True).start()
            _pump(connection, server)
            return False
        url = urlsplit(target)
        server = self._connect(url.hostname or "", url.port or 80)
        passed = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != "proxy-authorization")
        body = stream.read(int(headers.get("content-length", "0")))
        head = f"{method} {url.path or '/'}{'?' * bool(url.query)}{url.query} HTTP/1.1\r\n{passed}Connection: close\r\n"
        server.sendall(f"{head}\r\n".encode("latin-1") + (body or b""))
        server.shutdown(socket.SHUT_WR)
        _pump(server, connection)
        return False

    def _connect(self, host: str, port: int) -> socket.socket:
        server = socket.create_connection((host.strip("[]"), port))
        self._open.append(server)
        return server


def _line(stream: RawIOBase) -> str:
    """Up to the end of the line, and not a byte more: what follows may be for somebody else."""
    line = b""
    try:
        while not line.endswith(b"\n") and (byte := stream.read(1)):
            line += byte
    except OSError:
        return ""
    return line.decode("latin-1").rstrip("\r\n")


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
