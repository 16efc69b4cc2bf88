"""From an answer to flowfiles: attributes, content, and where they go. Source: NiFi's `InvokeHTTP`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flowrun import FlowFile, ProcessSession
from flowrun.units import format_data_size
from flowrun_processors.http_client.body import PIECE
from flowrun_processors.http_client.request import Request
from flowrun_processors.http_client.request_error import IO, RequestError
from flowrun_processors.http_client.response import Response
from flowrun_processors.invoke_http.evaluation import evaluate
from flowrun_processors.invoke_http.file_name import file_name
from flowrun_processors.invoke_http.media_type import decode_body, is_media_type
from flowrun_processors.invoke_http.property_types import trimmed
from flowrun_processors.invoke_http.response_properties import ResponseProperties
from flowrun_processors.invoke_http.retry_after import HELPED_BY_WAITING, requested_wait

REQUEST_URL: Final = "invokehttp.request.url"
RESPONSE_BODY: Final = "invokehttp.response.body"
REMOTE_SUBJECT: Final = "invokehttp.remote.dn"

_DEFAULT_ATTRIBUTE_SIZE: Final = 256
_READ_ON: Final = 1 << 16
"""Bytes of a body that are read beyond those that are wanted, to see that it is whole."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with its answer; `status` are the attributes that say how it went."""

    request: Request
    response: Response
    status: Mapping[str, str]


