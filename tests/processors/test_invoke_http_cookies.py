"""InvokeHttp keeps cookies, if it is told to."""

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke, invoking, redirect

from flowrun_processors.http_client.url import parse_url
from flowrun_processors.invoke_http.cookies import CookieJar, parse_cookie

ACCEPT = {"Response Cookie Strategy": "ACCEPT_ALL"}
NOW = 1_000_000.0


def cookie_from(line: str, url: str = "http://www.example.org/shop/cart") -> CookieJar:
    jar = CookieJar(lambda: NOW)
    jar.accept([line], parse_url(url))
    return jar


def test_cookies_are_sent_back_within_a_chain_of_redirects_and_later() -> None:
    first = answer(
        status=302, reason="Found", headers=[("Set-Cookie", "a=apple"), ("Set-Cookie", "b=banana"), ("Location", "/")]
    )
    with LoopbackServer(first, answer()) as server, invoking({"HTTP URL": server.url, **ACCEPT}) as runner:
        runner.trigger(b"1")
        runner.trigger(b"2")

    assert [asked.header("Cookie") for asked in server.asked] == [None, "a=apple; b=banana", "a=apple; b=banana"]


def test_cookies_are_ignored_by_default() -> None:
    with (
        LoopbackServer(answer(headers={"Set-Cookie": "a=apple"})) as server,
        invoking({"HTTP URL": server.url}) as runner,
    ):
        runner.trigger(b"1")
        runner.trigger(b"2")

    assert server.asked[1].header("Cookie") is None


def test_cookies_take_the_place_of_the_flow_s_own() -> None:
    with LoopbackServer(redirect("/next"), answer()) as server:
        server.answer_with(answer(status=302, reason="x", headers={"Set-Cookie": "a=1", "Location": "/next"}), answer())
        invoke(server.url, {**ACCEPT, "Cookie": "own=1"})

    assert [asked.header("Cookie") for asked in server.asked] == ["own=1", "a=1"]


@pytest.mark.parametrize(
    ("line", "url", "sent"),
    [
        ("a=1", "http://www.example.org/shop", True),
        ("a=1", "http://www.example.org/shop/x", True),
        ("a=1", "http://www.example.org/shopping", False),
        ("a=1", "http://www.example.org/", False),
        ("a=1; Path=/", "http://www.example.org/other", True),
        ("a=1", "http://x.www.example.org/shop/", False),
        ("a=1; Domain=.example.org; path=/", "http://x.example.org/", True),
        ("a=1; Domain=example.org; path=/", "http://example.com/", False),
        ("a=1; Secure; path=/", "http://www.example.org/", False),
        ("a=1; Secure; path=/", "https://www.example.org/", True),
        ("a=1; Max-Age=10; path=/", "http://www.example.org/", True),
        ("a=1; Max-Age=0; path=/", "http://www.example.org/", False),
        ("a=1; Max-Age=-1; path=/", "http://www.example.org/", False),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/", "http://www.example.org/", False),
        ("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT; path=/", "http://www.example.org/", True),
        ("a=1; Expires=nonsense; path=/", "http://www.example.org/", True),
    ],
)
def test_a_cookie_is_sent_where_it_belongs(line: str, url: str, sent: bool) -> None:
    assert cookie_from(line).header(parse_url(url)) == ("a=1" if sent else "")


@pytest.mark.parametrize(
    "line",
    ["", "a", "=1", "a=1; Domain=com", "a=1; Domain=example.com", "a=1; Domain=g", "é=1", "a=\x01", "a=" + "x" * 9000],
)
def test_what_is_no_cookie_or_somebody_else_s_is_left_out(line: str) -> None:
    assert parse_cookie(line, parse_url("http://www.example.org/"), NOW) is None


def test_an_address_has_no_subdomains() -> None:
    assert parse_cookie("a=1; Domain=0.0.1", parse_url("http://127.0.0.1/"), NOW) is None


def test_a_later_cookie_replaces_and_one_in_the_past_removes() -> None:
    jar = cookie_from("a=1; path=/")
    jar.accept(["a=2; path=/"], parse_url("http://www.example.org/"))
    replaced = jar.header(parse_url("http://www.example.org/"))
    jar.accept(["a=; path=/; Max-Age=0"], parse_url("http://www.example.org/"))

    assert replaced == "a=2"
    assert jar.header(parse_url("http://www.example.org/")) == ""


def test_the_longest_path_comes_first() -> None:
    jar = cookie_from("a=1; path=/")
    jar.accept(["b=2; path=/shop"], parse_url("http://www.example.org/"))

    assert jar.header(parse_url("http://www.example.org/shop")) == "b=2; a=1"


def test_the_jar_is_bounded() -> None:
    jar = CookieJar(lambda: NOW)
    jar.accept([f"c{number}=1" for number in range(4000)], parse_url("http://www.example.org/"))

    assert jar.header(parse_url("http://www.example.org/")).count(";") == 2999
