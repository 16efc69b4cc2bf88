"""InvokeHttp. Source: NiFi's `InvokeHTTP`."""

import traceback
from time import monotonic
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from flowrun import FlowFile, Input, Level, ProcessorError, ProcessSession
from flowrun.errors import RepositoryError, SessionError
from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, IO, RequestError
from flowrun_processors.http_client.response import Response
from flowrun_processors.invoke_http.authentication import Authentication, BearerAuthentication
from flowrun_processors.invoke_http.cache import ResponseCache
from flowrun_processors.invoke_http.cookies import CookieJar
from flowrun_processors.invoke_http.delivery import Answered, Delivery
from flowrun_processors.invoke_http.digest import DigestAuthentication
from flowrun_processors.invoke_http.property_types import trimmed
from flowrun_processors.invoke_http.request_builder import METHODS_WITH_BODY, RequestBuilder
from flowrun_processors.invoke_http.response_properties import ResponseProperties
from flowrun_processors.invoke_http.user_agent import UserAgent

if TYPE_CHECKING:
    from flowrun_processors.http_client.client import Client


class InvokeHttp(ResponseProperties):
    """Send an HTTP request for each flowfile, and take the answer.

    The request flowfile leaves by `Original`, `Retry`, `No Retry` or `Failure`, as it went; the answer becomes a new
    flowfile on `Response`. Without a connection coming in, or with one from itself only, it is a source: each trigger
    sends one request (POST, PUT and PATCH send none); give it a schedule.

    Where flowrun differs from NiFi on purpose:

    - HTTP/2 is spoken if the extra `http2` is installed; each connection serves one request at a time.
    - Proxy variables of the environment are not heeded; `SSL_CERT_FILE` is. A proxy is told the user at once.
    - With an access token provider, `Authorization` can't be set besides; the token goes to the URL's own server only.
    - A request ends after `Request Timeout`, an answer at `Response Size Limit`; an answer that is cut short is a
      `Failure`, and leaves nothing behind.
    - `Response Retry-After Limit` above zero sends 429 and 503 with `Retry-After` to `Retry`, for that long.
    - A redirect to another scheme, host or port leaves `Cookie` and `Host` behind, as NiFi does with `Authorization`.
      Digest authentication answers the URL's own server only.
    - POST and PATCH are not sent again when a kept connection turns out to be broken: the flowfile goes to `Failure`.
    - A header `User-Agent` or `Date` that the flow sends takes the place of the processor's own; `Content-Length` and
      `Transfer-Encoding` always follow from the body. Names of headers are checked before the start.
    - GZIP with a form compresses the whole body, as the header says, not the content alone.
    - The cache is in memory, and keeps answers apart by `Authorization` and `Cookie`.
    - `invokehttp.java.exception.message` and bulletins never hold a header's value, a body, or a URL's user or query.
    """

    input = Input.ALLOWED
    tags = ("http", "https", "rest", "client", "api", "request")
    former_types = ("InvokeHTTP",)
    reads: ClassVar = {
        "mime.type": "the request's Content-Type, unless the property says otherwise",
        "filename": "the file's name in a form",
    }
    writes: ClassVar = {
        "invokehttp.status.code": "the answer's status",
        "invokehttp.status.message": "the reason that goes with it; may be empty",
        "invokehttp.request.url": "the URL as configured",
        "invokehttp.response.url": "the URL that answered, after redirects",
        "invokehttp.request.duration": "milliseconds until the answer began",
        "invokehttp.tx.id": "a UUID, the same on the request's and the answer's flowfile",
        "invokehttp.response.body": "on the request flowfile, the first 256 bytes of an answer that is not 2xx",
        "invokehttp.remote.dn": "whom the server's TLS certificate names, wherever the answer's headers are attributes",
        "invokehttp.java.exception.class": "on Failure, the kind of error, as a Java class",
        "invokehttp.java.exception.message": "on Failure, what went wrong",
        "mime.type": "on Response, the answer's Content-Type",
        "(header names)": "on Response, each header of the answer; on the request flowfile if switched on",
    }
    example = """\
fetch-invoices:
  type: InvokeHttp
  properties:
    HTTP URL: https://api.example.org/invoices?page=${page:urlEncode()}
    Authorization: Bearer ${access_token}
    Accept: application/json
    Response Retry-After Limit: 5 min
  retry: {relationships: [Retry, Failure], attempts: 3}
  auto_terminate: [Original]
  dead_letter: [Retry, No Retry, Failure]
"""

    _client: "Client | None" = None
    _agent: UserAgent
    _builder: RequestBuilder
    _delivery: Delivery

    def on_scheduled(self) -> None:
        from flowrun_processors.http_client.client import Client, ClientSettings  # 0.1 s, for flows that need it

        settings = ClientSettings(
            self.connection_timeout or None,
            self.read_timeout or None,
            self.write_timeout or None,
            self.idle_timeout,
            self.idle_connections,
            http2=not self.http2_disabled,
            proxy=self.proxy_service.proxy if self.proxy_service is not None else None,
            new_context=self.ssl_context_service.new_context if self.ssl_context_service is not None else None,
        )
        self._client = Client(settings)
        self._agent = UserAgent(
            self._client.send,
            follows_redirects=self.redirects_enabled,
            cookies=CookieJar() if self.cookie_strategy == "ACCEPT_ALL" else None,
            cache=ResponseCache(self.cache_size) if self.cache_enabled else None,
            authentication=self._authentication(),
        )
        self._builder = RequestBuilder(self)
        self._delivery = Delivery(self)

    def _authentication(self) -> Authentication | None:
        if self.token_provider is not None:
            replaces_refused = self.token_refresh_strategy == "ON_UNAUTHORIZED_RESPONSE"
            return BearerAuthentication(self.token_provider, replaces_refused=replaces_refused)
        user = trimmed(self.username or "")
        if user and self.digest_enabled:
            return DigestAuthentication(user, trimmed(self.password or ""))
        return None

    def on_stopped(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def on_trigger(self, session: ProcessSession) -> None:
        has_work = False
        for flowfile in session.units():
            has_work = True
            self._ask(session, flowfile)
        if not has_work and not session.has_incoming_connection:
            self._poll(session)

    def _poll(self, session: ProcessSession) -> None:
        """One request of a source; where the body goes to an attribute, an empty flowfile takes it."""
        try:
            if self._builder.method(None) in METHODS_WITH_BODY:
                return
        except RequestError as error:
            self._fail(session, None, error)
            return
        self._ask(session, session.create() if self.body_attribute is not None else None)

    def _ask(self, session: ProcessSession, flowfile: FlowFile | None) -> None:
        try:
            self._exchange(session, flowfile)
        except (RepositoryError, SessionError):
            raise
        except Exception as error:  # noqa: BLE001 as in NiFi, whatever prevents an answer is routed to Failure
            self._fail(session, flowfile, _failure(error))

    def _exchange(self, session: ProcessSession, flowfile: FlowFile | None) -> None:
        url = self._builder.address(flowfile)
        start = monotonic()
        request = self._builder.build(session, flowfile, url)
        with self._agent.fetch(request, start + self.request_timeout) as response:
            milliseconds = int((monotonic() - start) * 1000)
            status = _status_attributes(response, url, milliseconds)
            self._delivery.deliver(session, flowfile, Answered(request, response, status))
            if flowfile is None and not response.is_success:
                self.yield_resources()

    def _fail(self, session: ProcessSession, flowfile: FlowFile | None, failure: RequestError) -> None:
        if flowfile is None:
            session.say(Level.ERROR, failure.message)
            self.yield_resources()
            return
        session.say(Level.WARNING, failure.message, flowfile)
        attributes = {
            "invokehttp.java.exception.class": failure.java_class,
            "invokehttp.java.exception.message": failure.message,
        }
        flowfile = session.penalize(session.put_attributes(flowfile, attributes))
        session.transfer(flowfile, self.failure, cause=failure.message)


def _status_attributes(response: Response, url: str, milliseconds: int) -> dict[str, str]:
    return {
        "invokehttp.status.code": str(response.status),
        "invokehttp.status.message": response.reason,
        "invokehttp.request.url": url,
        "invokehttp.request.duration": str(milliseconds),
        "invokehttp.response.url": response.url.text,
        "invokehttp.tx.id": str(uuid4()),
    }


def _failure(error: Exception) -> RequestError:
    """Why there is no answer. What other errors say is not repeated: it may hold a secret."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, ProcessorError):
        return RequestError(ILLEGAL_ARGUMENT, "a property can't be evaluated for this flowfile")
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return RequestError(IO, f"unexpected {type(error).__name__}{place}")
