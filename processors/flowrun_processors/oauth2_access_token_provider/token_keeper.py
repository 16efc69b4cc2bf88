"""One access token for all who need it, and one thread at a time that goes for the next."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, time
from typing import Final

from flowrun_processors.http_client.request_error import TIME_OUT
from flowrun_processors.oauth2_access_token_provider.token_endpoint import TokenError, TokenRefusedError
from flowrun_processors.oauth2_access_token_provider.tokens import Tokens

INVALID_GRANT: Final = "invalid_grant"
_AFTER_REFUSAL: Final = 60.0
_AFTER_FAILURE: Final = 10.0
_BETWEEN_REPLACEMENTS: Final = 60.0


class TokenKeeper:
    """Hands out tokens for as long as they last; any number of threads may use it at once.

    `obtain` gets the next ones, given the last; `window` is how many seconds before the end that is. All deadlines are
    on the monotonic clock.

    A server that said no is left alone for a minute; with `invalid_grant`, for good: what was refused stays refused.
    """

    def __init__(self, obtain: Callable[[Tokens | None], Tokens], tokens: Tokens | None, window: float) -> None:
        self._obtain = obtain
        self._tokens = tokens
        self._window = window
        self._turn = threading.Lock()
        self._ended = 0
        self._failure: TokenError | None = None
        self._refused: str | None = None
        self._asks_after = -math.inf
        self._may_wait_until = -math.inf
        self._replaces_after = -math.inf

    def current(self, deadline: float) -> Tokens:
        """Tokens that last; others who ask meanwhile wait, and get the same, or the same error. Raises TokenError."""
        tokens, ended = self._tokens, self._ended
        window = 0.0 if monotonic() < self._may_wait_until else self._window
        if tokens is not None and self._is_good(tokens, window):
            return tokens
        try:
            with self._taking_turns(deadline):
                return self._next(tokens, ended)
        except TokenError:
            if tokens is None or not self._is_good(tokens, 0.0):
                raise
            self._may_wait_until = monotonic() + _AFTER_FAILURE
            return tokens

    def instead_of(self, refused: str, deadline: float) -> Tokens | None:
        """Other tokens than this access token, which a server refused before its time; None if none are to be had.

        Not more than once a minute: a server that refuses a new one as well does so for other reasons than its age.
        Raises TokenError.
        """
        ended = self._ended
        with self._taking_turns(deadline):
            tokens = self._tokens
            if tokens is None or tokens.access_token != refused:
                return tokens
            if monotonic() < self._replaces_after:
                return None
            self._refused = refused  # whether there is another now or not
            found = self._next(tokens, ended)
            self._replaces_after = monotonic() + _BETWEEN_REPLACEMENTS
            return found

    def _is_good(self, tokens: Tokens, window: float) -> bool:
        return tokens.access_token != self._refused and tokens.lasts(time(), window)

    @contextmanager
    def _taking_turns(self, deadline: float) -> Iterator[None]:
        if not self._turn.acquire(timeout=min(max(0.0, deadline - monotonic()), threading.TIMEOUT_MAX)):
            raise TokenError("another task is still waiting for one", TIME_OUT)
        try:
            yield
        finally:
            self._turn.release()

    def _next(self, old: Tokens | None, ended: int) -> Tokens:
        """The tokens after `old`: what somebody got since then, or new ones. `ended` are the attempts until then."""
        if self._tokens is not None and self._tokens is not old:
            return self._tokens
        if self._failure is not None and (self._ended != ended or monotonic() < self._asks_after):
            raise TokenError(self._failure.reason, self._failure.java_class) from self._failure
        try:
            self._tokens = self._obtain(old)
            self._failure = self._refused = None
        except TokenError as error:
            self._failure = error
            if isinstance(error, TokenRefusedError):
                self._asks_after = math.inf if error.code == INVALID_GRANT else monotonic() + _AFTER_REFUSAL
            raise
        finally:
            self._ended += 1
        return self._tokens
