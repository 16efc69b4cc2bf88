"""From a finished transaction to the one value that makes it true, and to the queues that follow."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from flowrun.connection import Connection
from flowrun.flowfile import FlowFile, Placement, new_uuid
from flowrun.ledger import Ledger, Transfer
from flowrun.node import ProcessorNode
from flowrun.repository import Commit, Event, EventType, Repository, StateChange
from flowrun.statistics import Statistics
from flowrun.transaction import Transaction


class Gathered(Struct, eq=False):
    """A commit, and the flowfiles that join each queue when it is true.

    `routed` counts flowfiles by relationship, `dropped` those that ended here; `penalized` says that some may be.
    """

    commit: Commit
    arrivals: list[tuple[Connection, list[Placement]]]
    routed: Mapping[str, int]
    dropped: int
    penalized: bool


_NOTHING: Mapping[str, str] = {}


def gather(
    node: ProcessorNode, ledger: Ledger, repository: Repository, now: float, *, follows_origins: bool
) -> Gathered:
    """What one session of this processor comes to; flowfiles that were undone are placed where they came from."""
    if not follows_origins:
        passed_on = _passed_on(node, ledger, now)
        if passed_on is not None:
            return passed_on
    return _Gathering(node, repository, now).gather(ledger, follows_origins=follows_origins)


def _passed_on(node: ProcessorNode, ledger: Ledger, now: float) -> Gathered | None:
    """The short way, for what most sessions do: all that was taken goes on by one relationship, into one queue.

    None: something else happened too.
    """
    transfers = ledger.transfers
    count = len(transfers)
    if count != len(ledger.taken) or not count or ledger.does_more:
        return None
    relationship = transfers[0][1]
    queue = node.short_routes.get(relationship)
    if queue is None or len({transfer[1] for transfer in transfers}) > 1:
        return None
    identity = queue.id
    placed = [Placement(flowfile, identity, now) for flowfile, _, _ in transfers]
    ids = tuple([transfer[0].id for transfer in transfers])
    commit = Commit(now, ids, tuple(placed), ledger.changes, passes_on=True, queue=identity, author=node.name)
    return Gathered(commit, [(queue, placed)], {relationship: count}, 0, False)


class _Gathering:
    """The long way."""

    def __init__(self, node: ProcessorNode, repository: Repository, now: float) -> None:
        self._node = node
        self._repository = repository
        self._now = now
        self._arrivals: dict[str, tuple[Connection, list[Placement]]] = {}
        self._events: list[Event] = []
        self._origins: _Origins | None = None
        self._ended = 0
        self._attempts: dict[int, int] | None = None
        self._ways: dict[str, list[int]] = {}
        self._ended_flowfiles: list[FlowFile] = []

    def gather(self, ledger: Ledger, *, follows_origins: bool) -> Gathered:
        if follows_origins:
            is_origin = self._node.is_source and self._node.settings.skip_overlap
            self._origins = _Origins(ledger, (self._node.name,) if is_origin else ())
        if ledger.entries:
            self._events, self._ended_flowfiles = ledger.events, ledger.removed
            self._ended = len(self._ended_flowfiles)
        routed = self._route(ledger)
        for placement in ledger.returned:
            self._arriving_at(self._came_by(placement)).append(placement)
        arrivals = list(self._arrivals.values())
        placed = arrivals[0][1] if len(arrivals) == 1 else [placement for _, some in arrivals for placement in some]
        taken = [*ledger.taken, *ledger.returned]
        is_more = ledger.entries or ledger.parents or ledger.undone_claims or self._ended
        passes_on = not is_more and len(placed) == len(taken)
        commit = Commit(
            self._now,
            tuple([placement.flowfile.id for placement in (placed if passes_on else taken)]),
            tuple(placed),
            ledger.changes,
            tuple(ledger.claims) if is_more else (),
            tuple(self._events),
            () if ledger.state is None else (StateChange(self._node.name, ledger.state),),
            passes_on=passes_on,
            author=self._node.name,
            ways=self._ways,
            ended=tuple(self._ended_flowfiles),
            returned=ledger.reasons,
        )
        return Gathered(commit, arrivals, routed, self._ended, bool(ledger.penalties or ledger.returned))

    def _route(self, ledger: Ledger) -> Mapping[str, int]:
        """Place what was transferred, and count it by relationship.

        Most relationships lead to one queue, and most flowfiles have nothing special: that way is short.
        """
        short = self._node.short_routes if not ledger.penalties and self._origins is None else {}
        now = self._now
        counts: dict[str, int] = {}
        for transfer in ledger.transfers:
            relationship = transfer[1]
            counts[relationship] = counts.get(relationship, 0) + 1
            queue = short.get(relationship)
            if queue is not None:
                self._arriving_at(queue).append(Placement(transfer[0], queue.id, now))
            else:
                self._route_one(transfer, ledger)
        return counts

    def _route_one(self, transfer: Transfer, ledger: Ledger) -> None:
        flowfile, relationship, cause = transfer
        origins = self._origins.of(flowfile.id) if self._origins else ()
        connections = self._node.routes[relationship]
        is_untold = relationship in self._node.untold
        if not connections:
            self._ended += 1
            self._ended_flowfiles.append(flowfile)
            self._ways.setdefault(relationship, []).append(flowfile.id)
        for number, connection in enumerate(connections):
            if connection.is_notice:  # the dead letter comes before it
                assert self._node.dead_letters is not None
                letter = self._arrivals[self._node.dead_letters.id][1][-1]
                self._arriving_at(connection).append(self._notice(letter, connection))
                continue
            target = self._clone(flowfile) if number else flowfile
            if is_untold:
                self._ways.setdefault(relationship, []).append(target.id)
            penalized_until, attempts, why, came_by = ledger.penalties.get(flowfile.id, 0.0), 0, "", ""
            if connection.is_dead_letter:
                penalized_until = 0.0
                attempts, came_by = self._history(flowfile, ledger)
                why = f"{relationship}: {cause}" if cause else relationship
                why = why.encode("utf-8", "replace").decode()  # names of files may hold bytes that are no text
            placement = Placement(target, connection.id, self._now, penalized_until, attempts, origins, why, came_by)
            self._arriving_at(connection).append(placement)

    def _history(self, flowfile: FlowFile, ledger: Ledger) -> tuple[int, str]:
        """How often it was tried here (a child never was), and which connection brought it, or its parent."""
        if not ledger.taken:
            return 0, ""
        if self._attempts is None:
            self._attempts = {placement.flowfile.id: placement.attempts + 1 for placement in ledger.taken}
        return self._attempts.get(flowfile.id, 0), ledger.taken[0].connection

    def _notice(self, letter: Placement, connection: Connection) -> Placement:
        """A copy of a dead letter for the processor that tells people: it holds up no source, for nobody waits for it.

        The cause may come to be seen outside of the flow, so no secret stands in it.
        """
        cause = self._node.transaction_settings.masking.message(letter.cause, letter.flowfile)
        facts = {
            "dead_letter.uuid": letter.flowfile.uuid,
            "dead_letter.processor": self._node.name,
            "dead_letter.cause": cause,
            "dead_letter.attempts": str(letter.attempts),
        }
        return Placement(self._clone(letter.flowfile, facts), connection.id, self._now)

    def _clone(self, flowfile: FlowFile, more: Mapping[str, str] = _NOTHING) -> FlowFile:
        clone_id = self._repository.next_id()
        attributes = {**flowfile.attributes, **more, "uuid": new_uuid(clone_id)}
        self._events.append(Event(EventType.CLONE, clone_id, others=(flowfile.id,)))
        return FlowFile(clone_id, attributes, flowfile.content, self._now, flowfile.lineage_start)

    def _arriving_at(self, connection: Connection) -> list[Placement]:
        arriving = self._arrivals.get(connection.id)
        if arriving is None:
            arriving = self._arrivals[connection.id] = (connection, [])
        return arriving[1]

    def _came_by(self, placement: Placement) -> Connection:
        return next(connection for connection in self._node.incoming if connection.id == placement.connection)


def count(statistics: Statistics, transaction: Transaction, gathered: Gathered, taken: int, placed: int) -> None:
    """Add a session to its processor's statistics; `taken` and `placed` are bytes."""
    ledger = transaction.ledger
    statistics.triggers += 1
    statistics.taken += len(ledger.taken)
    statistics.placed += len(ledger.transfers)
    if taken or placed:
        statistics.taken_size += taken
        statistics.placed_size += placed
    if gathered.dropped:
        statistics.dropped += gathered.dropped
    if transaction.failures or transaction.retries:
        statistics.failures += transaction.failures
        statistics.retries += transaction.retries
    for relationship, number in gathered.routed.items():
        statistics.routed[relationship] += number


class _Origins:
    """The sources that each flowfile of a session descends from."""

    def __init__(self, ledger: Ledger, own: tuple[str, ...]) -> None:
        self._known: dict[int, tuple[str, ...]] = {p.flowfile.id: p.origins for p in ledger.taken}
        self._otherwise = _united([own, *self._known.values()])
        for child, parents in ledger.parents.items():  # each comes after its parents
            self._known[child] = _united([own, *map(self.of, parents)]) if parents else self._otherwise

    def of(self, flowfile_id: int) -> tuple[str, ...]:
        """Own source, inherited from the parents, or, for a child of nobody, all that the session took."""
        return self._known.get(flowfile_id, self._otherwise)


def _united(origins: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({origin for some in origins for origin in some}))
