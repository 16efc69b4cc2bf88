"""What a session has done so far, in order, so that the work on one flowfile can be undone without the rest."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from flowrun.bulletin import Level
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository.commit import Event

Transfer = tuple[FlowFile, str, str]
"""A flowfile on its way out, by that relationship, and why, where the processor knows."""

Mark = tuple[int, int, int, int, int, int, int, Mapping[str, str] | None]
"""A point to which a ledger can be taken back: how long each of its lists was, and the state."""


class Note(NamedTuple):
    """A message that becomes a bulletin, whether or not the work is undone."""

    level: Level
    message: str
    flowfile: FlowFile | None


class Ledger:
    """The entries of one session. `held` are the flowfiles that the session has and must still place or remove."""

    __slots__ = (
        "actions",
        "changes",
        "claims",
        "created",
        "events",
        "held",
        "notes",
        "parents",
        "penalties",
        "removed",
        "returned",
        "state",
        "taken",
        "transfers",
        "undone_claims",
    )

    def __init__(self) -> None:
        self.taken: list[Placement] = []
        self.held: dict[int, FlowFile] = {}
        self.transfers: list[Transfer] = []
        self.removed: list[FlowFile] = []
        self.created: list[int] = []
        self.parents: dict[int, tuple[int, ...]] = {}
        self.changes: dict[int, dict[str, str | None]] = {}
        self.penalties: dict[int, float] = {}
        self.events: list[Event] = []
        self.claims: list[ContentClaim] = []
        self.actions: list[Callable[[], None]] = []
        self.state: Mapping[str, str] | None = None
        self.notes: list[Note] = []
        self.returned: list[Placement] = []
        self.undone_claims: list[ContentClaim] = []

    def mark(self) -> Mark:
        """The point reached now."""
        return (
            len(self.taken),
            len(self.transfers),
            len(self.removed),
            len(self.created),
            len(self.events),
            len(self.claims),
            len(self.actions),
            self.state,
        )

    def undo(self, mark: Mark) -> list[Placement]:
        """Take back all since the mark but the notes; gives what had been taken from queues since then."""
        taken, transfers, removed, created, events, claims, actions, self.state = mark
        back = self.taken[taken:]
        for flowfile_id in (*(placement.flowfile.id for placement in back), *self.created[created:]):
            self.held.pop(flowfile_id, None)
            self.changes.pop(flowfile_id, None)
            self.penalties.pop(flowfile_id, None)
            self.parents.pop(flowfile_id, None)
        self.undone_claims += self.claims[claims:]
        del self.taken[taken:]
        del self.transfers[transfers:]
        del self.removed[removed:]
        del self.created[created:]
        del self.events[events:]
        del self.claims[claims:]
        del self.actions[actions:]
        return back

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.taken or self.transfers or self.removed or self.events or self.actions) and self.state is None
