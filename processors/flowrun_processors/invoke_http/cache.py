"""Answers kept in memory, so that the server need not send them again: an ordinary private HTTP cache."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final

from flowrun_processors.http_client.headers import Headers
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response
from flowrun_processors.invoke_http.cache_control import (
    Stored,
    bypasses_cache,
    condition,
    is_fresh,
    is_only_if_cached,
    may_be_stored,
    varying,
)

Key = tuple[str, str, int, str, str, str]

_CHANGING: Final = frozenset(("POST", "PUT", "PATCH", "DELETE", "MOVE"))


class ResponseCache:
    """Keeps answers to GET, up to so many bytes in all; those used least recently give way.

    Any number of threads may use it at once. Answers are kept apart by `Authorization` and `Cookie`: one user's is
    never given to another.
    """

    def __init__(self, capacity: int, now: Callable[[], float] = time.time) -> None:
        self._capacity = capacity
        self._now = now
        self._lock = threading.Lock()
        self._stored: OrderedDict[Key, Stored] = OrderedDict()
        self._size = 0

    def fetch(self, request: Request, send: Callable[[Request], Response]) -> Response:
        """The kept answer while it is fresh; else the server's, or the kept one if the server says that it holds."""
        if request.method != "GET":
            response = unsatisfiable(request) if is_only_if_cached(request) else send(request)
            if request.method in _CHANGING:
                self._forget(request)
            return response
        stored = None if bypasses_cache(request) else self._find(request)
        if stored is not None and is_fresh(stored, request, self._now()):
            return _answer(stored, request)
        if is_only_if_cached(request):
            return unsatisfiable(request)
        question = condition(stored) if stored is not None else None
        asked = self._now()
        response = send(request if question is None else request.with_field(*question))
        if stored is not None and question is not None and response.status == 304:
            response.close()
            stored = stored.refreshed(response.headers, asked, self._now())
            self._put(_key(request), stored)
            return _answer(stored, request)
        if may_be_stored(request, response):
            return response.with_body(self._keeping(request, response, asked))
        return response

    def _keeping(self, request: Request, response: Response, asked: float) -> Iterator[bytes]:
        """The body, kept once it has come to its end, if there is room for it."""
        received = self._now()
        pieces: list[bytes] = []
        left = self._capacity
        for piece in response.pieces:
            left -= len(piece)
            if left >= 0:
                pieces.append(piece)
            else:
                pieces.clear()
            yield piece
        if left >= 0:
            varies = {name: request.value(name.encode("latin-1", "replace")) for name in varying(response)}
            body = b"".join(pieces)
            stored = Stored(
                response.status, response.reason, response.headers, body, asked, received, varies, response.subject
            )
            self._put(_key(request), stored)

    def _find(self, request: Request) -> Stored | None:
        key = _key(request)
        with self._lock:
            stored = self._stored.get(key)
            if stored is None or not stored.suits(request):
                return None
            self._stored.move_to_end(key)
            return stored

    def _put(self, key: Key, stored: Stored) -> None:
        with self._lock:
            self._drop(key)
            if stored.size > self._capacity:
                return
            self._stored[key] = stored
            self._size += stored.size
            while self._size > self._capacity:
                self._drop(next(iter(self._stored)))

    def _forget(self, request: Request) -> None:
        """Drop whatever is kept for the URL, for every user."""
        place = _key(request)[:4]
        with self._lock:
            for key in [key for key in self._stored if key[:4] == place]:
                self._drop(key)

    def _drop(self, key: Key) -> None:
        stored = self._stored.pop(key, None)
        if stored is not None:
            self._size -= stored.size


def unsatisfiable(request: Request) -> Response:
    """The answer to a request that asked for a kept answer or none, as OkHttp words it."""
    return Response(504, "Unsatisfiable Request (only-if-cached)", Headers(()), request.url, iter(()), _nothing)


def _key(request: Request) -> Key:
    return (*request.url.origin, request.url.target, request.value(b"authorization"), request.value(b"cookie"))


def _answer(stored: Stored, request: Request) -> Response:
    pieces = iter((stored.body,) if stored.body else ())
    return Response(stored.status, stored.reason, stored.headers, request.url, pieces, _nothing, stored.subject)


def _nothing() -> None:
    """A kept answer has no connection to close."""
