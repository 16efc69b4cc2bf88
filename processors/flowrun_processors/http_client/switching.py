"""The answer 101, Switching Protocols, to a request that asked for no other protocol: h11 takes it for no HTTP."""

import re
from typing import Final, NamedTuple

from flowrun_processors.http_client.headers import Headers, text_of

_SWITCH: Final = re.compile(
    rb"(?:HTTP/1\.\d 1(?!01)\d\d[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)*"
    rb"HTTP/1\.\d 101 ?([^\r\n]*)\r\n((?:[^\r\n]+\r\n)*)\r\n"
)


class Switch(NamedTuple):
    """What a server said with it. There is a body only if it said how long that is."""

    reason: str
    headers: Headers
    body: tuple[bytes, ...]


def read_switch(received: bytes) -> Switch | None:
    """The 101 with which, after other 1xx, these bytes begin; None if they do not."""
    found = _SWITCH.match(received)
    if found is None:
        return None
    pairs = (line.partition(b":") for line in found[2].split(b"\r\n") if line)
    headers = Headers.from_raw((name.strip(), value.strip()) for name, _, value in pairs)
    length = headers.get("content-length") or ""
    size = int(length) if length.isdecimal() and len(length) < 20 else 0
    body = received[found.end() :][:size]
    return Switch(text_of(found[1]), headers, (body,) if body else ())
