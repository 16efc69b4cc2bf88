"""Which request follows an answer: redirects, and the repetitions that NiFi's HTTP client makes by itself.

Source: OkHttp's `RetryAndFollowUpInterceptor`.
"""

from dataclasses import replace
from typing import Final

from flowrun_processors.http_client.headers import has, without
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.response import Response
from flowrun_processors.http_client.url import Url, resolve

MOST_FOLLOW_UPS: Final = 20
_KEEPS_METHOD: Final = frozenset((307, 308))
_REDIRECTS: Final = frozenset((300, 301, 302, 303)) | _KEEPS_METHOD
_OF_THE_BODY: Final = (b"content-type", b"content-length", b"content-encoding", b"transfer-encoding")
_OF_THE_ORIGIN: Final = (b"authorization", b"cookie", b"host")


def redirected(request: Request, response: Response) -> Request | None:
    """The request to which the answer redirects; None if it is no redirect that can be followed.

    All methods but GET and HEAD become GET, without a body, unless the status is 307 or 308. When scheme, host or port
    change, `Authorization`, `Cookie` and `Host` are left behind, wherever they came from.
    """
    if response.status not in _REDIRECTS:
        return None
    location = response.headers.get("location")
    url = None if location is None else resolve(request.url, location)
    if url is None:
        return None
    fields = list(request.fields)
    method, body = request.method, request.body
    if method not in ("GET", "HEAD") and response.status not in _KEEPS_METHOD:
        method, body = "GET", None
        fields = without(fields, *_OF_THE_BODY)
    if url.origin != request.url.origin:
        fields = without(fields, *_OF_THE_ORIGIN)
    if not has(fields, b"host"):
        fields.insert(0, host_field(url))
    return replace(request, method=method, url=url, fields=fields, body=body)


def is_repeated(response: Response, previous: int) -> bool:
    """Whether the server asks for the same request at once: 408, or 503 with `Retry-After: 0`.

    `previous` is the status of the answer before, 0 if there was none: nobody is asked a third time.
    """
    if response.status == previous:
        return False
    wait = response.headers.get("retry-after")
    if response.status == 408:
        return wait is None or _is_zero(wait)
    return response.status == 503 and wait is not None and _is_zero(wait)


def host_field(url: Url) -> tuple[bytes, bytes]:
    """The `Host` header for a URL."""
    return b"Host", url.authority.encode("ascii")


def _is_zero(text: str) -> bool:
    return bool(text) and not text.strip("0")
