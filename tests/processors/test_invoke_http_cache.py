"""InvokeHttp keeps answers, if it is told to."""

from collections.abc import Callable, Mapping

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoking

from flowrun_processors.http_client.headers import Headers
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response
from flowrun_processors.http_client.url import parse_url
from flowrun_processors.invoke_http.cache import ResponseCache

CACHE = {"Response Cache Enabled": "true"}


class Origin:
    """A server of one resource, and a cache before it; `moment` is the time."""

    def __init__(self, headers: Mapping[str, str], *, status: int = 200, body: bytes = b"body", capacity: int = 10_000):
        self.moment = 1_000_000.0
        self.asked: list[Request] = []
        self.headers = headers
        self.status = status
        self.body = body
        self.cache = ResponseCache(capacity, lambda: self.moment)

    def get(self, url: str = "http://example.org/", method: str = "GET", **headers: str) -> bytes:
        fields = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        response = self.cache.fetch(Request(method, parse_url(url), fields), self._send)
        return b"".join(response.pieces)

    def _send(self, request: Request) -> Response:
        self.asked.append(request)
        fields = list(self.headers.items())
        status = 304 if request.has(b"if-none-match") or request.has(b"if-modified-since") else self.status
        pieces = iter(()) if status == 304 else iter([self.body])
        return Response(status, "OK", Headers(fields), request.url, pieces, lambda: None)


def test_a_revalidated_answer_appears_as_it_came_first() -> None:
    first = answer(b"kept", headers={"ETag": '"v1"', "Cache-Control": "no-cache", "X-A": "1"})
    second = answer(status=304, reason="Not Modified", headers={"ETag": '"v1"', "X-A": "2"})
    with LoopbackServer(first, second) as server, invoking({"HTTP URL": server.url, **CACHE}) as runner:
        runner.trigger(b"1")
        [response] = runner.trigger(b"2")["Response"]

    assert server.asked[1].header("If-None-Match") == '"v1"'
    assert response.content == b"kept"
    assert response.attributes["invokehttp.status.code"] == "200"
    assert response.attributes["X-A"] == "2"


def test_a_fresh_answer_is_given_without_asking() -> None:
    fresh = answer(b"kept", headers={"Cache-Control": "max-age=600"})
    with LoopbackServer(fresh) as server, invoking({"HTTP URL": server.url, **CACHE}) as runner:
        runner.trigger(b"1")
        [response] = runner.trigger(b"2")["Response"]

    assert len(server.asked) == 1
    assert response.content == b"kept"


def test_nothing_is_kept_by_default() -> None:
    fresh = answer(b"kept", headers={"Cache-Control": "max-age=600", "ETag": '"1"'})
    with LoopbackServer(fresh) as server, invoking({"HTTP URL": server.url}) as runner:
        runner.trigger(b"1")
        runner.trigger(b"2")

    assert len(server.asked) == 2
    assert "if-none-match" not in server.asked[1].names


