"""Cookies, kept in memory and accepted from everybody. Source: RFC 6265, and OkHttp's `Cookie`."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from flowrun_processors.http_client.url import Url
from flowrun_processors.invoke_http.http_date import parse_http_date

_MOST_COOKIES: Final = 3000
_LONGEST: Final = 1 << 13
_NEVER: Final = float("inf")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie; `expires` is in seconds since the epoch."""

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool
    expires: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What it shares with the cookie that replaces it."""
        return self.name, self.domain, self.path

    def matches(self, url: Url) -> bool:
        """Whether it is sent to that URL."""
        if self.secure and url.scheme != "https":
            return False
        if url.host != self.domain and (self.host_only or not url.host.endswith("." + self.domain)):
            return False
        return url.path == self.path or url.path.startswith(self.path if self.path[-1:] == "/" else self.path + "/")


class CookieJar:
    """All cookies of one processor; any number of threads may use it at once. When it is full, the oldest give way."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}
        self._lock = threading.Lock()
        self._now = now

    def accept(self, lines: Iterable[str], url: Url) -> None:
        """Keep what the values of `Set-Cookie` from that URL say; what is no cookie, or not its own, is left out."""
        now = self._now()
        for line in lines:
            cookie = parse_cookie(line, url, now)
            if cookie is None:
                continue
            with self._lock:
                if cookie.expires <= now:
                    self._cookies.pop(cookie.key, None)
                    continue
                self._cookies[cookie.key] = cookie
                if len(self._cookies) > _MOST_COOKIES:
                    del self._cookies[next(iter(self._cookies))]

    def header(self, url: Url) -> str:
        """The value of `Cookie` for that URL: longest path first, then as they came; empty if there is none."""
        now = self._now()
        with self._lock:
            if not self._cookies:
                return ""
            sent = [cookie for cookie in self._cookies.values() if cookie.expires > now and cookie.matches(url)]
        sent.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in sent)


def parse_cookie(line: str, url: Url, now: float) -> Cookie | None:
    """The cookie in a value of `Set-Cookie` from that URL; None if it is none, or for somebody else's domain."""
    pair, *attributes = line.split(";")
    name, equals_sign, value = (part.strip() for part in pair.partition("="))
    if (
        not equals_sign
        or not name
        or len(pair) > _LONGEST
        or not (name + value).isascii()
        or not _printable(name + value)
    ):
        return None
    given = {}
    for attribute in attributes:
        key, _, text = attribute.partition("=")
        given[key.strip().lower()] = text.strip()
    domain = _domain(given.get("domain", ""), url)
    if domain is None:
        return None
    path = given.get("path", "")
    return Cookie(
        name,
        value,
        domain,
        "domain" not in given or not given["domain"],
        path if path.startswith("/") else _default_path(url),
        "secure" in given,
        _expiry(given, now),
    )


def _printable(text: str) -> bool:
    return all(" " <= character <= "~" for character in text)


def _domain(text: str, url: Url) -> str | None:
    """The domain that it is for; a name without a dot is a whole top-level domain, unless it is the host itself."""
    domain = text.removeprefix(".").rstrip(".").lower()
    if not domain or domain == url.host:
        return url.host
    is_address = ":" in url.host or url.host.replace(".", "").isdecimal()
    return domain if not is_address and "." in domain and url.host.endswith("." + domain) else None


def _default_path(url: Url) -> str:
    return url.path[: url.path.rindex("/")] or "/"


def _expiry(given: dict[str, str], now: float) -> float:
    age = given.get("max-age", "")
    if age.removeprefix("-").isdecimal() and age.isascii():
        return now + min(int(age[:12]), 1 << 32) if age[0] != "-" else 0.0
    moment = parse_http_date(given["expires"]) if given.get("expires") else None
    return _NEVER if moment is None else moment
