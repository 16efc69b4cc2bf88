"""One thing that differs between two flows, and all of them together."""

from dataclasses import dataclass
from enum import StrEnum

from flowrun.plan.queues import QueueFate
from flowrun.plan.reach import Reached


class Part(StrEnum):
    """What of a flow has changed, in the order in which people are told."""

    FLOW = "flow"
    PARAMETER = "parameter"
    SERVICE = "controller service"
    PROCESSOR = "processor"
    CONNECTION = "connection"


class Kind(StrEnum):
    """How it has changed."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """`subject` is the part's name in the new flow (in the old one, if it is gone), `aspect` the property, setting or
    relationship, `old` and `new` how it is written there, without secrets (None: not at all). `words` say it all."""

    part: Part
    kind: Kind
    subject: str
    words: str
    aspect: str = ""
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """All that the new flow changes.

    `reached` are the hosts and paths that the old one did not reach, `queues` what becomes of its queues.
    """

    changes: tuple[Change, ...]
    reached: tuple[Reached, ...]
    queues: tuple[QueueFate, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the new flow does what the old one does."""
        return not (self.changes or self.reached or any(queue.is_gone or queue.too_old for queue in self.queues))

    @property
    def orphans(self) -> tuple[QueueFate, ...]:
        """The queues whose flowfiles keep the new flow from starting."""
        return tuple(queue for queue in self.queues if queue.is_gone and queue.queued)
