"""How long a server asks to be left alone. Source: RFC 9110 §10.2.3."""

import time
from typing import Final

from flowrun_processors.http_client.headers import Headers
from flowrun_processors.invoke_http.http_date import parse_http_date

HELPED_BY_WAITING: Final = frozenset((429, 503))


def requested_wait(headers: Headers) -> float | None:
    """Seconds from `Retry-After`, a number or a date; None if there is none that can be read.

    A date counts from the server's own `Date`, so that clocks that differ do no harm.
    """
    text = (headers.get("retry-after") or "").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return float(text)
    moment = parse_http_date(text) if text else None
    if moment is None:
        return None
    served = parse_http_date(headers.get("date") or "")
    return max(0.0, moment - (time.time() if served is None else served))
