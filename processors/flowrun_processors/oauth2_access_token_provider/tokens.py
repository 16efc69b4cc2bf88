"""Tokens, as an OAuth 2.0 token endpoint gives them. Source: RFC 6749 §5.1."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from flowrun_processors.http_client.headers import unsendable

_ASSUMED_LIFETIME: Final = 300.0
"""Seconds for which an access token is used whose answer did not say how long it is good for."""
_LONGEST_LIFETIME: Final = 10 * 365 * 86400.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, and what brings the next one. Moments are seconds since the epoch."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    obtained_at: float
    expires_at: float

    def lasts(self, now: float, window: float) -> bool:
        """Whether it is good for `window` seconds more; half of its life is always used."""
        return now < self.expires_at - min(window, (self.expires_at - self.obtained_at) / 2)


def read_tokens(body: bytes, now: float) -> Tokens | None:
    """What an answer of the token endpoint holds; None if it holds no access token that can be sent."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict) or answer.get("error") is not None:
        return None
    access_token = _text(answer.get("access_token"))
    if access_token is None or unsendable(access_token) is not None:
        return None
    return Tokens(access_token, _text(answer.get("refresh_token")), now, now + _lifetime(answer.get("expires_in")))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _lifetime(value: Any) -> float:
    """Seconds; servers are known to write the number as a text."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:20])
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        return _ASSUMED_LIFETIME
    return float(min(value, _LONGEST_LIFETIME))
