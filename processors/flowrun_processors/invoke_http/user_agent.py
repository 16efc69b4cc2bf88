"""What stands between a request and its final answer: redirects, cookies, the cache, and challenges to authenticate."""

from collections.abc import Callable
from typing import Final

from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.request_error import PROTOCOL, RequestError
from flowrun_processors.http_client.response import Response
from flowrun_processors.invoke_http.authentication import Authentication
from flowrun_processors.invoke_http.cache import ResponseCache, unsatisfiable
from flowrun_processors.invoke_http.cache_control import is_only_if_cached
from flowrun_processors.invoke_http.cookies import CookieJar
from flowrun_processors.invoke_http.redirects import MOST_FOLLOW_UPS, is_repeated, redirected

_UNAUTHORIZED: Final = 401

Send = Callable[[Request, float], Response]


class UserAgent:
    """Follows a request to its final answer; any number of threads may use it at once.

    `send` sends one request and gives the answer to it. Without cookies, cache or authentication there is none of that.
    """

    def __init__(
        self,
        send: Send,
        *,
        follows_redirects: bool,
        cookies: CookieJar | None = None,
        cache: ResponseCache | None = None,
        authentication: Authentication | None = None,
    ) -> None:
        self._send = send
        self._follows_redirects = follows_redirects
        self._cookies = cookies
        self._cache = cache
        self._authentication = authentication

    def fetch(self, request: Request, deadline: float) -> Response:
        """The final answer, its body decompressed if this processor asked for gzip; raises RequestError."""
        origin = request.url.origin
        previous = challenges = follow_ups = 0
        while True:
            authentication = self._authentication if request.url.origin == origin else None
            sent = authentication.authorize(request, deadline) if authentication is not None else request
            response = self._step(sent, deadline)
            try:
                following = self._follow_up(request, response, previous)
                if following is None and authentication is not None and response.status == _UNAUTHORIZED:
                    if authentication.has_answer(sent, response, challenges=challenges, deadline=deadline):
                        following = request
                    challenges += 1
            except BaseException:
                response.close()  # nobody else can
                raise
            if following is None:
                return response.gunzipped(request.method) if request.gunzips else response
            response.close()
            follow_ups += 1
            if follow_ups > MOST_FOLLOW_UPS:
                raise RequestError(PROTOCOL, f"more than {MOST_FOLLOW_UPS} redirects or repetitions")
            previous = response.status
            request = following

    def _step(self, request: Request, deadline: float) -> Response:
        cookie = self._cookies.header(request.url) if self._cookies is not None else ""
        if cookie:
            request = request.with_field(b"Cookie", cookie.encode("ascii"))
        if self._cache is not None:
            response = self._cache.fetch(request, lambda asked: self._send(asked, deadline))
        elif is_only_if_cached(request):
            return unsatisfiable(request)
        else:
            response = self._send(request, deadline)
        if self._cookies is not None:
            self._cookies.accept(response.headers.all("set-cookie"), request.url)
        return response

    def _follow_up(self, request: Request, response: Response, previous: int) -> Request | None:
        if response.is_success:
            return None
        if is_repeated(response, previous):
            return request
        return redirected(request, response) if self._follows_redirects else None
