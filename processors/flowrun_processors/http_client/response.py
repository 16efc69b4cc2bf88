"""An answer whose headers have come, and whose body is read while it is being used."""

from collections.abc import Callable, Iterator
from typing import Self

from flowrun_processors.http_client.gunzip import gunzip
from flowrun_processors.http_client.headers import Headers
from flowrun_processors.http_client.url import Url


class Response:
    """What a server answered to a request for `url`, the last one if there were redirects.

    The body comes in `pieces`, once. `close` has to be called whatever happens. `subject` is whom the server's TLS
    certificate names.
    """

    __slots__ = ("_close", "headers", "pieces", "reason", "status", "subject", "url")

    def __init__(
        self,
        status: int,
        reason: str,
        headers: Headers,
        url: Url,
        pieces: Iterator[bytes],
        close: Callable[[], None],
        subject: str | None = None,
    ) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.url = url
        self.pieces = pieces
        self.subject = subject
        self._close = close

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def with_body(self, pieces: Iterator[bytes], headers: Headers | None = None) -> "Response":
        """The same answer, its body seen through another iterator."""
        seen = self.headers if headers is None else headers
        return Response(self.status, self.reason, seen, self.url, pieces, self._close, self.subject)

    def gunzipped(self, method: str) -> "Response":
        """The same answer with its body decompressed, and without the headers that are no longer true."""
        encoding = self.headers.get("content-encoding")
        if encoding is None or encoding.lower() != "gzip" or not self.may_have_body(method):
            return self
        return self.with_body(gunzip(self.pieces), self.headers.without("content-encoding", "content-length"))

    def may_have_body(self, method: str) -> bool:
        """Whether an answer to that method, of this status, has a body at all."""
        return method != "HEAD" and self.status >= 200 and self.status not in (204, 304)

    def close(self) -> None:
        """Let go of the connection; what was not read of the body is lost."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
