"""What a session has done so far, in order, so that the work on one flowfile can be undone without the rest."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

from msgspec import Struct

from flowrun.bulletin import Level
from flowrun.errors import SessionError
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository.commit import Event

Action = Callable[[], None]

Transfer = tuple[FlowFile, str, str]
"""A flowfile on its way out, by that relationship, and why, where the processor knows."""

Entry = FlowFile | Event | ContentClaim | Action
"""What is rarer than transfers: a flowfile that was removed, an event, written content, an action on commit."""

Mark = tuple[int, int, int, int, Mapping[str, str] | None]
"""A point to which a ledger can be taken back: how much had been taken, transferred, entered and created; the state."""

START: Mark = (0, 0, 0, 0, None)


class Note(NamedTuple):
    """A message that becomes a bulletin, whether or not the work is undone."""

    level: Level
    message: str
    flowfile: FlowFile | None


class Ledger(Struct, eq=False):
    """The entries of one session.

    `held` are the flowfiles that the session has and must still place or remove, `parents` those of the flowfiles
    that it created, `changes` the attributes that it set (None: removed), `returned` what was undone, and `reasons`
    gives by reason the ids of the flowfiles for which it was.
    """

    taken: list[Placement] = []
    held: dict[int, FlowFile] = {}
    transfers: list[Transfer] = []
    entries: list[Entry] = []
    parents: dict[int, tuple[int, ...]] = {}
    changes: dict[int, Mapping[str, str | None]] = {}
    penalties: dict[int, float] = {}
    state: Mapping[str, str] | None = None
    notes: list[Note] = []
    returned: list[Placement] = []
    reasons: dict[str, list[int]] = {}
    undone_claims: list[ContentClaim] = []

    def undo(self, mark: Mark) -> list[Placement]:
        """Take back all since the mark but the notes; gives what had been taken from queues since then."""
        taken, transfers, entries, created, self.state = mark
        back = self.taken[taken:]
        for flowfile_id in (*(placement.flowfile.id for placement in back), *list(self.parents)[created:]):
            self.held.pop(flowfile_id, None)
            self.changes.pop(flowfile_id, None)
            self.penalties.pop(flowfile_id, None)
            self.parents.pop(flowfile_id, None)
        self.undone_claims += [entry for entry in self.entries[entries:] if isinstance(entry, ContentClaim)]
        del self.taken[taken:]
        del self.transfers[transfers:]
        del self.entries[entries:]
        return back

    def give_back(self, placements: list[Placement], reason: str) -> None:
        """Have these go back to their queues."""
        self.returned += placements
        ids = [placement.flowfile.id for placement in placements]
        self.reasons.setdefault(reason.encode("utf-8", "replace").decode(), []).extend(ids)

    @property
    def does_more(self) -> bool:
        """Whether there is more than flowfiles that were taken, changed, and transferred."""
        return bool(
            self.entries
            or self.parents
            or self.penalties
            or self.returned
            or self.undone_claims
            or self.state is not None
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.taken or self.transfers or self.entries) and self.state is None

    @property
    def removed(self) -> list[FlowFile]:
        """The flowfiles that ended here."""
        return [entry for entry in self.entries if isinstance(entry, FlowFile)]

    @property
    def events(self) -> list[Event]:
        """The provenance events."""
        return [entry for entry in self.entries if isinstance(entry, Event)]

    @property
    def claims(self) -> list[ContentClaim]:
        """The contents that the session wrote, those that were undone too."""
        return [entry for entry in self.entries if isinstance(entry, ContentClaim)] + self.undone_claims

    @property
    def actions(self) -> list[Action]:
        """What is to be done when the commit is safe."""
        return [entry for entry in self.entries if not isinstance(entry, FlowFile | Event | ContentClaim)]


class _Ended:
    """What a session works with once it is over: whatever is asked of it is refused."""

    def __getattr__(self, name: str) -> NoReturn:
        raise SessionError(
            "the session is over: what is done with it now would be part of no commit (wait for your threads, and keep "
            "no session for later)"
        )

    def __setitem__(self, key: object, value: object) -> NoReturn:
        self.__getattr__("__setitem__")


ENDED: Any = _Ended()


def not_held(flowfile: FlowFile) -> SessionError:
    """What to say of a flowfile that the session does not hold."""
    return SessionError(
        f"flowfile {flowfile.uuid} is not at hand: it was transferred or removed already, comes from another session, "
        "or is stale (use the flowfile that the last change returned)"
    )
