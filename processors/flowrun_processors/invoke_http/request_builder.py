"""From a flowfile to its request. Source: NiFi's `InvokeHTTP.configureRequest`, and OkHttp's `BridgeInterceptor`."""

import re
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from flowrun import FlowFile, ProcessSession
from flowrun_processors.http_client.basic_authentication import basic_credentials
from flowrun_processors.http_client.body import Body, BytesBody
from flowrun_processors.http_client.headers import RawField, is_header_name, raw_field
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, RequestError
from flowrun_processors.http_client.url import parse_url
from flowrun_processors.invoke_http.body import ChunkedBody, ContentBody, GzipBody
from flowrun_processors.invoke_http.evaluation import evaluate
from flowrun_processors.invoke_http.http_date import format_http_date
from flowrun_processors.invoke_http.media_type import is_media_type
from flowrun_processors.invoke_http.multipart import MultipartBody, Part
from flowrun_processors.invoke_http.property_types import FORM_FIELD, trimmed
from flowrun_processors.invoke_http.redirects import host_field
from flowrun_processors.invoke_http.request_properties import RequestProperties

METHODS_WITH_BODY: Final = frozenset(("POST", "PUT", "PATCH"))
_DEFAULT_MEDIA_TYPE: Final = "application/octet-stream"
_FRAMING: Final = frozenset((b"content-length", b"transfer-encoding"))
_KEEP_ALIVE: Final = (b"Connection", b"Keep-Alive")
_ACCEPT_GZIP: Final = (b"Accept-Encoding", b"gzip")
_CONTENT_GZIP: Final = (b"Content-Encoding", b"gzip")
_NEVER_SENT: Final = re.compile(
    r"|path|invokehttp\.(?:status\.(?:code|message)|request\.url|response\.(?:body|url)|tx\.id|remote\.dn"
    r"|java\.exception\.(?:class|message))"
)
"""Attributes that are not sent, whatever the pattern says."""


class _Content(NamedTuple):
    """A body with the headers that describe it."""

    body: Body
    media_type: str | None
    is_compressed: bool


_NO_CONTENT: Final = _Content(BytesBody(), None, False)


