"""URLs: what is sent of them, where links lead, and what of them may be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.http_client.url import InvalidUrlError, parse_url, resolve


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("http://h", "/"),
        ("http://h?x", "/?x"),
        ("http://h/?", "/?"),
        ("http://h/a/b?c=d&e#f", "/a/b?c=d&e"),
        ("http://h/ftp%2Fstage%2f15m", "/ftp%2Fstage%2f15m"),
        ("http://h/100%", "/100%"),
        ("http://h/a b", "/a%20b"),
        ("http://h/a+b?c+d", "/a+b?c+d"),
        ("http://h/\u00fc?\u00fc", "/%C3%BC?%C3%BC"),
        ('http://h/"<>^`{}|', "/%22%3C%3E%5E%60%7B%7D%7C"),
        ("http://h/[;:@&=$,!*'()~_-.]", "/[;:@&=$,!*'()~_-.]"),
        ("http://h/?\"'<>", "/?%22%27%3C%3E"),
        ("http://h/?a={b}|[c]^`\\", "/?a={b}|[c]^`\\"),
        ("http://h/a\\b", "/a/b"),
        ("http://h/a/./b/../c", "/a/c"),
        ("http://h/a/%2e%2E/b/%2e", "/b/"),
        ("http://h/../../a", "/a"),
        ("http://h/a//b/", "/a//b/"),
        ("http://h/a\t\n\rb", "/ab"),
    ],
)
def test_what_is_sent(text: str, target: str) -> None:
    assert parse_url(text).target == target


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("HTTP://Example.ORG:80/", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("https://example.org:80/", "example.org:80"),
        ("http://example.org:/", "example.org"),
        ("http://user:p@ss@example.org/", "example.org"),
        ("http://[2001:DB8:0::1]:81/", "[2001:db8::1]:81"),
        ("http://[::ffff:192.0.2.1]/", "192.0.2.1"),
        ("http://m\u00fcnchen.example/", "xn--mnchen-3ya.example"),
        ("http://%65xample.org/", "example.org"),
        ("http:example.org", "example.org"),
        ("  http://example.org/  ", "example.org"),
    ],
)
def test_whom_it_is_sent_to(text: str, authority: str) -> None:
    assert parse_url(text).authority == authority


@pytest.mark.parametrize(
    "text",
    [
        *("", "h", "//h/", "ftp://h/", "http://", "http://:80/", "http://h:0/", "http://h:65536/", "http://h:x/"),
        *("http://a b/", "http://[::1", "http://[g::]/", "http://[fe80::1%25eth0]/", "http://%00/", "http://a%2Fb/"),
        "http://user@/",
    ],
)
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(InvalidUrlError):
        parse_url(text)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("next", "http://u:p@h:81/a/next"),
        ("../next", "http://u:p@h:81/next"),
        ("/next", "http://u:p@h:81/next"),
        ("?y", "http://u:p@h:81/a/b?y"),
        ("#g", "http://u:p@h:81/a/b?x#g"),
        ("", "http://u:p@h:81/a/b?x"),
        ("//other/next", "http://other/next"),
        ("http://h:81/next", "http://h:81/next"),
        ("https://h/next", "https://h/next"),
        ("http:next", "http://u:p@h:81/a/next"),
        ("mailto:x@example.org", None),
        ("http://:0", None),
    ],
)
def test_where_a_link_leads(link: str, url: str | None) -> None:
    found = resolve(parse_url("http://u:p@h:81/a/b?x#f"), link)

    assert (found and found.text) == url


def test_what_is_shown_has_neither_user_nor_query() -> None:
    assert parse_url("https://user:pass@h:81/a?token=x#f").shown == "https://h:81/a"


def test_the_text_has_all_of_it() -> None:
    text = "https://user:pass@h:81/a?token=x#fr\u00e4gment"

    assert parse_url(text).text == text


@given(st.text())
def test_any_text_is_a_url_or_an_error_that_is_expected(text: str) -> None:
    for prefix in ("", "http://", "https://h/", "http://h/?"):
        try:
            url = parse_url(prefix + text)
        except RequestError:
            continue
        assert url.target.isascii()
        assert not set(url.target) & set(" \r\n#")
        assert parse_url(url.text) == url
