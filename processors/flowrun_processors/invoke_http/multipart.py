"""Forms with files: bodies of type `multipart/form-data`. Source: RFC 7578, and OkHttp's `MultipartBody`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from flowrun_processors.http_client.body import Body, BytesBody
from flowrun_processors.http_client.headers import unsendable
from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, RequestError


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; a file has a filename, and what it carries a media type where that is known."""

    name: str
    body: Body
    filename: str | None = None
    media_type: str | None = None

    @classmethod
    def field(cls, name: str, value: str) -> "Part":
        """A field with text in it."""
        return cls(name, BytesBody(value.encode("utf-8", "replace")))

    def head(self) -> bytes:
        """Its headers, and the empty line after them."""
        filename = "" if self.filename is None else f"; filename={_quoted(self.filename)}"
        lines = f"Content-Disposition: form-data; name={_quoted(self.name)}{filename}\r\n"
        if self.media_type is not None:
            if unsendable(self.media_type):
                raise RequestError(ILLEGAL_ARGUMENT, "the Request Content-Type holds a character that can't be sent")
            lines += f"Content-Type: {self.media_type}\r\n"
        return (lines + "\r\n").encode("utf-8", "replace")


class MultipartBody:
    """The parts of a form, one after the other."""

    def __init__(self, parts: Sequence[Part]) -> None:
        boundary = uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._delimiter = f"--{boundary}\r\n".encode()
        self._end = f"--{boundary}--\r\n".encode()
        self._parts = [(part.head(), part.body) for part in parts]

    @property
    def length(self) -> int | None:
        """Bytes of all parts with their headers; None if a part does not know its length."""
        total = len(self._end)
        for head, body in self._parts:
            if body.length is None:
                return None
            total += len(self._delimiter) + len(head) + body.length + 2
        return total

    def __iter__(self) -> Iterator[bytes]:
        for head, body in self._parts:
            yield self._delimiter + head
            yield from body
            yield b"\r\n"
        yield self._end


def _quoted(text: str) -> str:
    """In double quotes, as browsers write it."""
    return '"' + text.replace("\n", "%0A").replace("\r", "%0D").replace('"', "%22") + '"'
