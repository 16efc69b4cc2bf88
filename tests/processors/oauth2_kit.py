"""An OAuth2AccessTokenProvider against an identity server on the loopback, and what it would keep on the disk."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from tests.processors.invoke_http_kit import Asked, LoopbackServer, answer

from flowrun import ServiceContext
from flowrun_processors.oauth2_access_token_provider import (
    OAuth2AccessTokenProvider,
    token_endpoint,
    token_keeper,
)

CLIENT = {"Client ID": "client", "Client secret": "client-secret"}
REFRESH = {"Grant Type": "refresh_token", "Refresh Token": "first", **CLIENT}
CREDENTIALS = {"Grant Type": "client_credentials", **CLIENT}
PASSWORD = {"Grant Type": "password", "Username": "ada", "Password": "open sesame"}


def tokens(access_token: str = "a1", **more: Any) -> bytes:
    """The answer of a token endpoint."""
    body = {"access_token": access_token, "token_type": "Bearer", "expires_in": 1800} | more
    return answer(json.dumps({name: value for name, value in body.items() if value is not None}).encode())


def refusal(code: str, status: int = 400) -> bytes:
    """What RFC 6749 has an endpoint say, and what it should never have said."""
    body = {"error": code, "error_description": "the refresh token 'first' of client-secret is unknown"}
    return answer(json.dumps(body).encode(), status=status, reason="Bad Request")


def form(asked: Asked) -> dict[str, str]:
    """The fields of the form that came in."""
    fields = parse_qs(asked.body.decode(), keep_blank_values=True, strict_parsing=True)
    return {name: value for name, [value] in fields.items()}


class Disk:
    """The durable state of a service, and what it says to people."""

    def __init__(self, state: Mapping[str, str] | None = None) -> None:
        self.state: Mapping[str, str] = state or {}
        self.saves = 0
        self.said: list[str] = []
        self.error: Exception | None = None

    def context(self) -> ServiceContext:
        return ServiceContext(self.state, self._save, self.said.append)

    def _save(self, values: Mapping[str, str]) -> None:
        if self.error is not None:
            raise self.error
        self.saves += 1
        self.state = dict(values)


@contextmanager
def providing(
    server: LoopbackServer, properties: Mapping[str, str], disk: Disk | None = None, **services: Any
) -> Iterator[OAuth2AccessTokenProvider]:
    """The provider, enabled."""
    provider = OAuth2AccessTokenProvider(
        {"Authorization Server URL": f"{server.url}/token", **properties}, services=services
    )
    provider.check()
    provider.on_enabled((disk or Disk()).context())
    try:
        yield provider
    finally:
        provider.on_disabled()


def token(provider: OAuth2AccessTokenProvider) -> str:
    return provider.access_token(time.monotonic() + 10)


class Clock:
    """The time that the provider sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000.0
        for module in (token_endpoint, token_keeper):
            monkeypatch.setattr(module, "time", lambda: self.now)
        start, began = self.now, time.monotonic()
        monkeypatch.setattr(token_keeper, "monotonic", lambda: began + self.now - start)
