"""What becomes of queued flowfiles when the new flow takes over from the old one."""

from collections.abc import Mapping
from dataclasses import dataclass

from flowrun.connection import Connection
from flowrun.graph import FlowGraph
from flowrun.units import format_duration


@dataclass(frozen=True, slots=True)
class QueueFate:
    """One queue of the old flow; `queued` is how many flowfiles are in it now (None: nobody has looked).

    `is_gone`: the new flow does not have it. `too_old` is how many of them it drops at once, since they are older than
    the new `expiration`.
    """

    id: str
    is_gone: bool
    words: str
    queued: int | None = None
    too_old: int = 0

    @property
    def is_touched(self) -> bool:
        """Whether there is anything to say about it."""
        return bool(self.words)


def queue_fates(old: FlowGraph, new: FlowGraph, ages: Mapping[str, list[float]] | None) -> tuple[QueueFate, ...]:
    """The fate of each queue; `ages` gives for those that are not empty how old each flowfile is, in seconds.

    A queue is the same if source, relationships and destination are: its flowfiles are found again by that.
    """
    known = old.queues
    only_stored = [identity for identity in ages or () if identity not in known]
    fates = [_fate(identity, known.get(identity), new, ages) for identity in (*known, *only_stored)]
    if old.definition.name != new.definition.name:
        return tuple(_left_behind(fate, old.definition.name) for fate in fates)
    return tuple(fates)


def _fate(
    identity: str, before: Connection | None, new: FlowGraph, ages: Mapping[str, list[float]] | None
) -> QueueFate:
    after = new.queues.get(identity)
    waiting = [] if ages is None else ages.get(identity, [])
    queued = None if ages is None else len(waiting)
    if after is None:
        return QueueFate(identity, True, _gone(queued), queued)
    if after.expiration and (before is None or before.expiration != after.expiration):
        return _shortened(identity, after.expiration, None if ages is None else waiting)
    return QueueFate(identity, False, f"stays, with {_counted(queued)}" if queued else "", queued)


def _shortened(identity: str, expiration: float, ages: list[float] | None) -> QueueFate:
    """A queue whose flowfiles may live for another time than before."""
    limit = format_duration(expiration)
    if ages is None:
        return QueueFate(identity, False, f"stays; what is older than {limit} is dropped")
    too_old = sum(age >= expiration for age in ages)
    dropped = f", of which {too_old:,} are older than {limit} and are dropped" if too_old else ""
    words = f"stays, with {_counted(len(ages))}{dropped}" if ages else ""
    return QueueFate(identity, False, words, len(ages), too_old)


def _gone(queued: int | None) -> str:
    if queued is None:
        return "is gone: the new flow does not start while flowfiles wait in it"
    if not queued:
        return "is gone, and empty"
    waits = "waits" if queued == 1 else "wait"
    return f"is gone, and {_counted(queued)} {waits} in it: the new flow does not start before they have moved on"


def _left_behind(fate: QueueFate, name: str) -> QueueFate:
    """The flow has another name, and so another state directory."""
    if fate.queued == 0:
        return QueueFate(fate.id, False, "", 0)
    number = "what waits in it" if fate.queued is None else _counted(fate.queued)
    words = f"{number} stays behind in the state directory of '{name}'"
    return QueueFate(fate.id, False, words, fate.queued)


def _counted(number: int) -> str:
    return "1 flowfile" if number == 1 else f"{number:,} flowfiles"
