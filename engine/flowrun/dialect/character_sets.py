"""Text as bytes and back, in a character set as Java knows it: what is malformed or can't be written is replaced.

Source: Java's `String` and `CharsetDecoder`.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MALFORMED = "java-malformed"
_FIRST_OF_SURROGATE = 0xED
_CONTINUATIONS = range(0x80, 0xC0)

_NOT_FOR_TEXT = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python that are no character sets: they escape, or can't replace what is malformed."""


@dataclass(frozen=True, slots=True)
class ByteOrder:
    """How Java reads and writes a character set whose name leaves the byte order open: by its mark, else big-endian."""

    big: str
    little: str
    big_mark: bytes
    little_mark: bytes
    written_mark: bytes

    def of(self, head: bytes) -> tuple[str, int]:
        """The codec that a text starting with these bytes is in, and the length of its mark."""
        if head.startswith(self.little_mark):
            return self.little, len(self.little_mark)
        return self.big, len(self.big_mark) if head.startswith(self.big_mark) else 0


_BYTE_ORDERS = {
    "utf-16": ByteOrder("utf-16-be", "utf-16-le", codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": ByteOrder("utf-32-be", "utf-32-le", codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE, b""),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A character set. What can't be decoded becomes U+FFFD, what can't be encoded becomes `?`."""

    codec: str
    order: ByteOrder | None = None

    def decode(self, data: bytes) -> str:
        """The text of a whole content."""
        codec, mark = self.order.of(data) if self.order else (self.codec, 0)
        return data[mark:].decode(codec, _MALFORMED)

    def encode(self, text: str) -> bytes:
        """The bytes of a whole text."""
        if self.order is None:
            return text.encode(self.codec, "replace")
        return self.order.written_mark + text.encode(self.order.big, "replace") if text else b""

    def decode_blocks(self, blocks: Iterable[bytes]) -> Iterator[str]:
        """The text of a content that comes in blocks; characters may lie across them."""
        decoder: codecs.IncrementalDecoder | None = None
        for block in blocks:
            if decoder is None:
                codec, mark = self.order.of(block) if self.order else (self.codec, 0)
                decoder = codecs.getincrementaldecoder(codec)(_MALFORMED)
                block = block[mark:]
            yield decoder.decode(block)
        if decoder is not None:
            yield decoder.decode(b"", final=True)

    def encode_blocks(self, texts: Iterable[str]) -> Iterator[bytes]:
        """The bytes of a text that comes in blocks."""
        encoder = codecs.getincrementalencoder(self.order.big if self.order else self.codec)("replace")
        mark = self.order.written_mark if self.order else b""
        for text in texts:
            yield mark + encoder.encode(text)
            mark = b""
        yield encoder.encode("", final=True)


def decode_utf8(data: bytes) -> str:
    """The text of these bytes; what is no UTF-8 becomes U+FFFD."""
    return data.decode("utf-8", _MALFORMED)


def _replace_malformed(error: UnicodeError) -> tuple[str, int]:
    """One U+FFFD for what Java takes as one character: as in Python, which takes a surrogate's bytes singly, though."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, end = error.object, error.end
    if error.encoding == "utf-8" and data[error.start] == _FIRST_OF_SURROGATE:
        while end < min(error.start + 3, len(data)) and data[end] in _CONTINUATIONS:
            end += 1
    return "\ufffd", end


codecs.register_error(_MALFORMED, _replace_malformed)


def encoding(name: str) -> Encoding:
    """The character set of that name. Raises ValueError with what was expected."""
    try:
        found = codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):  # also a codec that is none for text, such as base64
        found = None
    if found is None or found.name in _NOT_FOR_TEXT:
        raise ValueError(f"expected a character set such as UTF-8 or ISO-8859-1, found {name!r}")
    return Encoding(found.name, _BYTE_ORDERS.get(found.name))
