"""Through a proxy to a server: the CONNECT request, whose answer opens a tunnel."""

import re
from typing import Final

import httpcore

from flowrun_processors.http_client.proxy import Proxy
from flowrun_processors.http_client.request_error import IO, RequestError

_LARGEST_HEAD: Final = 1 << 16
_STATUS: Final = re.compile(rb"HTTP/\d\.\d (\d{3})")
_END: Final = b"\r\n\r\n"


def open_tunnel(stream: httpcore.NetworkStream, proxy: Proxy, authority: str, timeout: float | None) -> None:
    """Have the proxy connect to that host and port; what the stream carries from then on is between them and us.

    `timeout` is in seconds, for each step. Raises RequestError if the proxy does not.
    """
    fields = [(b"Host", authority.encode("ascii")), *proxy.authorization]
    lines = b"".join(b"%b: %b\r\n" % field for field in fields)
    try:
        stream.write(b"CONNECT %b HTTP/1.1\r\n%b\r\n" % (authority.encode("ascii"), lines), timeout)
        head = _read_head(stream, timeout)
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        raise RequestError(IO, f"the proxy {proxy.authority} did not answer") from error
    found = _STATUS.match(head)
    if found is None or _END not in head:
        what = "is no HTTP" if head else "is empty"
        raise RequestError(IO, f"the answer of the proxy {proxy.authority} {what}")
    status = int(found[1])
    if status == 407:
        message = f"the proxy {proxy.authority} asks for a user and a password, or for others than it was sent (407)"
        raise RequestError(IO, message)
    if not 200 <= status < 300:
        raise RequestError(IO, f"the proxy {proxy.authority} refused a connection to {authority}: it answered {status}")
    if not head.endswith(_END):
        raise RequestError(IO, f"the proxy {proxy.authority} speaks where {authority} has not been asked yet")


def _read_head(stream: httpcore.NetworkStream, timeout: float | None) -> bytes:
    """What the proxy says, at least up to the blank line."""
    head = b""
    while _END not in head and len(head) < _LARGEST_HEAD:
        piece = stream.read(_LARGEST_HEAD - len(head), timeout)
        if not piece:
            break
        head += piece
    return head
