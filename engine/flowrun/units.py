"""NiFi's units: `30 sec`, `10 KB`. Source: NiFi's `FormatUtils` and `DataUnit`."""

import math
import re

_DURATION = re.compile(r"(\d+|\d+\.\d+|\.\d+)\s*([a-z]+)", re.IGNORECASE)
_DATA_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)", re.IGNORECASE)

_SECONDS = {
    **dict.fromkeys(("ns", "nano", "nanos", "nanosecond", "nanoseconds"), 1e-9),
    **dict.fromkeys(("ms", "milli", "millis", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 604800.0),
}
_BYTES = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}


def duration(text: str) -> float:
    """Seconds in a NiFi duration: `30 sec`, `1.5 h`, `100ms`. Raises ValueError with what was expected."""
    found = _DURATION.fullmatch(text.strip())
    factor = _SECONDS.get(found[2].lower()) if found else None
    if found is None or factor is None or math.isinf(float(found[1]) * factor):
        raise ValueError(f"expected a duration such as '30 sec' or '5 min', found {text!r}")
    return float(found[1]) * factor


def data_size(text: str) -> int:
    """Bytes in a NiFi data size: `10 KB`, `1.5 GB`, factor 1024. Raises ValueError with what was expected."""
    found = _DATA_SIZE.fullmatch(text.strip())
    if found is None or math.isinf(float(found[1]) * _BYTES[found[2].upper()]):
        raise ValueError(f"expected a data size such as '10 KB' or '1 GB', found {text!r}")
    return int(float(found[1]) * _BYTES[found[2].upper()])


def format_duration(seconds: float) -> str:
    """A duration as a person reads it: `1.5 sec`, `3 min`."""
    for unit, factor in (("day", 86400), ("h", 3600), ("min", 60), ("sec", 1)):
        if seconds >= factor:
            return f"{seconds / factor:.3g} {unit}"
    return f"{seconds * 1000:.3g} ms"


def format_data_size(size: float) -> str:
    """A data size as a person reads it: `0 B`, `1.5 MB`."""
    unit = "B"
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:.3g} {unit}" if unit != "B" else f"{size:.0f} B"
        size /= 1024
    return f"{size:.3g} TB"
