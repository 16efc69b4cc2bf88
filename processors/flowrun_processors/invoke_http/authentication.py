"""Ways of saying who asks that need more than a fixed header."""

from typing import TYPE_CHECKING, Protocol

from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response

if TYPE_CHECKING:
    from flowrun_processors.oauth2_access_token_provider import OAuth2AccessTokenProvider


class Authentication(Protocol):
    """Used for the URL's own server only, by any number of threads. Deadlines are on the monotonic clock."""

    def authorize(self, request: Request, deadline: float) -> Request:
        """The request with whatever is known before it is sent; raises RequestError."""

    def has_answer(self, request: Request, response: Response, *, challenges: int, deadline: float) -> bool:
        """Whether the authorized request, answered with 401, should be authorized anew and sent again.

        `challenges` is how often it was before. Raises RequestError.
        """


class BearerAuthentication:
    """The access token of a provider; `replaces_refused`: another one for a token that was refused before its time."""

    def __init__(self, provider: "OAuth2AccessTokenProvider", *, replaces_refused: bool) -> None:
        self._provider = provider
        self._replaces_refused = replaces_refused

    def authorize(self, request: Request, deadline: float) -> Request:
        """With the token in the header `Authorization`."""
        token = self._provider.access_token(deadline)
        return request.with_field(b"Authorization", b"Bearer " + token.encode("ascii"))

    def has_answer(self, request: Request, response: Response, *, challenges: int, deadline: float) -> bool:
        """Whether there is another token; a new one that is refused too is not replaced."""
        if challenges or not self._replaces_refused:
            return False
        refused = request.value(b"authorization").removeprefix("Bearer ")
        return self._provider.replacement(refused, deadline) is not None
