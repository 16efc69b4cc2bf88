"""Header fields: what may be sent, and what came. Source: OkHttp's `Headers`.

A field is a pair of name and value. Names are compared without regard to case, and kept as they were written.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, RequestError

RawField = tuple[bytes, bytes]
Field = tuple[str, str]

_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NOT_IN_VALUE: Final = re.compile(r"[^\t\x20-\x7e]")


def is_header_name(name: str) -> bool:
    """Whether a header may have this name."""
    return _NAME.fullmatch(name) is not None


def unsendable(value: str) -> str | None:
    """The first character of a value that no header may hold (a line break, or one beyond ASCII); None: all may."""
    found = _NOT_IN_VALUE.search(value)
    return found[0] if found else None


def raw_field(name: str, value: str) -> RawField:
    """The field as it is sent, white space around the value removed.

    Raises RequestError for a name or a character that can't be sent; its message does not repeat the value.
    """
    if not is_header_name(name):
        raise RequestError(ILLEGAL_ARGUMENT, f"{name!r} can't be the name of a header")
    character = unsendable(value)
    if character is not None:
        shown = f"U+{ord(character):04X} at position {value.index(character) + 1}"
        raise RequestError(ILLEGAL_ARGUMENT, f"the header '{name}' holds a character that can't be sent: {shown}")
    return name.encode("ascii"), value.strip().encode("ascii")


def without(fields: Iterable[RawField], *names: bytes) -> list[RawField]:
    """The fields that have none of these names, which are in lower case."""
    return [field for field in fields if field[0].lower() not in names]


def has(fields: Iterable[RawField], name: bytes) -> bool:
    """Whether a field of this name, which is in lower case, is among them."""
    return any(field[0].lower() == name for field in fields)


def text_of(raw: bytes) -> str:
    """What a server sent, as text: UTF-8, or Latin-1 where it is no UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


class Headers:
    """The header fields of a response, in the order in which they came."""

    __slots__ = ("fields",)

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields

    @classmethod
    def from_raw(cls, fields: Iterable[RawField]) -> "Headers":
        """From the bytes that came."""
        return cls([(text_of(name), text_of(value)) for name, value in fields])

    def get(self, name: str) -> str | None:
        """The value of that name, the last one if there are several; the name is in lower case."""
        return next((value for known, value in reversed(self.fields) if known.lower() == name), None)

    def all(self, name: str) -> list[str]:
        """Every value of that name, which is in lower case."""
        return [value for known, value in self.fields if known.lower() == name]

    def without(self, *names: str) -> "Headers":
        """The fields that have none of these names, which are in lower case."""
        return Headers([field for field in self.fields if field[0].lower() not in names])

    def attributes(self, prefix: str = "") -> dict[str, str]:
        """An attribute for each header: named as it was sent first, values joined with `, `."""
        names: dict[str, str] = {}
        values: dict[str, str] = {}
        for name, value in self.fields:
            if not name.strip():
                continue
            known = names.setdefault(name.lower(), prefix + name)
            values[known] = f"{values[known]}, {value}" if known in values else value
        return values
