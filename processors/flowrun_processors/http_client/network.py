"""Sockets that keep to a deadline: whatever the server does, no step lasts beyond the end of the whole request.

httpx bounds each single step and not their sum: a server that sends a byte now and then would hold a task for ever.
"""

import math
import select
import socket
import ssl
import threading
from time import monotonic
from typing import Any, Final

import httpcore

from flowrun_processors.http_client.connection_count import ConnectionCount
from flowrun_processors.http_client.request_error import REFUSED, TIME_OUT, TLS, UNKNOWN_HOST, RequestError

_SEVERAL_ADDRESSES: Final = (socket.AF_UNSPEC, socket.SOCK_STREAM)


_MOST_KEPT: Final = 1 << 16


class Watch(threading.local):
    """What this thread's request may still use: `deadline` on the monotonic clock; `opened`: it made a connection.

    `received` is the beginning of what has come since the request was sent.
    """

    deadline = math.inf
    opened = False
    received = b""

    def limit(self, timeout: float | None) -> float | None:
        """Seconds that the next step may last; raises RequestError if there are none left."""
        if self.deadline == math.inf:
            return timeout
        left = self.deadline - monotonic()
        if left <= 0:
            raise RequestError(TIME_OUT, "the request took longer than the Request Timeout allows")
        return left if timeout is None or left < timeout else timeout


class WatchedStream(httpcore.NetworkStream):
    """A connection, each step of which is limited by the watch."""

    def __init__(self, connection: socket.socket, watch: Watch, count: ConnectionCount) -> None:
        self._connection = connection
        self._watch = watch
        self._count = count
        self._counts = True
        count.opened()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._connection.settimeout(self._watch.limit(timeout))
            data = self._connection.recv(max_bytes)
        except TimeoutError as error:
            self._watch.limit(timeout)
            raise httpcore.ReadTimeout from error
        except OSError as error:
            raise httpcore.ReadError from error
        if len(self._watch.received) < _MOST_KEPT:
            self._watch.received += data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = memoryview(buffer)
        self._watch.received = b""
        try:
            while left:
                self._connection.settimeout(self._watch.limit(timeout))
                left = left[self._connection.send(left) :]
        except TimeoutError as error:
            self._watch.limit(timeout)
            raise httpcore.WriteTimeout from error
        except OSError as error:
            raise httpcore.WriteError from error

    def close(self) -> None:
        self._connection.close()
        if self._counts:
            self._counts = False
            self._count.closed()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._connection.settimeout(self._watch.limit(timeout))
            self._connection = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except (OSError, ValueError) as error:
            self.close()
            self._watch.limit(timeout)
            raise _tls_failure(error, server_hostname) from error
        return self

    @property
    def is_readable(self) -> bool:
        """Whether the server has said something that was not read yet, or has closed the connection."""
        return _is_readable(self._connection)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self.is_readable
        if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket):
            return self._connection
        return None


class WatchedNetwork:
    """Opens connections: each address of a host in turn, until one answers."""

    def __init__(self, watch: Watch, count: ConnectionCount) -> None:
        self._watch = watch
        self._count = count

    def connect(self, host: str, port: int, timeout: float | None) -> WatchedStream:
        """A new connection; `timeout` is in seconds, for each address. Raises RequestError."""
        self._watch.opened = True
        failure = RequestError(UNKNOWN_HOST, f"the host '{host}' has no address")
        for family, kind, protocol, _, address in _addresses(host, port):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(self._watch.limit(timeout))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.connect(address)
                return WatchedStream(connection, self._watch, self._count)
            except OSError as error:
                connection.close()
                failure = _connect_failure(error, host, port)
            except RequestError:
                connection.close()
                raise
        self._watch.limit(timeout)
        raise failure


def _addresses(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, *_SEVERAL_ADDRESSES)
    except (OSError, UnicodeError) as error:
        raise RequestError(UNKNOWN_HOST, f"the host '{host}' is not known") from error


def _connect_failure(error: OSError, host: str, port: int) -> RequestError:
    where = f"{host}:{port}"
    if isinstance(error, TimeoutError):
        return RequestError(TIME_OUT, f"no connection to {where} within the Connection Timeout")
    reason = error.strerror or type(error).__name__
    return RequestError(REFUSED, f"no connection to {where}: {reason}")


def _tls_failure(error: OSError | ValueError, host: str | None) -> RequestError:
    if isinstance(error, TimeoutError):
        return RequestError(TIME_OUT, f"the TLS handshake with {host} took longer than the Connection Timeout")
    if isinstance(error, ssl.SSLCertVerificationError):
        return RequestError(TLS, f"the certificate of {host} is not trusted: {error.verify_message}")
    reason = error.reason if isinstance(error, ssl.SSLError) else type(error).__name__
    return RequestError(TLS, f"the TLS handshake with {host} failed: {reason}")


def _is_readable(connection: socket.socket) -> bool:
    if connection.fileno() < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([connection], [], [], 0)[0])
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(0))