class RequestBuilder:
    """Makes requests as the properties say; what is the same for all of them is prepared once."""

    def __init__(self, properties: RequestProperties) -> None:
        self._properties = properties
        self._form_fields = {
            name.removeprefix(FORM_FIELD + ":"): value
            for name, value in properties.fields.items()
            if name.startswith(FORM_FIELD)
        }
        self._headers = {name: value for name, value in properties.fields.items() if not name.startswith(FORM_FIELD)}
        self._authorization = _basic_authorization(properties)

    def method(self, flowfile: FlowFile | None) -> str:
        """The request's method, in upper case; raises RequestError."""
        return trimmed(evaluate("HTTP Method", self._properties.method, flowfile)).upper()

    def address(self, flowfile: FlowFile | None) -> str:
        """The request's URL, as the flow has it; raises RequestError."""
        return trimmed(evaluate("HTTP URL", self._properties.url, flowfile))

    def build(self, session: ProcessSession, flowfile: FlowFile | None, address: str) -> Request:
        """The flowfile's request to that URL; raises RequestError if it can't be made."""
        url = parse_url(address)
        method = self.method(flowfile)
        if not is_header_name(method):
            what = f"'{method[:20]}' is no method of HTTP" if method else "the method is empty"
            raise RequestError(ILLEGAL_ARGUMENT, what)
        content = self._content(session, flowfile) if method in METHODS_WITH_BODY and flowfile is not None else None
        chosen = self._chosen_fields(flowfile)
        names = {name.lower() for name, _ in chosen}
        fields = self._own_fields(flowfile, names)
        if b"host" not in names:
            fields.insert(0, host_field(url))
        gunzips = not (b"accept-encoding" in names or b"range" in names)
        if gunzips:
            fields.append(_ACCEPT_GZIP)
        if content is not None:
            chosen = _describe(content, chosen, fields)
        return Request(method, url, fields + chosen, content.body if content else None, gunzips)

    def _own_fields(self, flowfile: FlowFile | None, names: set[bytes]) -> list[RawField]:
        """What NiFi sends by itself, but for what the flow has chosen otherwise."""
        properties = self._properties
        fields = list(self._authorization)
        if properties.user_agent is not None:
            fields.append(raw_field("User-Agent", evaluate("Request User-Agent", properties.user_agent, flowfile)))
        elif b"user-agent" not in names:
            fields.append((b"User-Agent", b""))
        if properties.date_enabled and b"date" not in names:
            fields.append((b"Date", format_http_date(int(time.time())).encode("ascii")))
        if b"connection" not in names:
            fields.append(_KEEP_ALIVE)
        return fields

    def _chosen_fields(self, flowfile: FlowFile | None) -> list[RawField]:
        """The flow's own headers, but for those that say where the body ends: these follow from the body."""
        fields = [raw_field(name, evaluate(name, value, flowfile)) for name, value in self._headers.items()]
        pattern = self._properties.header_attributes
        if pattern is not None and flowfile is not None:
            for attribute, value in flowfile.attributes.items():
                name = trimmed(attribute)
                if pattern.fullmatch(name) and not _NEVER_SENT.fullmatch(name):
                    fields.append(raw_field(name, trimmed(value)))
        return [field for field in fields if field[0].lower() not in _FRAMING]

    def _content(self, session: ProcessSession, flowfile: FlowFile) -> _Content:
        properties = self._properties
        name = ""
        if properties.multipart_name is not None:
            name = evaluate("Request Multipart Form-Data Name", properties.multipart_name, flowfile)
        is_form = bool(self._form_fields or name)
        if not properties.body_enabled and not is_form:
            return _NO_CONTENT
        media_type: str | None = evaluate("Request Content-Type", properties.content_type, flowfile)
        media_type = media_type if media_type and media_type.strip() else _DEFAULT_MEDIA_TYPE
        media_type = media_type if is_media_type(media_type) else None
        body: Body = ContentBody(session, flowfile)
        if properties.chunked_enabled:
            body = ChunkedBody(body)
        if is_form:
            form = self._form(flowfile, name, body, media_type)
            body, media_type = form, form.content_type
        is_compressed = properties.content_encoding == "GZIP"
        return _Content(GzipBody(body) if is_compressed else body, media_type, is_compressed)

    def _form(self, flowfile: FlowFile, name: str, body: Body, media_type: str | None) -> MultipartBody:
        fields = self._form_fields.items()
        parts = [Part.field(field, evaluate(f"{FORM_FIELD}:{field}", value, flowfile)) for field, value in fields]
        if self._properties.body_enabled:
            filename = flowfile.attributes.get("filename") if self._properties.multipart_filename_enabled else None
            parts.append(Part(name, body, filename, media_type))
        return MultipartBody(parts)


def _describe(content: _Content, chosen: Sequence[RawField], fields: list[RawField]) -> list[RawField]:
    """Add the headers of the body to `fields`; gives the chosen ones without those that it replaces."""
    replaced: set[bytes] = set()
    if content.media_type is not None:
        fields.append(raw_field("Content-Type", content.media_type))
        replaced.add(b"content-type")
    if content.is_compressed:
        fields.append(_CONTENT_GZIP)
        replaced.add(b"content-encoding")
    length = content.body.length
    if length is None:
        fields.append((b"Transfer-Encoding", b"chunked"))
    else:
        fields.append((b"Content-Length", b"%d" % length))
    return [field for field in chosen if field[0].lower() not in replaced]


def _basic_authorization(properties: RequestProperties) -> list[RawField]:
    user = trimmed(properties.username or "")
    if not user or properties.digest_enabled:
        return []
    return [(b"Authorization", basic_credentials(user, trimmed(properties.password or "")))]
