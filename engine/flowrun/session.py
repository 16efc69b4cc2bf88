"""The process session: one transaction of one processor.

A session takes flowfiles, changes them, and sends each on or removes it. Nothing of it is true until the engine has
committed it; if it fails, the flowfiles are in their queues as they were. Source: NiFi's `ProcessSession`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from io import BytesIO
from typing import BinaryIO

from msgspec.structs import replace

from flowrun.bulletin import Level
from flowrun.content_stream import ContentStream
from flowrun.errors import SessionError
from flowrun.flowfile import ContentClaim, FlowFile, inherited_attributes, new_uuid, plain_bytes, plain_texts
from flowrun.ledger import ENDED, Ledger, Note, not_held
from flowrun.relationship import Relationship
from flowrun.repository import ContentWriter, Event, EventType, Repository
from flowrun.transaction import Transaction


class ProcessSession:
    """One transaction. After a change, use the flowfile that the method returned: the older one is stale."""

    def __init__(self, transaction: Transaction, repository: Repository) -> None:
        self._transaction: Transaction = transaction
        self._ledger: Ledger = transaction.ledger
        self._held: dict[int, FlowFile] = transaction.ledger.held
        self._settings = transaction.settings
        self._repository: Repository = repository

    def end(self) -> None:
        """Let nothing more be done with it: called by the engine, which commits what was done until now."""
        self._transaction = self._ledger = self._held = self._repository = ENDED

    # ── taking and giving ────────────────────────────────────────────────────────────────────────────────────────────

    def get(self) -> FlowFile | None:
        """Take the next waiting flowfile; None if there is none."""
        return self._transaction.take()

    def get_batch(self, maximum: int) -> list[FlowFile]:
        """Take up to so many waiting flowfiles, in the queue's order."""
        available = min(maximum, len(self._transaction.waiting))
        return [flowfile for _ in range(available) if (flowfile := self._transaction.take()) is not None]

    def units(self) -> Iterator[FlowFile]:
        """Take the waiting flowfiles one after the other, each as a unit of work of its own.

        What is done until the next one is asked for belongs to this one: `fail` undoes it alone, and a retried
        relationship puts it alone back.
        """
        return self._transaction.units()

    def fail(self, error: BaseException) -> None:
        """Undo the unit of work at hand: its flowfile goes back to its queue, penalized, and people are told."""
        self._transaction.fail_unit(error)

    def create(
        self, *parents: FlowFile, attributes: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> FlowFile:
        """A new flowfile with uuid, filename and path; it inherits the attributes that its parents agree on.

        Parents must be of this session. One parent or more: a FORK or JOIN event; none: a CREATE event.
        """
        flowfile_id = self._repository.next_id()
        now = self._transaction.clock.now()
        uuid = new_uuid(flowfile_id)
        given = plain_texts({**attributes}) if attributes else {}
        inherited = inherited_attributes(parents) if parents else {}
        own = {"filename": uuid, "path": "./", **inherited, **given, "uuid": uuid}
        lineage_start = min([parent.lineage_start for parent in parents]) if parents else now
        claim = self._note(self._repository.content.write(plain_bytes(content))) if content else None
        kind = EventType.JOIN if len(parents) > 1 else EventType.FORK if parents else EventType.CREATE
        return self._add(FlowFile(flowfile_id, own, claim, now, lineage_start), parents, kind)

    def clone(self, flowfile: FlowFile) -> FlowFile:
        """A copy with a uuid of its own: all attributes, the same content."""
        self._check_held(flowfile)
        flowfile_id = self._repository.next_id()
        attributes = {**flowfile.attributes, "uuid": new_uuid(flowfile_id)}
        now = self._transaction.clock.now()
        copy = FlowFile(flowfile_id, attributes, flowfile.content, now, flowfile.lineage_start)
        return self._add(copy, (flowfile,), EventType.CLONE)

    def transfer(self, flowfile: FlowFile, relationship: Relationship | str, *, cause: str = "") -> None:
        """Send it out by that relationship; `cause` says why, in words for a person, and must hold no secret.

        Raises SessionError if the relationship is none of the processor's, or the flowfile not the session's.
        """
        name = relationship if isinstance(relationship, str) else relationship.name
        if name not in self._settings.relationships:
            raise SessionError(f"'{self._settings.processor}' has no relationship '{name}' in this configuration")
        held, flowfile_id = self._held, flowfile.id
        if held.get(flowfile_id) is not flowfile:
            raise not_held(flowfile)
        del held[flowfile_id]
        self._ledger.transfers.append((flowfile, name, cause))

    def remove(self, flowfile: FlowFile) -> None:
        """End it: its work is done."""
        held, flowfile_id = self._held, flowfile.id
        if held.get(flowfile_id) is not flowfile:
            raise not_held(flowfile)
        del held[flowfile_id]
        self._ledger.entries.append(flowfile)

    # ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def put_attribute(self, flowfile: FlowFile, name: str, value: str) -> FlowFile:
        """Set one attribute; `uuid` can't be set, and asking for it changes nothing."""
        if type(name) is not str or type(value) is not str or name == "uuid":
            return self.put_attributes(flowfile, {name: value})
        given = {name: value}
        return self._change(flowfile, {**flowfile.attributes, **given}, given)

    def put_attributes(self, flowfile: FlowFile, attributes: Mapping[str, str]) -> FlowFile:
        """Set several attributes at once; `uuid` among them is left alone."""
        given = plain_texts({**attributes})
        given.pop("uuid", None)
        return self._change(flowfile, {**flowfile.attributes, **given}, given)

    def remove_attributes(self, flowfile: FlowFile, names: Iterable[str]) -> FlowFile:
        """Remove those attributes where they exist; `uuid` stays."""
        gone = {name for name in names if name != "uuid" and name in flowfile.attributes}
        left = {name: value for name, value in flowfile.attributes.items() if name not in gone}
        return self._change(flowfile, left, dict.fromkeys(gone))

    def _change(self, flowfile: FlowFile, attributes: dict[str, str], changes: Mapping[str, str | None]) -> FlowFile:
        flowfile_id, held, all_changes = flowfile.id, self._held, self._ledger.changes
        if held.get(flowfile_id) is not flowfile:
            raise not_held(flowfile)
        held[flowfile_id] = changed = replace(flowfile, attributes=attributes)
        before = all_changes.get(flowfile_id)
        all_changes[flowfile_id] = changes if before is None else {**before, **changes}
        return changed

    def penalize(self, flowfile: FlowFile, seconds: float | None = None) -> FlowFile:
        """Let it wait in its next queue, for the processor's penalty duration unless told otherwise."""
        self._check_held(flowfile)
        wait = self._settings.penalty_duration if seconds is None else seconds
        self._ledger.penalties[flowfile.id] = self._transaction.clock.now() + wait
        return flowfile

    # ── content ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, flowfile: FlowFile) -> bytes:
        """All of its content; for what can be large, use `open`."""
        return self._repository.content.read(flowfile.content) if flowfile.content is not None else b""

    def open(self, flowfile: FlowFile) -> BinaryIO:
        """A stream over its content, to be closed by the caller."""
        return self._repository.content.open(flowfile.content) if flowfile.content is not None else BytesIO()

    def write(self, flowfile: FlowFile, content: bytes) -> FlowFile:
        """Replace its content."""
        self._check_held(flowfile)
        claim = self._repository.content.write(plain_bytes(content)) if content else None
        return self._replace_content(flowfile, claim)

    def open_write(self, flowfile: FlowFile) -> ContentStream:
        """A stream for new content of any size; closed, its `flowfile` is the changed one.

        An error inside the `with` block leaves the flowfile as it was.
        """
        self._check_held(flowfile)
        writer = self._repository.content.open_write()
        return ContentStream(writer, lambda: self._finish(flowfile, writer))

    # ── the world, the state, and people ─────────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> Mapping[str, str]:
        """The processor's state, with what this session has set."""
        return self._transaction.state

    def set_state(self, values: Mapping[str, str]) -> None:
        """Replace the processor's state, as part of this transaction."""
        self._transaction.set_state(values)

    def on_commit(self, action: Callable[[], None]) -> None:
        """Have this done once the commit is safe: the place to delete a source or to acknowledge."""
        self._ledger.entries.append(action)

    def receive(self, flowfile: FlowFile, uri: str) -> None:
        """Say where it came from (no secrets in the address)."""
        self.record(EventType.RECEIVE, flowfile, uri)

    def send(self, flowfile: FlowFile, uri: str) -> None:
        """Say where it was sent (no secrets in the address)."""
        self.record(EventType.SEND, flowfile, uri)

    def record(self, kind: EventType, flowfile: FlowFile, details: str = "", others: tuple[int, ...] = ()) -> None:
        """Add a provenance event."""
        self._ledger.entries.append(Event(kind, flowfile.id, details, others))

    @property
    def has_incoming_connection(self) -> bool:
        """Whether another processor sends flowfiles here; without one, the processor is a source."""
        return self._settings.has_incoming_connection

    def now(self) -> float:
        """The moment on the engine's clock, in seconds since the epoch."""
        return self._transaction.clock.now()

    def hides_content(self, flowfile: FlowFile) -> bool:
        """Whether the flow says that this flowfile's content must not be shown to anybody."""
        content = flowfile.content
        return self._settings.sensitive_content or (content is not None and content.sensitive)

    def is_sensitive(self, attribute: str) -> bool:
        """Whether the flow says that this attribute's value must not be shown to anybody."""
        return self._settings.masking.is_sensitive(attribute)

    def masked(self, text: str, flowfile: FlowFile | None = None) -> str:
        """The text without the flow's secrets, and without this flowfile's sensitive values."""
        return self._settings.masking.message(text, flowfile)

    def say(self, level: Level, message: str, flowfile: FlowFile | None = None) -> None:
        """Post a bulletin; it stays even if the work is undone."""
        self._ledger.notes.append(Note(level, message, flowfile))

    def _finish(self, flowfile: FlowFile, writer: ContentWriter) -> FlowFile:
        self._check_held(flowfile)
        writer.close()
        return self._replace_content(flowfile, writer.claim if writer.claim.length else None)

    def _replace_content(self, flowfile: FlowFile, claim: ContentClaim | None) -> FlowFile:
        self.record(EventType.CONTENT_MODIFIED, flowfile)
        content = self._note(claim) if claim is not None else None
        self._held[flowfile.id] = changed = replace(flowfile, content=content)
        return changed

    def _note(self, claim: ContentClaim) -> ContentClaim:
        marked = replace(claim, sensitive=True) if self._settings.sensitive_content else claim
        self._ledger.entries.append(marked)
        return marked

    def _add(self, child: FlowFile, parents: tuple[FlowFile, ...], kind: EventType) -> FlowFile:
        self._held[child.id] = child
        self._ledger.parents[child.id] = ids = tuple([parent.id for parent in parents]) if parents else ()
        self._ledger.entries.append(Event(kind, child.id, "", ids))
        return child

    def _check_held(self, flowfile: FlowFile) -> None:
        if self._held.get(flowfile.id) is not flowfile:
            raise not_held(flowfile)
