"""The newest tokens of a refresh token's line, in the service's durable state.

A refresh token is often good for one use: whoever forgets the one that came in its place has lost the access.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from flowrun import ServiceContext
from flowrun_processors.oauth2_access_token_provider.tokens import Tokens

_CONFIGURED: Final = "configured"
_ASKED: Final = "asked"


class TokenStore:
    """Keeps tokens over restarts, for as long as the configured refresh token, the first of the line, is the same.

    `first` is that one; `asked` is what else tokens depend on: an access token got with other words is not used.
    """

    def __init__(self, context: ServiceContext, first: str, asked: str) -> None:
        self._context = context
        self._first = first
        self._marks = {_CONFIGURED: _hash(first), _ASKED: _hash(asked)}

    def load(self) -> Tokens:
        """The newest tokens; where there are none of this line, the first refresh token with nothing beside it."""
        state = self._context.state
        if state.get(_CONFIGURED) != self._marks[_CONFIGURED] or not state.get("refresh_token"):
            return Tokens("", self._first, 0.0, 0.0)
        if state.get(_ASKED) != self._marks[_ASKED]:
            return Tokens("", state["refresh_token"], 0.0, 0.0)
        return Tokens(
            state.get("access_token", ""),
            state["refresh_token"],
            _moment(state, "obtained_at"),
            _moment(state, "expires_at"),
        )

    def probe(self) -> None:
        """Write the state as it is: a disk that takes nothing is found out before a token is spent."""
        self._context.save_state(dict(self._context.state))

    def save(self, tokens: Tokens) -> None:
        """Make them last; only then may they be used. Raises RepositoryError."""
        self._context.save_state(
            {
                **self._marks,
                "access_token": tokens.access_token,
                "refresh_token": tokens.refresh_token or "",
                "obtained_at": repr(tokens.obtained_at),
                "expires_at": repr(tokens.expires_at),
            }
        )


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _moment(state: Mapping[str, str], name: str) -> float:
    try:
        return float(state.get(name, "0"))
    except ValueError:
        return 0.0
