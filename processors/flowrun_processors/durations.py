"""Durations that may not be nothing."""

from flowrun import duration


def positive_duration(text: str) -> float:
    """A duration of a millisecond or more, in seconds."""
    seconds = duration(text)
    if seconds < 0.001:
        raise ValueError(f"expected a duration of at least 1 ms, found {text!r}")
    return seconds
