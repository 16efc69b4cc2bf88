"""A flowfile of the past, given to a processor once more: a new flowfile, as the old one was when it came there."""

import shutil
from pathlib import Path

from msgspec.structs import replace

from flowrun.bulletin import Level
from flowrun.connection import Connection
from flowrun.control.requests import Replayed, ReplayFromRequest
from flowrun.control.subject import Subject
from flowrun.errors import ControlError, RepositoryError
from flowrun.flowfile import ContentClaim, FlowFile
from flowrun.history.archive import Archive
from flowrun.history.event import events_of
from flowrun.history.query import flowfile_id
from flowrun.history.trail import Hop, find_trail
from flowrun.repository import EventType
from flowrun.repository.content_files import is_there
from flowrun.settlement import Settlement

_AWAY = frozenset((EventType.EXPIRE,))


class Replaying:
    """Replays for one subject, whose state directory is `folder`."""

    def __init__(self, subject: Subject, folder: Path) -> None:
        self._subject = subject
        self._folder = folder

    def replay(self, request: ReplayFromRequest) -> Replayed:
        """Do it. Raises ControlError with the reason if it can't be done, and RepositoryError."""
        if self._subject.graph.definition.history is None:
            raise ControlError("the flow says 'history: off', so nothing is known that could be replayed")
        hop = self._hop(request.uuid, request.processor)
        target = self._target(hop)
        before = hop.before
        assert before is not None
        content = self._copy(before)
        details = f"from '{hop.passage.author}'"

        def place(settlement: Settlement) -> FlowFile:
            flowfile = settlement.replay(target, before, content, details)
            settlement.act(at_rest=True)
            message = f"{before.uuid} was replayed to '{target.id}', as a person asked for"
            settlement.tell(hop.passage.author, Level.WARNING, message)
            return flowfile

        try:
            return Replayed(self._subject.change(place).uuid, target.id)
        except BaseException:  # whoever was interrupted, nobody holds the copied content now
            if content is not None:
                self._subject.content.release((content,))
            raise

    def _hop(self, uuid: str, processor: str) -> Hop:
        """The last time that the flowfile was at the processor, or at any."""
        known = flowfile_id(uuid)
        hops = find_trail(Archive(self._folder), known) if known is not None else []
        if not hops or hops[-1].after.attributes.get("uuid", uuid) != uuid.strip().lower():
            raise ControlError(f"history knows no flowfile {uuid}")
        worked = [hop for hop in hops if hop.passage.author and hop.came_by and not _was_away(hop)]
        found = [hop for hop in worked if processor in ("", hop.passage.author)]
        if not found:
            were = dict.fromkeys(f"'{hop.passage.author}'" for hop in worked)
            raise ControlError(
                f"{uuid} never was at '{processor}'; it was at {', '.join(were)}"
                if processor and were
                else f"{uuid} has not been at a processor that takes flowfiles yet, so there is nothing to replay"
            )
        if found[-1].before is None:
            raise ControlError(f"what {uuid} was before is not known any more, so it can't be replayed")
        return found[-1]

    def _target(self, hop: Hop) -> Connection:
        """The queue in which it waited then; if the flow has it no more, the first that leads to the processor."""
        name = hop.passage.author
        node = self._subject.graph.nodes.get(name)
        if node is None:
            raise ControlError(f"the flow has no processor '{name}' any more, so nothing can be replayed from there")
        if not node.settings.allows_replay:
            raise ControlError(f"the flow says 'replay: refuse' for '{name}': nothing must be given to it again")
        if not node.incoming:
            raise ControlError(f"no queue leads to '{name}' any more, so nothing can be replayed from there")
        return next((queue for queue in node.incoming if queue.id == hop.came_by), node.incoming[0])

    def _copy(self, before: FlowFile) -> ContentClaim | None:
        """A copy of its content: the old one belongs to history, which may drop it."""
        claim = before.content
        if claim is None:
            return None
        gone = f"the content of {before.uuid} is gone: the limit of 'history:' has dropped it, so it can't be replayed"
        if not is_there(self._folder / "content", claim):
            raise ControlError(gone)
        writer = self._subject.content.open_write()
        try:
            with self._subject.content.open(claim) as stream:
                shutil.copyfileobj(stream, writer)
            writer.close()
        except RepositoryError as error:
            writer.abandon()
            raise ControlError(gone) from error
        if writer.claim.length < claim.length:
            self._subject.content.release((writer.claim,))
            raise ControlError(gone)
        return replace(writer.claim, sensitive=claim.sensitive)


def _was_away(hop: Hop) -> bool:
    """Whether the processor never saw it: it grew too old in its queue."""
    return any(event.type in _AWAY for event in events_of(hop))