class Beginning:
    """The first bytes of a body, kept while it goes past."""

    def __init__(self, limit: int) -> None:
        self.data = b""
        self._limit = limit

    def of(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The same pieces."""
        for piece in pieces:
            if len(self.data) < self._limit:
                self.data += piece[: self._limit - len(self.data)]
            yield piece


class Delivery:
    """Turns answers into flowfiles as the properties say."""

    def __init__(self, properties: ResponseProperties) -> None:
        self._properties = properties
        self._fills_attribute = properties.body_attribute is not None
        self._attribute_size = properties.body_attribute_size if self._fills_attribute else _DEFAULT_ATTRIBUTE_SIZE

    def deliver(self, session: ProcessSession, flowfile: FlowFile | None, answered: Answered) -> None:
        """Read the answer, and transfer the flowfiles; without a request flowfile there is the answer's only.

        Raises RequestError if the body is too large or cut short, or an expression has no value; nothing is left of
        the answer then, and the request flowfile is as it was.
        """
        properties, response = self._properties, answered.response
        name = self._attribute_name(flowfile, answered)
        headers = self._request_headers(flowfile, answered)
        beginning = Beginning(self._attribute_size if name is not None else 0)
        pieces = iter(()) if properties.body_ignored else beginning.of(response.pieces)
        if properties.generation_required or (response.is_success and not self._fills_attribute):
            answer = self._store(session, flowfile, answered, self._limited(pieces, answered))
            session.receive(answer, response.url.shown)
            session.transfer(answer, properties.response)
        elif name is not None:
            _read(pieces, self._attribute_size + _READ_ON)
        if flowfile is not None:
            body = {}
            if name is not None:
                body[name] = decode_body(beginning.data, response.headers.get("content-type") or "")
            self._route(session, flowfile, answered, {**_behind(answered.status, headers), **body})

    def _attribute_name(self, flowfile: FlowFile | None, answered: Answered) -> str | None:
        """The attribute of the request flowfile that takes the beginning of the body; None if none does."""
        properties = self._properties
        if flowfile is None or properties.body_ignored:
            return None
        if properties.body_attribute is not None:
            name = "Response Body Attribute Name"
            return evaluate(name, properties.body_attribute, flowfile, answered.status) or RESPONSE_BODY
        return None if answered.response.is_success else RESPONSE_BODY

    def _request_headers(self, flowfile: FlowFile | None, answered: Answered) -> dict[str, str]:
        """The answer's headers as attributes of the request flowfile."""
        properties = self._properties
        if flowfile is None or not properties.header_attributes_enabled:
            return {}
        prefix = ""
        if properties.header_attributes_prefix is not None:
            name = "Response Header Request Attributes Prefix"
            prefix = trimmed(evaluate(name, properties.header_attributes_prefix, flowfile, answered.status))
        return _header_attributes(answered.response, prefix)

    def _limited(self, pieces: Iterator[bytes], answered: Answered) -> Iterator[bytes]:
        """The same pieces; raises RequestError once they are too many, before the first if the headers say so."""
        limit = self._properties.size_limit
        length = answered.response.headers.get("content-length") or ""
        if length.isdecimal() and len(length) < 20 and int(length) > limit and self._takes_body(answered):
            raise _too_large(limit)
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise _too_large(limit)
            yield piece

    def _takes_body(self, answered: Answered) -> bool:
        return not self._properties.body_ignored and answered.response.may_have_body(answered.request.method)

    def _store(
        self, session: ProcessSession, flowfile: FlowFile | None, answered: Answered, pieces: Iterator[bytes]
    ) -> FlowFile:
        """The answer as a flowfile. One that fits into a piece is stored at once, a larger one as it comes."""
        parents = () if flowfile is None else (flowfile,)
        attributes = self._answer_attributes(answered)
        first: list[bytes] = []
        size = 0
        for piece in pieces:
            first.append(piece)
            size += len(piece)
            if size > PIECE:
                break
        else:
            return session.create(*parents, attributes=attributes, content=b"".join(first))
        answer = session.create(*parents, attributes=attributes)
        try:
            with session.open_write(answer) as stream:
                for piece in first:
                    stream.write(piece)
                for piece in pieces:
                    stream.write(piece)
        except Exception:
            session.remove(answer)  # whatever went wrong, half an answer is none
            raise
        return stream.flowfile

    def _answer_attributes(self, answered: Answered) -> dict[str, str]:
        properties, response = self._properties, answered.response
        attributes = _behind(answered.status, _header_attributes(response, ""))
        if properties.naming_strategy == "URL_PATH" and answered.request.method == "GET":
            name = file_name(answered.status[REQUEST_URL])
            if name is not None:
                attributes["filename"] = name
        media_type = response.headers.get("content-type")
        if media_type is not None and is_media_type(media_type) and not properties.body_ignored:
            attributes["mime.type"] = media_type
        return attributes

    def _route(
        self, session: ProcessSession, flowfile: FlowFile, answered: Answered, attributes: Mapping[str, str]
    ) -> None:
        properties, response = self._properties, answered.response
        flowfile = session.put_attributes(flowfile, attributes)
        if answered.request.body is not None:
            session.send(flowfile, answered.request.url.shown)
        if response.is_success:
            session.transfer(flowfile, properties.original)
            return
        cause = f"the server answered {response.status} {response.reason[:80]}".rstrip()
        wait = self._requested_wait(response)
        if wait is not None or 500 <= response.status < 600:
            session.transfer(session.penalize(flowfile, wait or None), properties.retry, cause=cause)
            return
        if properties.penalizes_no_retry:
            flowfile = session.penalize(flowfile)
        session.transfer(flowfile, properties.no_retry, cause=cause)

    def _requested_wait(self, response: Response) -> float | None:
        """Seconds that the server asked to be left alone, if the flow heeds that."""
        limit = self._properties.retry_after_limit
        if limit <= 0 or response.status not in HELPED_BY_WAITING:
            return None
        wait = requested_wait(response.headers)
        return None if wait is None else min(wait, limit)


def _too_large(limit: int) -> RequestError:
    return RequestError(IO, f"the answer is larger than the Response Size Limit ({format_data_size(limit)})")


def _header_attributes(response: Response, prefix: str) -> dict[str, str]:
    attributes = response.headers.attributes(prefix)
    if response.subject is not None:
        attributes[REMOTE_SUBJECT] = response.subject
    return attributes


def _behind(status: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, str]:
    """The status attributes, then the headers, which take the place of none of them."""
    return {**status, **headers, **status}


def _read(pieces: Iterator[bytes], limit: int) -> None:
    """Read so many bytes, or to the end."""
    for piece in pieces:
        limit -= len(piece)
        if limit <= 0:
            return
