"""Digest authentication: the answer to a server's challenge. Source: RFC 7616, and RFC 2069 where there is no `qop`."""

import hashlib
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response

_ALGORITHMS: Final = {
    name: known
    for name, known in (("MD5", "md5"), ("SHA-256", "sha256"), ("SHA-512-256", "sha512_256"))
    if known in hashlib.algorithms_available
}
_MOST_ORIGINS: Final = 1000
_CHALLENGE: Final = re.compile(r"(?:^|,)\s*Digest\s+(?=[^\s=,]+\s*=)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"\s*,?\s*([^\s=,\"]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]*))")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for. `algorithm` is as the server wrote it, MD5 if it wrote none."""

    realm: str
    nonce: str
    opaque: str | None
    algorithm: str | None
    has_qop: bool
    is_stale: bool
    charset: str


class DigestAuthentication:
    """Answers challenges for one user; what a server asked is remembered, so that the next request has the answer.

    Any number of threads may use it at once.
    """

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password
        self._lock = threading.Lock()
        self._challenges: dict[tuple[str, str, int], Challenge] = {}
        self._counts: dict[str, int] = {}

    def authorize(self, request: Request, deadline: float) -> Request:
        """The request with an answer to the challenge that its server posed last; as it is if there was none."""
        challenge = self._challenges.get(request.url.origin)
        if challenge is None:
            return request
        with self._lock:
            count = self._counts[challenge.nonce] = self._counts.get(challenge.nonce, 0) + 1
        value = self._answer(challenge, request, f"{count:08x}", os.urandom(8).hex())
        return request.with_field(b"Authorization", value)

    def has_answer(self, request: Request, response: Response, *, challenges: int, deadline: float) -> bool:
        """Whether its challenge can be answered: once, and once more if the server says that it forgot its nonce."""
        challenge = self._accept(request, response.headers.all("www-authenticate"))
        return challenge is not None and challenges <= challenge.is_stale

    def _accept(self, request: Request, lines: Iterable[str]) -> Challenge | None:
        """Remember the challenge that a 401 with these values of `WWW-Authenticate` poses; None if it poses none."""
        challenge = parse_challenge(lines)
        if challenge is not None:
            with self._lock:
                self._challenges[request.url.origin] = challenge
                if len(self._challenges) > _MOST_ORIGINS:
                    del self._challenges[next(iter(self._challenges))]
                in_use = {known.nonce for known in self._challenges.values()}
                self._counts = {nonce: count for nonce, count in self._counts.items() if nonce in in_use}
        return challenge

    def _answer(self, challenge: Challenge, request: Request, count: str, client_nonce: str) -> bytes:
        name = challenge.algorithm or "MD5"
        algorithm = _ALGORITHMS[name.upper().removesuffix("-SESS")]
        user, password = (text.encode(challenge.charset, "replace") for text in (self._user, self._password))

        def digest(*parts: bytes) -> bytes:
            return hashlib.new(algorithm, b":".join(parts), usedforsecurity=False).hexdigest().encode()

        nonce = challenge.nonce.encode("latin-1", "replace")
        secret = digest(user, challenge.realm.encode(challenge.charset, "replace"), password)
        if name.upper().endswith("-SESS"):
            secret = digest(secret, nonce, client_nonce.encode())
        what = digest(request.method.encode(), request.url.target.encode())
        between = (nonce, count.encode(), client_nonce.encode(), b"auth") if challenge.has_qop else (nonce,)
        response = digest(secret, *between, what)
        return _header(challenge, user, request.url.target, response.decode(), count, client_nonce)


def parse_challenge(lines: Iterable[str]) -> Challenge | None:
    """The first challenge that can be answered; None if there is none."""
    for line in lines:
        for found in _CHALLENGE.finditer(line):
            challenge = _challenge(_parameters(line, found.end()))
            if challenge is not None:
                return challenge
    return None


def _parameters(line: str, start: int) -> dict[str, str]:
    parameters: dict[str, str] = {}
    while (found := _PARAMETER.match(line, start)) is not None:
        name, quoted, token = found.groups()
        parameters.setdefault(name.lower(), token if quoted is None else re.sub(r"\\(.)", r"\1", quoted))
        start = found.end()
    return parameters


def _challenge(given: Mapping[str, str]) -> Challenge | None:
    algorithm = given.get("algorithm")
    if "nonce" not in given or (algorithm or "MD5").upper().removesuffix("-SESS") not in _ALGORITHMS:
        return None
    qualities = [quality.strip().lower() for quality in given.get("qop", "").split(",") if quality.strip()]
    if qualities and "auth" not in qualities:
        return None
    charset = "utf-8" if given.get("charset", "").lower() == "utf-8" else "latin-1"
    is_stale = given.get("stale", "").lower() == "true"
    return Challenge(
        given.get("realm", ""), given["nonce"], given.get("opaque"), algorithm, bool(qualities), is_stale, charset
    )


def _header(challenge: Challenge, user: bytes, target: str, response: str, count: str, client_nonce: str) -> bytes:
    fields = [
        b'username="' + user.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"',
        _quoted("realm", challenge.realm),
        _quoted("nonce", challenge.nonce),
        _quoted("uri", target),
        _quoted("response", response),
    ]
    if challenge.algorithm is not None:
        fields.append(f"algorithm={challenge.algorithm}".encode("latin-1", "replace"))
    if challenge.opaque is not None:
        fields.append(_quoted("opaque", challenge.opaque))
    if challenge.has_qop:
        fields += [b"qop=auth", f"nc={count}".encode(), _quoted("cnonce", client_nonce)]
    return b"Digest " + b", ".join(fields)


def _quoted(name: str, value: str) -> bytes:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{escaped}"'.encode("latin-1", "replace")
