"""Connections, each for one request at a time, straight to the server or by a proxy."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from flowrun_processors.http_client.network import WatchedNetwork, WatchedStream
from flowrun_processors.http_client.proxy import Proxy
from flowrun_processors.http_client.tunnel import open_tunnel


class Pool(httpcore.ConnectionPool):
    """Keeps connections that `connections` makes; their number is not limited."""

    def __init__(self, connections: "Connections") -> None:
        super().__init__(max_connections=None, max_keepalive_connections=None)
        self._made_by = connections

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        """A connection for requests to that server, which is opened when it is used first."""
        return self._made_by.to(origin)


@dataclass(frozen=True, slots=True)
class Connections:
    """What all connections of a pool have in common; `idle_timeout` in seconds."""

    network: WatchedNetwork
    context: ssl.SSLContext
    idle_timeout: float
    offers_http2: bool
    proxy: Proxy | None

    def to(self, origin: httpcore.Origin) -> "SoleConnection":
        """A new one to that server."""
        route = Route(self.network, self.proxy, is_secure=origin.scheme == b"https")
        connection = httpcore.HTTPConnection(
            origin=origin,
            ssl_context=self.context,
            keepalive_expiry=self.idle_timeout,
            http2=self.offers_http2,
            network_backend=route,
        )
        return SoleConnection(connection, route)


class Route(httpcore.NetworkBackend):
    """The way of one connection; `stream` is its socket, once it is open."""

    def __init__(self, network: WatchedNetwork, proxy: Proxy | None, *, is_secure: bool) -> None:
        self.stream: WatchedStream | None = None
        self._network = network
        self._proxy = proxy
        self._is_secure = is_secure

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        proxy = self._proxy
        if proxy is None:
            self.stream = self._network.connect(host, port, timeout)
            return self.stream
        self.stream = self._network.connect(proxy.host, proxy.port, timeout)
        if self._is_secure:
            try:
                open_tunnel(self.stream, proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", timeout)
            except BaseException:
                self.stream.close()
                raise
        return self.stream


class SoleConnection(httpcore.ConnectionInterface):
    """A connection that serves one request at a time, HTTP/2 as well: a request that takes too long, or is given up,
    must not take others with it, and OpenSSL does not read and write on one connection at once."""

    def __init__(self, connection: httpcore.HTTPConnection, route: Route) -> None:
        self._connection = connection
        self._route = route

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        return self._connection.handle_request(request)

    def close(self) -> None:
        self._connection.close()

    def info(self) -> str:
        return self._connection.info()

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return self._connection.can_handle_request(origin)

    def is_available(self) -> bool:
        return self._connection.is_idle() and self._connection.is_available()

    def has_expired(self) -> bool:
        """Also if it was closed, or spoke, while it rested, which httpcore looks at for HTTP/1.1 only."""
        connection, stream = self._connection, self._route.stream
        if connection.has_expired():
            return True
        if not connection.is_idle():
            return False
        return not connection.is_available() or (stream is not None and stream.is_readable)

    def is_idle(self) -> bool:
        return self._connection.is_idle()

    def is_closed(self) -> bool:
        return self._connection.is_closed()
