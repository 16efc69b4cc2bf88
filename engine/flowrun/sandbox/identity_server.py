"""An OAuth 2.0 identity server for stand-ins: refresh tokens that rotate, with a grace period or without mercy.

It is honest: what RFC 6749 has a server refuse, it refuses. Told over HTTP what to be like:

    POST /sandbox/settings    {"access_token_seconds": 1800, "grace_seconds": 0, "strict": true}, or some of it
    POST /sandbox/grant       a new pair of tokens, as after a consent in the browser
    POST /sandbox/expire      every access token expires now
    GET  /sandbox/state       settings, and all that was issued
"""

import base64
import json
import os
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_REFRESH_TOKEN_SECONDS = 60 * 24 * 3600
_MOST_GRANTS = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server behaves. An access token's life is short, so that one can watch it end."""

    access_token_seconds: float = 10.0
    grace_seconds: float = 1800.0
    """How long a used refresh token is taken again, for a client that never got its answer."""
    strict: bool = False
    """Whether a refresh token that comes again after the grace period revokes all that stems from the same consent."""


@dataclass(slots=True)
class Grant:
    """One pair of tokens. All that stem from one consent are a family. Times are seconds since the epoch."""

    family: str
    access_token: str
    refresh_token: str
    issued_at: float
    expires_at: float
    used_at: float | None = None
    revoked: bool = False

    @property
    def has_expired(self) -> bool:
        return time.time() >= self.expires_at

    def answer(self) -> dict[str, Any]:
        """What the token endpoint says of it."""
        return {
            "access_token": self.access_token,
            "expires_in": round(self.expires_at - self.issued_at),
            "token_type": "Bearer",
            "refresh_token": self.refresh_token,
            "scope": "offline_access",
        }


class IdentityServer:
    """Issues tokens to one client, and keeps the last thousand pairs in `memory`, safe from a restart."""

    def __init__(self, client_id: str, client_secret: str, memory: Path) -> None:
        self._credentials = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._memory = memory
        stored = json.loads(memory.read_text()) if memory.exists() else {"settings": {}, "grants": []}
        self.settings = Settings(**stored["settings"])
        self._grants = [Grant(**grant) for grant in stored["grants"]]

    def be(self, settings: Settings) -> None:
        """Behave in that way from now on, and when it is started again."""
        self.settings = settings
        self._save()

    async def token(self, request: Request) -> Response:
        """The token endpoint: RFC 6749 §6, the client authenticated by HTTP Basic."""
        form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
        content_type = request.headers.get("content-type", "").partition(";")[0]
        if content_type != "application/x-www-form-urlencoded" or any(len(values) > 1 for values in form.values()):
            return JSONResponse({"error": "invalid_request"}, 400)
        if request.headers.get("authorization") != f"Basic {self._credentials}":
            return JSONResponse({"error": "invalid_client"}, 401, {"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != ["refresh_token"]:
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        grant = self.refresh("".join(form.get("refresh_token", ())))
        if grant is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(grant.answer(), headers={"Cache-Control": "no-store"})

    def bearer(self, request: Request) -> Grant | None:
        """The grant whose access token the request carries, expired or not; None if there is none such."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = next((grant for grant in self._grants if grant.access_token == token), None)
        return None if scheme != "Bearer" or grant is None or grant.revoked else grant

    def issue(self, family: str = "") -> Grant:
        """A new pair, of a new family unless one is named."""
        now = time.time()
        expires_at = now + self.settings.access_token_seconds
        grant = Grant(family or secrets.token_hex(8), _access_token(expires_at), _refresh_token(), now, expires_at)
        self._grants = [*self._grants[-_MOST_GRANTS:], grant]
        self._save()
        return grant

    def refresh(self, token: str) -> Grant | None:
        """A new pair for a refresh token; None if that one is unknown, dead, or was used too long ago."""
        now = time.time()
        grant = next((grant for grant in self._grants if grant.refresh_token == token), None)
        if grant is None or grant.revoked or now >= grant.issued_at + _REFRESH_TOKEN_SECONDS:
            return None
        if grant.used_at is not None and now >= grant.used_at + self.settings.grace_seconds:
            for relative in self._grants if self.settings.strict else ():
                relative.revoked = relative.revoked or relative.family == grant.family
            self._save()
            return None
        grant.used_at = grant.used_at or now
        return self.issue(grant.family)

    def routes(self) -> list[Route]:
        """The routes by which the server is told what to be like."""
        return [
            Route("/sandbox/settings", self._set, methods=["POST"]),
            Route("/sandbox/grant", self._grant, methods=["POST"]),
            Route("/sandbox/expire", self._expire, methods=["POST"]),
            Route("/sandbox/state", self._tell),
        ]

    async def _set(self, request: Request) -> Response:
        self.be(Settings(**asdict(self.settings) | await request.json()))
        return await self._tell(request)

    async def _grant(self, request: Request) -> Response:
        return JSONResponse(self.issue().answer())

    async def _expire(self, request: Request) -> Response:
        for grant in self._grants:
            grant.expires_at = min(grant.expires_at, time.time())
        self._save()
        return await self._tell(request)

    async def _tell(self, request: Request) -> Response:
        return JSONResponse(self._state())

    def _state(self) -> dict[str, Any]:
        return {"settings": asdict(self.settings), "grants": [asdict(grant) for grant in self._grants]}

    def _save(self) -> None:
        write_private(self._memory, json.dumps(self._state()))


def write_private(file: Path, text: str) -> None:
    """Replace a file, readable by its owner only, so that a reader sees the old one or the new one, whole."""
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with open(temporary, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
        new.write(text)
    temporary.replace(file)


def _access_token(expires_at: float) -> str:
    """As long, and of the same three parts, as a JWT that names a person and many scopes; its signature is noise."""
    header = {"alg": "RS256", "typ": "JWT", "kid": secrets.token_hex(20).upper()}
    claims = {"exp": int(expires_at), "jti": secrets.token_hex(16), "scope": [secrets.token_hex(12) for _ in range(24)]}
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), secrets.token_bytes(256))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _refresh_token() -> str:
    """Holds characters that have a meaning in a form, so that a client that does not encode them is found out."""
    return f"{secrets.token_urlsafe(24)}+/{secrets.token_urlsafe(8)}="
