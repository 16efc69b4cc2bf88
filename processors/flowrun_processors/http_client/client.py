"""The HTTP client: the one module that knows httpx, so that a successor of httpx is a change here alone.

httpx's transport is used, not its `Client`: that one writes URLs to the log, keeps cookies, reads passwords from URLs
and changes headers, all of which is decided elsewhere in this package, and costs twice the time. The environment is
not asked (`trust_env=False`): a proxy variable or a `.netrc` of whoever starts flowrun would send the flow's requests
elsewhere, or with other credentials, than the flow says. OpenSSL itself reads SSL_CERT_FILE and SSL_CERT_DIR.
"""

import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.util import find_spec
from time import monotonic
from typing import Final

import httpx

from flowrun_processors.http_client.certificate import subject_of
from flowrun_processors.http_client.connection_count import ConnectionCount
from flowrun_processors.http_client.headers import Headers, text_of, without
from flowrun_processors.http_client.network import Watch, WatchedNetwork
from flowrun_processors.http_client.pool import Connections, Pool
from flowrun_processors.http_client.proxy import Proxy
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.request_error import (
    ILLEGAL_ARGUMENT,
    IO,
    PROTOCOL,
    TIME_OUT,
    DroppedConnectionError,
    RequestError,
)
from flowrun_processors.http_client.response import Response
from flowrun_processors.http_client.switching import read_switch
from flowrun_processors.http_client.trust import trusted_certificates
from flowrun_processors.http_client.url import Url

_REPEATABLE: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"))
"""Methods that may be repeated on a new connection: should the server have acted already, twice does no harm."""

_READ_ON_BYTES: Final = 1 << 16
_READ_ON_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """Seconds for each step of a request (None: no limit but the request's own), and what is kept open in between."""

    connect_timeout: float | None
    read_timeout: float | None
    write_timeout: float | None
    idle_timeout: float
    idle_connections: int
    http2: bool = False
    """Whether servers may choose HTTP/2, over TLS, if the library for it (h2) is installed."""
    proxy: Proxy | None = None
    new_context: Callable[[], ssl.SSLContext] | None = None
    """Makes a TLS context for this client alone; None: the machine's certification authorities are trusted."""


class Client:
    """Sends requests over connections that it keeps open; any number of threads may use it at once.

    The number of connections is not limited: each concurrent task has one at most.
    """

    def __init__(self, settings: ClientSettings) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.CRITICAL)  # they would write URLs and headers to the log
        self._watch = Watch()
        self._count = ConnectionCount(settings.idle_connections)
        self._proxy = settings.proxy
        self._transport = _Transport(settings, WatchedNetwork(self._watch, self._count))
        self._timeouts = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.write_timeout,
            "pool": None,
        }

    def send(self, request: Request, deadline: float) -> Response:
        """Send it, and give the answer as soon as its headers have come.

        `deadline`, on the monotonic clock, counts for the reading of the body as well, which has to be done on the
        same thread. A connection that was kept open may have been closed by the server in the meantime: the request
        is then sent on another one, if its method is one that may be repeated. Raises RequestError.
        """
        watch = self._watch
        watch.deadline = deadline
        outgoing = self._outgoing(request)
        while True:
            watch.opened = False
            try:
                return self._answer(outgoing, request)
            except DroppedConnectionError:
                if watch.opened or request.method not in _REPEATABLE:
                    raise

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _outgoing(self, request: Request) -> httpx.Request:
        url, fields, target = request.url, request.fields, request.url.target
        if self._proxy is not None and url.scheme == "http":
            target = f"http://{url.authority}{target}"
            own = self._proxy.authorization
            fields = [*without(fields, *(name.lower() for name, _ in own)), *own]
        return httpx.Request(
            request.method,
            _address(url),
            headers=fields,
            stream=_BodyStream(request),
            extensions={"timeout": self._timeouts, "target": target.encode("ascii")},
        )

    def _answer(self, outgoing: httpx.Request, request: Request) -> Response:
        self._count.taken()
        try:
            incoming = self._transport.handle_request(outgoing)
        except BaseException as error:
            self._count.given_back()
            if not isinstance(error, _HTTPX_ERRORS):
                raise
            switch = read_switch(self._watch.received) if isinstance(error, httpx.RemoteProtocolError) else None
            if switch is None:
                raise _failure(error, request.url) from error
            return Response(101, switch.reason, switch.headers, request.url, iter(switch.body), _nothing)
        extensions = incoming.extensions
        pieces = _pieces(incoming, request.url)
        return Response(
            incoming.status_code,
            text_of(extensions.get("reason_phrase", b"")),
            Headers.from_raw(incoming.headers.raw),
            request.url,
            pieces,
            partial(self._close_answer, incoming, pieces),
            subject_of(extensions["network_stream"].get_extra_info("ssl_object")),
        )

    def _close_answer(self, incoming: httpx.Response, pieces: Iterator[bytes]) -> None:
        """Read on a little, so that the connection can be used again; close it if more is left, or too many rest."""
        if incoming.is_closed:
            return
        self._watch.deadline = min(self._watch.deadline, monotonic() + _READ_ON_SECONDS)
        left, is_finished = _READ_ON_BYTES, False
        try:
            for piece in pieces:
                left -= len(piece)
                if left < 0:
                    break
            else:
                is_finished = True
        except RequestError:
            pass  # nobody wanted the rest
        finally:
            if self._count.given_back() or not is_finished:
                incoming.extensions["network_stream"].close()  # first: once it rests, somebody may take it
            incoming.close()


