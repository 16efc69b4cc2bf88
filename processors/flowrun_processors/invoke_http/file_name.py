"""The name of a response flowfile after its URL. Source: NiFi's `InvokeHTTP.getFileNameFromUrl`."""

import re
from typing import Final

_PATH: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*://[^/?#]*([^?#]*)")
_QUOTED: Final = re.compile(r"[\x00-\x20\"%<>\[\\\]^`{|}\x7f-\xa0]")


def file_name(url: str) -> str | None:
    """The last segment of the path, a final slash left out; None if there is none.

    The URL is taken as configured, and encoded as NiFi does it: `%` becomes `%25`, even where it encodes something.
    """
    found = _PATH.match(url)
    segment = found[1].removesuffix("/").rpartition("/")[2] if found else ""
    return _QUOTED.sub(_quote, segment) or None


def _quote(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8"))
