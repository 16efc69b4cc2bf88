"""What may be kept in a private cache, and how long it is fresh. Source: RFC 9111, and OkHttp's `CacheStrategy`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flowrun_processors.http_client.headers import Headers
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response
from flowrun_processors.invoke_http.http_date import parse_http_date

_KEPT: Final = frozenset((200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501))
_KEPT_IF_TOLD: Final = frozenset((302, 307))
_CONDITIONS: Final = (b"if-none-match", b"if-modified-since", b"range")
_VALIDATORS: Final = (
    ("etag", b"If-None-Match"),
    ("last-modified", b"If-Modified-Since"),
    ("date", b"If-Modified-Since"),
)
_DIRECTIVE: Final = re.compile(r"\s*([^\s=,]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s,]*)))?\s*(?:,|$)")
_OF_THE_BODY: Final = frozenset(("content-length", "content-encoding", "content-type"))
_OF_THE_CONNECTION: Final = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade")
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept answer: `asked` for and `received` at seconds since the epoch, for requests with the headers `varies`."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    asked: float
    received: float
    varies: Mapping[str, str]
    subject: str | None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers.fields) + 512

    def suits(self, request: Request) -> bool:
        """Whether the request has the headers on which the answer depends."""
        return all(request.value(name.encode()) == value for name, value in self.varies.items())

    def refreshed(self, headers: Headers, asked: float, received: float) -> "Stored":
        """As it is after a 304 with these headers."""
        told = {name.lower() for name, _ in headers.fields} - _OF_THE_BODY - _OF_THE_CONNECTION
        kept = [field for field in self.headers.fields if field[0].lower() not in told]
        new = [field for field in headers.fields if field[0].lower() in told]
        return replace(self, headers=Headers([*kept, *new]), asked=asked, received=received)


def directives(lines: str) -> dict[str, str]:
    """The directives of a `Cache-Control` header, names in lower case."""
    found = _DIRECTIVE.finditer(lines)
    return {match[1].lower(): (match[2] if match[2] is not None else match[3]) or "" for match in found}


def may_be_stored(request: Request, response: Response) -> bool:
    """Whether a private cache may keep this answer to a GET."""
    control = directives(", ".join(response.headers.all("cache-control")))
    if "no-store" in control or "no-store" in directives(request.value(b"cache-control")):
        return False
    if "*" in varying(response):
        return False
    if response.status in _KEPT_IF_TOLD:
        return response.headers.get("expires") is not None or not control.keys().isdisjoint(
            ("max-age", "public", "private")
        )
    return response.status in _KEPT


def varying(response: Response) -> list[str]:
    """The names, in lower case, of the request's headers on which the answer depends."""
    return [name.strip().lower() for line in response.headers.all("vary") for name in line.split(",") if name.strip()]


def bypasses_cache(request: Request) -> bool:
    """Whether the request asks to be answered by the server, or manages a cache of its own."""
    return any(request.has(name) for name in _CONDITIONS) or "no-cache" in directives(request.value(b"cache-control"))


def is_only_if_cached(request: Request) -> bool:
    """Whether the request is not to be sent: it takes a kept answer, or 504."""
    return request.has(b"cache-control") and "only-if-cached" in directives(request.value(b"cache-control"))


def is_fresh(stored: Stored, request: Request, now: float) -> bool:
    """Whether it may be used without asking the server."""
    answered = directives(", ".join(stored.headers.all("cache-control")))
    asked = directives(request.value(b"cache-control"))
    lifetime = _lifetime(stored, answered, request)
    limit = _seconds(asked.get("max-age"))
    if limit is not None:
        lifetime = min(lifetime, limit)
    allowance = 0.0
    if "max-stale" in asked and "must-revalidate" not in answered:
        allowance = _seconds(asked["max-stale"] or "999999999") or 0.0
    age = _age(stored, now) + (_seconds(asked.get("min-fresh")) or 0.0)
    return "no-cache" not in answered and age < lifetime + allowance


def condition(stored: Stored) -> tuple[bytes, bytes] | None:
    """The header with which the server can say that the answer still holds; None if there is none."""
    for name, header in _VALIDATORS:
        value = stored.headers.get(name)
        if value and value.isascii():
            return header, value.encode("ascii")
    return None


def _lifetime(stored: Stored, answered: Mapping[str, str], request: Request) -> float:
    limit = _seconds(answered.get("max-age"))
    if limit is not None:
        return limit
    served = _moment(stored, "date")
    expires = _moment(stored, "expires")
    if expires is not None:
        return max(0.0, expires - (stored.received if served is None else served))
    modified = _moment(stored, "last-modified")
    if modified is not None and request.url.query is None:
        return max(0.0, ((stored.asked if served is None else served) - modified) / 10)
    return 0.0


def _age(stored: Stored, now: float) -> float:
    served = _moment(stored, "date")
    apparent = max(0.0, stored.received - served) if served is not None else 0.0
    told = _seconds(stored.headers.get("age")) or 0.0
    return max(apparent, told) + max(0.0, stored.received - stored.asked) + max(0.0, now - stored.received)


def _moment(stored: Stored, name: str) -> float | None:
    value = stored.headers.get(name)
    return None if value is None else parse_http_date(value)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdecimal() and len(text) < 16 else None
