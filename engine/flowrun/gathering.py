"""From a finished transaction to the one value that makes it true, and to the queues that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flowrun.connection import Connection
from flowrun.flowfile import FlowFile, Placement, new_uuid
from flowrun.ledger import Ledger, Transfer
from flowrun.node import ProcessorNode
from flowrun.repository import Commit, Event, EventType, Repository, StateChange


@dataclass(slots=True)
class Gathered:
    """A commit, and the flowfiles that join each queue when it is true; `dropped` counts those that ended."""

    commit: Commit
    arrivals: list[tuple[Connection, list[Placement]]] = field(default_factory=list)
    dropped: int = 0


class Gathering:
    """Puts together what one transaction of one processor comes to."""

    def __init__(self, node: ProcessorNode, repository: Repository, now: float) -> None:
        self._node = node
        self._repository = repository
        self._now = now
        self._arrivals: dict[str, tuple[Connection, list[Placement]]] = {}
        self._events: list[Event] = []
        self._origins: _Origins | None = None

    def gather(self, ledger: Ledger) -> Gathered:
        """The commit of this ledger's entries; flowfiles that were undone are placed where they came from."""
        if self._node.is_source and self._node.settings.skip_overlap:
            self._origins = _Origins(ledger, (self._node.name,))
        elif any(placement.origins for placement in ledger.taken):
            self._origins = _Origins(ledger, ())
        self._events = ledger.events
        dropped = len(ledger.removed) + sum(not self._route(transfer, ledger) for transfer in ledger.transfers)
        for placement in ledger.returned:
            self._arrive(self._came_by(placement), placement)
        taken = tuple(placement.flowfile.id for placement in (*ledger.taken, *ledger.returned))
        state = () if ledger.state is None else (StateChange(self._node.name, ledger.state),)
        placed = tuple(placement for _, placements in self._arrivals.values() for placement in placements)
        content = (*ledger.claims, *ledger.undone_claims)
        commit = Commit(self._now, taken, placed, ledger.changes, content, tuple(self._events), state)
        return Gathered(commit, list(self._arrivals.values()), dropped)

    def _route(self, transfer: Transfer, ledger: Ledger) -> bool:
        flowfile, relationship, cause = transfer
        connections = self._node.routes[relationship]
        if not connections:
            return False
        penalized_until = ledger.penalties.get(flowfile.id, 0.0)
        origins = self._origins.of(flowfile.id) if self._origins else ()
        for connection in connections:
            if connection is not connections[0]:
                flowfile = self._clone(flowfile)
            if connection.is_dead_letter:
                cause = f"{relationship}: {cause}" if cause else relationship
            why = cause if connection.is_dead_letter else ""
            placement = Placement(flowfile, connection.id, self._now, penalized_until, 0, origins, why)
            self._arrive(connection, placement)
        return True

    def _clone(self, flowfile: FlowFile) -> FlowFile:
        clone_id = self._repository.next_id()
        attributes = {**flowfile.attributes, "uuid": new_uuid(clone_id)}
        self._events.append(Event(EventType.CLONE, clone_id, self._node.name, others=(flowfile.id,)))
        return FlowFile(clone_id, attributes, flowfile.content, self._now, flowfile.lineage_start)

    def _arrive(self, connection: Connection, placement: Placement) -> None:
        arrived = self._arrivals.get(connection.id)
        if arrived is None:
            self._arrivals[connection.id] = (connection, [placement])
        else:
            arrived[1].append(placement)

    def _came_by(self, placement: Placement) -> Connection:
        return next(connection for connection in self._node.incoming if connection.id == placement.connection)


class _Origins:
    """The sources that each flowfile of a session descends from."""

    def __init__(self, ledger: Ledger, own: tuple[str, ...]) -> None:
        self._own = own
        self._parents: Mapping[int, tuple[int, ...]] = ledger.parents
        self._known: dict[int, tuple[str, ...]] = {p.flowfile.id: p.origins for p in ledger.taken}
        self._all = tuple(sorted({origin for p in ledger.taken for origin in p.origins}))

    def of(self, flowfile_id: int) -> tuple[str, ...]:
        """Own source, inherited from the parents, or, for a child of nobody, all that the session took."""
        known = self._known.get(flowfile_id)
        if known is None:
            parents = self._parents.get(flowfile_id, ())
            inherited = {origin for parent in parents for origin in self.of(parent)} if parents else set(self._all)
            known = self._known[flowfile_id] = tuple(sorted({*inherited, *self._own}))
        return known
