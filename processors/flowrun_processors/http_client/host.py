"""Host names and addresses in the one form in which they are compared and sent. Source: OkHttp's `toCanonicalHost`."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f#%/:?@\[\\\]]")


def percent_decode(text: str) -> str:
    """The text with `%xx` decoded as UTF-8; what is no UTF-8 becomes the replacement character."""
    return unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace") if "%" in text else text


def canonical_host(host: str) -> str | None:
    """The host in lower-case ASCII, an IPv6 address in its shortest form without brackets; None if it is no host."""
    if ":" in host:
        return _canonical_address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    host = host.lower()
    return None if not host or _FORBIDDEN.search(host) else host


def _canonical_address(text: str) -> str | None:
    from ipaddress import AddressValueError, IPv6Address  # 3 ms, and rare

    try:
        address = IPv6Address(text)
    except AddressValueError:
        return None
    if address.scope_id is not None:
        return None
    return str(address.ipv4_mapped) if address.ipv4_mapped is not None else str(address)