@pytest.mark.parametrize(
    ("headers", "seconds", "asked_again"),
    [
        ({"Cache-Control": "max-age=60"}, 59, False),
        ({"Cache-Control": "max-age=60"}, 61, True),
        ({"Cache-Control": 'private, Max-Age="60"'}, 59, False),
        ({"Cache-Control": "max-age=60", "Age": "30"}, 31, True),
        ({"Cache-Control": "no-store, max-age=60"}, 0, True),
        ({"Cache-Control": "max-age=60", "Vary": "*"}, 0, True),
        ({"Cache-Control": "no-cache, max-age=60"}, 0, True),
        ({"Date": "Mon, 12 Jan 1970 13:46:40 GMT", "Expires": "Mon, 12 Jan 1970 13:47:40 GMT"}, 59, False),
        ({"Date": "Mon, 12 Jan 1970 13:46:40 GMT", "Expires": "Mon, 12 Jan 1970 13:47:40 GMT"}, 61, True),
        ({"Expires": "0"}, 0, True),
        ({"Last-Modified": "Fri, 02 Jan 1970 00:00:00 GMT"}, 3600, False),
        ({}, 0, True),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float, asked_again: bool) -> None:
    origin = Origin(headers)
    origin.get()
    origin.moment += seconds
    origin.get()

    assert (len(origin.asked) == 2) is asked_again


@pytest.mark.parametrize(
    ("request_headers", "asked_again"),
    [
        ({"Cache_Control": "no-cache"}, True),
        ({"Cache_Control": "max-age=5"}, True),
        ({"Cache_Control": "max-age=50"}, False),
        ({"Cache_Control": "min-fresh=55"}, True),
        ({"If_None_Match": '"mine"'}, True),
        ({"Range": "bytes=0-1"}, True),
        ({}, False),
    ],
)
def test_the_request_has_its_say(request_headers: dict[str, str], asked_again: bool) -> None:
    origin = Origin({"Cache-Control": "max-age=60"})
    origin.get()
    origin.moment += 10
    origin.get(**request_headers)

    assert (len(origin.asked) == 2) is asked_again


def test_a_stale_answer_may_be_enough() -> None:
    origin = Origin({"Cache-Control": "max-age=60"})
    origin.get()
    origin.moment += 100
    origin.get(Cache_Control="max-stale=60")
    origin.get(Cache_Control="max-stale")

    assert len(origin.asked) == 1


@pytest.mark.parametrize(
    ("status", "kept"), [(200, True), (404, True), (206, False), (302, True), (500, False), (401, False)]
)
def test_which_statuses_are_kept(status: int, kept: bool) -> None:
    origin = Origin({"Cache-Control": "max-age=60"}, status=status)
    origin.get()
    origin.get()

    assert (len(origin.asked) == 1) is kept


def test_answers_are_kept_apart_by_user_and_by_what_they_vary_with() -> None:
    origin = Origin({"Cache-Control": "max-age=60", "Vary": "Accept"})
    origin.get(Authorization="Bearer one", Accept="a/b")
    origin.get(Authorization="Bearer two", Accept="a/b")
    origin.get(Authorization="Bearer two", Accept="c/d")
    origin.get(Authorization="Bearer two", Accept="c/d")

    assert len(origin.asked) == 3


@pytest.mark.parametrize("change", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_change_makes_the_cache_forget(change: str) -> None:
    origin = Origin({"Cache-Control": "max-age=60"})
    origin.get(Authorization="Bearer one")
    origin.get(method=change)
    origin.get(Authorization="Bearer one")

    assert len(origin.asked) == 3


def test_without_an_etag_the_date_is_the_condition() -> None:
    origin = Origin({"Last-Modified": "Mon, 12 Jan 1970 13:46:40 GMT", "Cache-Control": "max-age=0"})
    origin.get()
    body = origin.get()

    assert origin.asked[1].value(b"if-modified-since") == "Mon, 12 Jan 1970 13:46:40 GMT"
    assert body == b"body"


@pytest.mark.parametrize(("size", "kept"), [(3000, True), (20_000, False)])
def test_only_what_fits_is_kept(size: int, kept: bool) -> None:
    origin = Origin({"Cache-Control": "max-age=60"}, body=b"x" * size)
    bodies = {origin.get(), origin.get()}

    assert bodies == {b"x" * size}
    assert (len(origin.asked) == 1) is kept


def test_the_least_recently_used_gives_way() -> None:
    origin = Origin({"Cache-Control": "max-age=60"}, body=b"x" * 3000)
    for name in ("a", "b", "a", "c", "a", "b"):
        origin.get(f"http://example.org/{name}")

    assert [request.url.path for request in origin.asked] == ["/a", "/b", "/c", "/b"]


def test_a_body_that_was_not_read_to_its_end_is_not_kept() -> None:
    origin = Origin({"Cache-Control": "max-age=60"})
    send: Callable[[Request], Response] = origin._send
    next(origin.cache.fetch(Request("GET", parse_url("http://example.org/"), []), send).pieces)
    origin.get()

    assert len(origin.asked) == 2


@pytest.mark.parametrize("cached", ["true", "false"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_takes_a_kept_answer_only_is_not_asked_for_when_there_is_none(cached: str, method: str) -> None:
    properties = {"Cache-Control": "only-if-cached", "HTTP Method": method, "Response Cache Enabled": cached}
    with LoopbackServer(answer()) as server, invoking({"HTTP URL": server.url, **properties}) as runner:
        [request] = runner.trigger(b"")["Retry"]

    assert server.asked == []
    assert request.attributes["invokehttp.status.code"] == "504"
    assert request.attributes["invokehttp.status.message"] == "Unsatisfiable Request (only-if-cached)"


def test_who_takes_a_kept_answer_only_gets_it_while_it_is_fresh() -> None:
    origin = Origin({"Cache-Control": "max-age=60"})
    origin.get()
    kept = origin.get(Cache_Control="Only-If-Cached")
    origin.moment += 61
    gone = origin.get(Cache_Control="only-if-cached")

    assert (kept, gone) == (b"body", b"")
    assert len(origin.asked) == 1
