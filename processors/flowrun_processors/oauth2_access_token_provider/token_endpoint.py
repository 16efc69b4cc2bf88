"""The token endpoint of an identity server: asked for tokens by form. Source: RFC 6749, and NiFi's provider."""

import json
import re
from collections.abc import Mapping, Sequence
from time import monotonic, time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flowrun_processors.http_client.body import BytesBody
from flowrun_processors.http_client.headers import RawField
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.http_client.response import Response
from flowrun_processors.http_client.url import Url
from flowrun_processors.oauth2_access_token_provider.tokens import Tokens, read_tokens

if TYPE_CHECKING:
    from flowrun_processors.http_client.client import Client

_PROCESS: Final = "org.apache.nifi.processor.exception.ProcessException"
_LARGEST_ANSWER: Final = 1 << 20
_ERROR_CODE: Final = re.compile(r"[a-z_]{1,40}")
_LATER_MAY_DO: Final = frozenset((408, 425, 429))


class TokenError(RequestError):
    """There is no access token. The message holds no secret: nothing that the server wrote but RFC 6749's codes."""

    def __init__(self, message: str, java_class: str = _PROCESS) -> None:
        super().__init__(java_class, f"no access token: {message}")
        self.reason = message


class TokenRefusedError(TokenError):
    """The server understood, and said no; `code` is RFC 6749's word for why, empty if it gave none."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class TokenEndpoint:
    """Asks for tokens. `form` and `fields` go with each request; `timeout` is in seconds, for the whole of one."""

    def __init__(
        self, url: Url, client: "Client", form: Mapping[str, str], fields: Sequence[RawField], timeout: float
    ) -> None:
        self._url = url
        self._client = client
        self._form = form
        self._fields = fields
        self._timeout = timeout

    def ask(self, grant: Mapping[str, str]) -> Tokens:
        """The tokens for that grant. Raises TokenRefusedError, and TokenError where there is no answer, or an odd one.

        It is sent once: the server may have spent a refresh token whose answer was lost.
        """
        data = urlencode({**grant, **self._form}, errors="replace").encode("ascii")
        fields = [
            (b"Host", self._url.authority.encode("ascii")),
            (b"Accept", b"application/json"),
            (b"User-Agent", b"flowrun"),
            (b"Content-Type", b"application/x-www-form-urlencoded"),
            (b"Content-Length", b"%d" % len(data)),
            *self._fields,
        ]
        try:
            with self._client.send(
                Request("POST", self._url, fields, BytesBody(data)), monotonic() + self._timeout
            ) as response:
                return self._read(response)
        except TokenError:
            raise
        except RequestError as error:
            raise TokenError(error.message, error.java_class) from error

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _read(self, response: Response) -> Tokens:
        where = self._url.authority
        body = b""
        for piece in response.pieces:
            body += piece
            if len(body) > _LARGEST_ANSWER:
                raise TokenError(f"the answer of {where} is far too large for tokens")
        if response.is_success:
            tokens = read_tokens(body, time())
            if tokens is None:
                raise TokenError(f"{where} answered {response.status}, but its answer holds no tokens")
            return tokens
        if 300 <= response.status < 400:
            message = f"{where} redirects ({response.status}); correct 'Authorization Server URL'"
            raise TokenRefusedError(message, "")
        if response.status >= 500 or response.status in _LATER_MAY_DO:
            raise TokenError(f"{where} answered {response.status}")
        code = _error_code(body)
        raise TokenRefusedError(f"{where} refused: {response.status} {code}".rstrip(), code)


def _error_code(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else ""