class _Transport(httpx.HTTPTransport):
    """httpx's transport, on connections that keep to the deadline, for which it has no option of its own."""

    def __init__(self, settings: ClientSettings, network: WatchedNetwork) -> None:
        offers_http2 = settings.http2 and find_spec("h2") is not None
        context = settings.new_context() if settings.new_context else trusted_certificates(offers_http2)
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = Pool(Connections(network, context, settings.idle_timeout, offers_http2, settings.proxy))


class _BodyStream(httpx.SyncByteStream):
    def __init__(self, request: Request) -> None:
        self._body = request.body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body) if self._body is not None else iter(())


_HTTPX_ERRORS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


@lru_cache(maxsize=256)
def _origin(scheme: str, host: str, port: int) -> httpx.URL:
    try:
        return httpx.URL(scheme=scheme, host=host, port=port)
    except (httpx.InvalidURL, ValueError) as error:
        raise RequestError(ILLEGAL_ARGUMENT, "the URL's host is no name or address of a host") from error


def _address(url: Url) -> httpx.URL:
    return _origin(*url.origin)


def _pieces(incoming: httpx.Response, url: Url) -> Iterator[bytes]:
    try:
        assert isinstance(incoming.stream, httpx.SyncByteStream)
        yield from incoming.stream
    except _HTTPX_ERRORS as error:
        failure = _failure(error, url)
        raise RequestError(failure.java_class, failure.message) from error


def _nothing() -> None:
    """An answer whose connection is closed already has nothing to close."""


def _failure(error: Exception, url: Url) -> RequestError:
    where = url.authority
    if isinstance(error, httpx.ReadTimeout):
        return RequestError(TIME_OUT, f"{where} sent nothing within the Socket Read Timeout")
    if isinstance(error, httpx.WriteTimeout):
        return RequestError(TIME_OUT, f"{where} took nothing within the Socket Write Timeout")
    if isinstance(error, httpx.TimeoutException):
        return RequestError(TIME_OUT, f"{where} took too long")
    if isinstance(error, httpx.LocalProtocolError):
        return RequestError(ILLEGAL_ARGUMENT, "the method, or a header, holds a character that can't be sent")
    if isinstance(error, httpx.RemoteProtocolError):
        return _protocol_failure(str(error), where)
    if isinstance(error, httpx.NetworkError):
        return DroppedConnectionError(f"the connection to {where} was lost")
    return RequestError(IO, f"the request to {where} failed ({type(error).__name__})")


def _protocol_failure(message: str, where: str) -> RequestError:
    if any(sign in message for sign in ("without sending a response", "Server disconnected", "ConnectionTerminated")):
        return DroppedConnectionError(f"{where} closed the connection without an answer")
    if "complete message body" in message or "incomplete chunked read" in message:
        return RequestError(IO, f"the answer of {where} was cut short")
    if "StreamReset" in message:
        return RequestError(IO, f"{where} gave the request up before it had answered")
    return RequestError(PROTOCOL, f"the answer of {where} is no HTTP")
