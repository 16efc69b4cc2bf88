"""URLs as NiFi's HTTP client reads, sends and follows them. Source: OkHttp's `HttpUrl`.

What is percent-encoded stays as it is, even where the encoding is wrong; blanks, other characters that no URL may
hold, and all beyond ASCII are encoded; `.` and `..` are resolved; backslashes are slashes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flowrun_processors.http_client.host import canonical_host, percent_decode
from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, RequestError


def _all_but(unsafe: str) -> re.Pattern[str]:
    """What has to be encoded: these characters, control characters, and all beyond ASCII."""
    safe = "".join(character for character in map(chr, range(0x21, 0x7F)) if character not in unsafe)
    return re.compile(f"[^{re.escape(safe)}]")


_IN_USER: Final = _all_but("\"':;<=>@[]^`{}|/\\?#")
_IN_SEGMENT: Final = _all_but('"<>^`{}|/\\?#')
_IN_QUERY: Final = _all_but("\"'<>#")
_IN_FRAGMENT: Final = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_SLASH: Final = re.compile(r"[/\\]")
_DOT: Final = frozenset((".", "%2e"))
_TWO_DOTS: Final = frozenset(("..", "%2e.", ".%2e", "%2e%2e"))
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_SKIPPED: Final = "\t\n\f\r"


class InvalidUrlError(RequestError, ValueError):
    """A text that is no URL of http or https."""

    def __init__(self, message: str) -> None:
        super().__init__(ILLEGAL_ARGUMENT, message)


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in parts, each percent-encoded; `host` is in ASCII, an IPv6 address without its brackets."""

    scheme: str
    host: str
    port: int
    path: str = "/"
    query: str | None = None
    fragment: str | None = None
    user: str = ""
    password: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What has to be the same for credentials to be sent again."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query as the request line has them."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def text(self) -> str:
        """All of it."""
        password = f":{self.password}" if self.password else ""
        user = f"{self.user}{password}@" if self.user or password else ""
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{user}{self.authority}{self.target}{fragment}"

    @property
    def shown(self) -> str:
        """The part that people may see: neither user nor query."""
        return f"{self.scheme}://{self.authority}{self.path}"


@lru_cache(maxsize=512)
def parse_url(text: str) -> Url:
    """The URL of this text; raises InvalidUrlError, whose message does not repeat the text."""
    return _parse(text, None)


def resolve(base: Url, link: str) -> Url | None:
    """The URL to which a link on that page leads; None if it is none of http or https."""
    try:
        return _parse(link, base)
    except InvalidUrlError:
        return None


def _parse(text: str, base: Url | None) -> Url:
    text = text.strip(_SKIPPED + " ")
    scheme, rest = _split_scheme(text, base)
    slashes = len(rest) - len(rest.lstrip("/\\"))
    rest, hash_sign, fragment = rest.partition("#")
    rest, question_mark, query = rest.partition("?")
    encoded_query = _encode(query, _IN_QUERY) if question_mark else None
    encoded_fragment = _encode(fragment, _IN_FRAGMENT) if hash_sign else None
    if slashes >= 2 or base is None or base.scheme != scheme:
        authority, path = _split_authority(rest[slashes:])
        user, password, host, port = _read_authority(authority, scheme)
        path = _resolve_path([""], path)
        return Url(scheme, host, port, path, encoded_query, encoded_fragment, user, password)
    if not rest and not question_mark:
        encoded_query = base.query
    path = _resolve_path(base.path[1:].split("/"), rest)
    return Url(scheme, base.host, base.port, path, encoded_query, encoded_fragment, base.user, base.password)


def _split_scheme(text: str, base: Url | None) -> tuple[str, str]:
    found = _SCHEME.match(text)
    if found is None and base is not None:
        return base.scheme, text
    if found is None:
        raise InvalidUrlError("the URL does not begin with http:// or https://")
    scheme = found[1].lower()
    if scheme not in _DEFAULT_PORTS:
        raise InvalidUrlError(f"the URL's scheme is '{scheme[:20]}', expected http or https")
    return scheme, text[found.end() :]


def _split_authority(rest: str) -> tuple[str, str]:
    slash = _SLASH.search(rest)
    return (rest, "") if slash is None else (rest[: slash.start()], rest[slash.start() :])


def _read_authority(authority: str, scheme: str) -> tuple[str, str, str, int]:
    credentials, at_sign, address = authority.rpartition("@")
    user, password = "", ""
    if at_sign:
        user, _, password = credentials.replace("@", "%40").partition(":")
    host_text, port = _split_port(address, scheme)
    host = canonical_host(percent_decode(host_text))
    if host is None:
        raise InvalidUrlError("the URL's host is missing, or no name or address of a host")
    return _encode(user, _IN_USER), _encode(password, _IN_USER), host, port


def _split_port(address: str, scheme: str) -> tuple[str, int]:
    after_brackets = address.find("]") + 1 if address.startswith("[") else 0
    colon = address.find(":", after_brackets)
    if colon < 0:
        return address, _DEFAULT_PORTS[scheme]
    digits = address[colon + 1 :].translate(dict.fromkeys(map(ord, _SKIPPED)))
    if not digits:
        return address[:colon], _DEFAULT_PORTS[scheme]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9 and 0 < int(digits) < 65536):
        raise InvalidUrlError("the URL's port is no number from 1 to 65535")
    return address[:colon], int(digits)


def _resolve_path(segments: list[str], path: str) -> str:
    if path:
        if path[0] in "/\\":
            segments = [""]
            path = path[1:]
        else:
            segments[-1] = ""
        pieces = _SLASH.split(path)
        for piece in pieces[:-1]:
            _push(segments, piece, followed=True)
        if pieces[-1]:
            _push(segments, pieces[-1], followed=False)
    return "/" + "/".join(segments)


def _push(segments: list[str], piece: str, *, followed: bool) -> None:
    segment = _encode(piece, _IN_SEGMENT)
    if segment.lower() in _DOT:
        return
    if segment.lower() in _TWO_DOTS:
        if segments.pop() == "" and segments:
            segments[-1] = ""
        else:
            segments.append("")
        return
    if segments[-1] == "":
        segments[-1] = segment
    else:
        segments.append(segment)
    if followed:
        segments.append("")


def _encode(text: str, unsafe: re.Pattern[str]) -> str:
    return unsafe.sub(_encode_character, text)


def _encode_character(found: re.Match[str]) -> str:
    if found[0] in _SKIPPED:
        return ""
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
