"""What survives a crash: one contract, an implementation in memory and one on disk."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from flowrun.flowfile import Placement
from flowrun.repository.commit import Commit, Event, EventType, StateChange
from flowrun.repository.content import ContentRepository, ContentWriter
from flowrun.repository.room import Room
from flowrun.repository.swap import SwapSpace

__all__ = [
    "Commit",
    "ContentRepository",
    "ContentWriter",
    "Event",
    "EventType",
    "Recovered",
    "Repository",
    "StateChange",
]


class Recovered(Struct, frozen=True):
    """What was true when the last process ended: every flowfile that was in a queue, and each processor's state."""

    placements: tuple[Placement, ...] = ()
    state: Mapping[str, Mapping[str, str]] = {}
    notes: tuple[str, ...] = ()


class Repository(Protocol):
    """Makes commits true. Used by the engine thread alone, but for `content` and `next_id`."""

    @property
    def content(self) -> ContentRepository:
        """Where contents lie."""

    @property
    def room(self) -> Room:
        """What happens when there is no room."""

    @property
    def swap(self) -> SwapSpace | None:
        """Where flowfiles of long queues are while they are not in memory; None: all are."""

    def recover(self) -> Recovered:
        """What earlier commits left; called once, before the first commit. Raises RepositoryError if it is damaged."""

    def next_id(self) -> int:
        """An id that no flowfile ever had, from any thread."""

    def commit(self, commit: Commit) -> None:
        """Make it true: afterwards it survives kill -9. Raises RepositoryError, and then nothing of it is true."""

    def sync(self) -> None:
        """Make all commits so far survive what the `fsync` setting promises; the engine calls it before it acts
        on the world outside, and before it rests."""

    def close(self) -> None:
        """Let go of files and locks; nothing is lost by not being closed."""
