"""Moments as a person reads them."""

import time

from flowrun.units import format_duration


def moment_text(moment: float) -> str:
    """The time of day here; with the date, if it is not today."""
    local = time.localtime(moment)
    is_today = local[:3] == time.localtime()[:3]
    return time.strftime("%H:%M:%S" if is_today else "%Y-%m-%d %H:%M:%S", local)


def age_text(moment: float) -> str:
    """How long ago it was, such as `3 min`."""
    return format_duration(max(0.0, time.time() - moment))
