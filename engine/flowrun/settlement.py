"""Makes finished sessions true: the repository first, then the queues, then what waits for the commit."""

import struct
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping

import msgspec

from flowrun.bulletin import Bulletin, BulletinBoard, Level
from flowrun.clock import Clock
from flowrun.connection import Connection
from flowrun.errors import RepositoryError, SessionError
from flowrun.flowfile import ContentClaim, FlowFile, Placement, new_uuid, total_size
from flowrun.gathering import Gathered, count, gather
from flowrun.ledger import Note
from flowrun.masking import Masking
from flowrun.node import ProcessorNode
from flowrun.repository import Commit, Event, EventType, Repository, StateChange
from flowrun.state import StateStore
from flowrun.transaction import Transaction

Batch = tuple[Connection, list[Placement]]
"""Flowfiles that were taken from a queue for one session."""

Observer = Callable[[ProcessorNode, Transaction, Gathered], None]
"""Told each session that has come true, on the engine thread."""

MOST_DEAD_LETTERS_TOLD = 5
"""How many dead letters of one session are told one by one."""

SYNC_INTERVAL = 0.010
"""Seconds from a commit to the sync that makes it last, at most, while there is work."""


class Settlement:
    """Used by the engine thread alone. `wake` is told each processor for which something may have changed."""

    def __init__(
        self,
        repository: Repository,
        clock: Clock,
        states: StateStore,
        bulletins: BulletinBoard,
        masking: Masking,
        wake: Callable[[str], None],
        observer: Observer | None = None,
        *,
        follows_origins: bool = False,
    ) -> None:
        self.in_flow: Counter[str] = Counter()
        self.dead_letters = 0
        self._repository = repository
        self._clock = clock
        self._states = states
        self._bulletins = bulletins
        self.masking = masking
        self._wake = wake
        self._observer = observer
        self.follows_origins = follows_origins
        self._actions: deque[tuple[ProcessorNode, Callable[[], None]]] = deque()
        self._unsynced_since: float | None = None
        self._began = clock.now()

    def recovered(self, placements: Iterable[Placement]) -> None:
        """Count the flowfiles that a former run left in queues (not those that are dead letters)."""
        for placement in placements:
            self.in_flow.update(placement.origins)
        self.follows_origins = self.follows_origins or bool(self.in_flow)

    def settle(self, node: ProcessorNode, transaction: Transaction, batch: Batch | None) -> None:
        """Make the session true, or, if another changed the processor's state meanwhile, as if it had never been.

        If what it did can't be stored, such as a text that is no UTF-8, it has failed. Raises RepositoryError if
        nothing can be; the queues are then as they were.
        """
        if transaction.state_conflicts:
            transaction.abandon()
        try:
            try:
                gathered = self._gather_and_commit(node, transaction)
            except (TypeError, ValueError, OverflowError, struct.error) as error:
                transaction.fail(SessionError(f"what was done can't be stored: {error}"))
                gathered = self._gather_and_commit(node, transaction)
        except RepositoryError:
            if batch is not None:
                batch[0].restore(batch[1])
            raise
        ledger = transaction.ledger
        taken = self._take_out(batch[0], transaction) if batch is not None else 0
        placed = self._put_in(node, gathered, taken)
        count(node.statistics, transaction, gathered, taken, placed)
        if ledger.entries:
            self._actions.extend([(node, action) for action in ledger.actions])
        for note in ledger.notes:
            self.post(node, note)
        if self._observer is not None:
            self._observer(node, transaction, gathered)

    def post(self, node: ProcessorNode, note: Note) -> None:
        """Show a message, if it is loud enough for the processor's bulletin level."""
        if note.level < node.settings.bulletin_level:
            return
        message = self.masking.message(note.message, note.flowfile)
        about = note.flowfile.uuid if note.flowfile is not None else None
        self._bulletins.post(Bulletin(self._clock.now(), note.level, node.name, message, about))

    def tell(self, name: str, level: Level, message: str) -> None:
        """Post a bulletin that belongs to no session."""
        self._bulletins.post(Bulletin(self._clock.now(), level, name, self.masking.message(message)))

    def save_state(self, key: str, values: Mapping[str, str]) -> None:
        """Make state that belongs to no session true, and make it last. Raises RepositoryError."""
        self._repository.commit(Commit(self._clock.now(), state=(StateChange(key, values),)))
        self._repository.sync()
        self._states.apply(key, values)

    def act(self, *, at_rest: bool) -> None:
        """Make commits last and do what waited for it: now, or, where the engine is not `at_rest`, a while after the
        first of them."""
        if not at_rest:
            now = self._clock.now()
            if self._unsynced_since is None:
                self._unsynced_since = now
            if 0 <= now - self._unsynced_since < SYNC_INTERVAL:
                return
        self._unsynced_since = None
        self._repository.sync()
        while self._actions:
            node, action = self._actions.popleft()
            try:
                action()
            except (Exception, SystemExit) as error:  # noqa: BLE001 the commit stands; a source that is left comes again
                self.post(node, Note(Level.ERROR, f"after the commit: {error}", None))
            self._wake(node.name)

    def expire(self, node: ProcessorNode, connection: Connection, expired: list[Placement]) -> None:
        """Drop flowfiles that have grown too old."""
        self.forget(connection, expired, EventType.EXPIRE)
        self.post(node, Note(Level.INFO, f"{len(expired)} flowfiles expired in '{connection.id}'", None))

    def forget(self, connection: Connection, placements: list[Placement], kind: EventType = EventType.DROP) -> None:
        """Drop flowfiles that were taken from a queue, because a person wants it, or because they are too old."""
        events = tuple(Event(kind, placement.flowfile.id) for placement in placements)
        ids = tuple(event.flowfile for event in events)
        author = connection.destination if kind is EventType.EXPIRE else None
        self._repository.commit(Commit(self._clock.now(), ids, events=events, author=author or ""))
        self._leave(connection, placements)

    def move(self, source: Connection, placements: list[Placement], target: Connection) -> None:
        """Place flowfiles that were taken from one queue into another, as if they were new: no age, no attempts."""
        now = self._clock.now()
        moved = [
            Placement(
                msgspec.structs.replace(placement.flowfile, entry_date=now), target.id, now, 0.0, 0, placement.origins
            )
            for placement in placements
        ]
        events = tuple(Event(EventType.REPLAY, placement.flowfile.id) for placement in moved)
        self._repository.commit(Commit(now, tuple(event.flowfile for event in events), tuple(moved), events=events))
        self._leave(source, placements)
        size = total_size([placement.flowfile for placement in moved])
        self._arrive(target, moved, now, size, penalized=False)

    def replay(self, target: Connection, original: FlowFile, content: ContentClaim | None, details: str) -> FlowFile:
        """Place a new flowfile, like one that there once was, with a copy of its content; gives it."""
        now, flowfile_id = self._clock.now(), self._repository.next_id()
        attributes = {**original.attributes, "uuid": new_uuid(flowfile_id)}
        flowfile = FlowFile(flowfile_id, attributes, content, now, original.lineage_start)
        placed = (Placement(flowfile, target.id, now),)
        event = Event(EventType.REPLAY, flowfile_id, details, (original.id,))
        claims = (content,) if content is not None else ()
        self._repository.commit(Commit(now, placed=placed, content=claims, events=(event,)))
        self._arrive(target, list(placed), now, flowfile.size, penalized=False)
        return flowfile

    def _gather_and_commit(self, node: ProcessorNode, transaction: Transaction) -> Gathered:
        now = self._clock.now()
        gathered = gather(node, transaction.ledger, self._repository, now, follows_origins=self.follows_origins)
        commit = gathered.commit
        if commit.taken or commit.placed or commit.state or commit.events:
            self._repository.commit(commit)
        elif commit.content:
            self._repository.content.release(commit.content)
        return gathered

    def _take_out(self, source: Connection, transaction: Transaction) -> int:
        """Take from the queue what the session took; gives how many bytes that was."""
        if transaction.waiting:
            source.restore(list(transaction.waiting))
        ledger = transaction.ledger
        taken = ledger.taken + ledger.returned if ledger.returned else ledger.taken
        return self._leave(source, taken) if taken else 0

    def _put_in(self, node: ProcessorNode, gathered: Gathered, taken: int) -> int:
        """Put into queues what the session placed, after it took so many bytes; gives how many bytes that was."""
        commit, arrivals, placed = gathered.commit, gathered.arrivals, 0
        is_same = commit.passes_on and len(arrivals) == 1
        for connection, placements in arrivals:
            size = taken if is_same else total_size([placement.flowfile for placement in placements])
            placed += size
            self._arrive(connection, placements, commit.moment, size, penalized=gathered.penalized)
            if connection.is_dead_letter:
                self._tell_of_dead_letters(node, placements)
        for change in commit.state:
            self._states.apply(change.processor, change.values)
        return placed

    def _tell_of_dead_letters(self, node: ProcessorNode, placements: list[Placement]) -> None:
        self.dead_letters += len(placements)
        for placement in placements[:MOST_DEAD_LETTERS_TOLD]:
            message = f"dead letter: {placement.cause}"
            self.post(node, Note(Level.ERROR, message, placement.flowfile))
        if len(placements) > MOST_DEAD_LETTERS_TOLD:
            more = len(placements) - MOST_DEAD_LETTERS_TOLD
            self.post(node, Note(Level.ERROR, f"{more} more dead letters at the same time", None))

    def _arrive(
        self, connection: Connection, placements: list[Placement], moment: float, size: int, *, penalized: bool
    ) -> None:
        connection.put(placements, moment, size=size, penalized=penalized)
        if connection.destination is None:
            return
        if self.follows_origins:
            for placement in placements:
                self.in_flow.update(placement.origins)
        self._wake(connection.destination)

    def _leave(self, connection: Connection, placements: list[Placement]) -> int:
        was_full = connection.is_full
        size = total_size([placement.flowfile for placement in placements]) if connection.data_size else 0
        connection.settle(len(placements), size)
        if connection.is_dead_letter:
            self.dead_letters -= sum(placement.queued_since >= self._began for placement in placements)
            return size
        if self.follows_origins and not connection.is_orphaned:
            self._forget_origins(placements)
        if was_full and not connection.is_full:
            self._wake(connection.source)
        return size

    def _forget_origins(self, placements: list[Placement]) -> None:
        for placement in placements:
            for origin in placement.origins:
                self.in_flow[origin] -= 1
                if self.in_flow[origin] <= 0:
                    self._wake(origin)
