"""Prioritizers: in which order a queue hands out its flowfiles. Source: NiFi's `nifi-standard-prioritizers`."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flowrun.flowfile import Placement

SortKey = Callable[[Placement], Any]


class Prioritizer(StrEnum):
    """The orders there are; with several, the later ones decide where the earlier ones see no difference."""

    FIRST_IN_FIRST_OUT = "FirstInFirstOut"
    OLDEST_FIRST = "OldestFirst"
    NEWEST_FIRST = "NewestFirst"
    PRIORITY_ATTRIBUTE = "PriorityAttribute"


def _priority(placement: Placement) -> tuple[int, int, str]:
    """NiFi's order of the attribute `priority`: whole numbers first, lowest first, then text, then those without."""
    text = placement.flowfile.attributes.get("priority")
    if text is None:
        return (2, 0, "")
    stripped = text.strip()
    if stripped.removeprefix("-").isdecimal():
        return (0, int(stripped), "")
    return (1, 0, text)


_KEYS: dict[Prioritizer, SortKey] = {
    Prioritizer.FIRST_IN_FIRST_OUT: lambda placement: placement.queued_since,
    Prioritizer.OLDEST_FIRST: lambda placement: placement.flowfile.lineage_start,
    Prioritizer.NEWEST_FIRST: lambda placement: -placement.flowfile.lineage_start,
    Prioritizer.PRIORITY_ATTRIBUTE: _priority,
}


def sort_key(prioritizers: tuple[Prioritizer, ...]) -> SortKey | None:
    """What to sort by; None where order of arrival is all that is asked for."""
    if all(prioritizer is Prioritizer.FIRST_IN_FIRST_OUT for prioritizer in prioritizers):
        return None
    keys = [_KEYS[prioritizer] for prioritizer in prioritizers]
    return lambda placement: tuple(key(placement) for key in keys)
