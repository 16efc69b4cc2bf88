"""Answers what is asked of a flow from outside, whether it runs or not."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from flowrun.connection import Connection
from flowrun.control.intervention import Intervention
from flowrun.control.requests import (
    MOST_EXPLAINED,
    Answer,
    AnyRequest,
    Cause,
    Changed,
    ContentsRequest,
    DropRequest,
    FlowFilesRequest,
    FlowReport,
    Message,
    QueuedFlowFile,
    ReplayFromRequest,
    ReplayRequest,
    Selection,
    StatusRequest,
)
from flowrun.control.subject import Subject
from flowrun.control.viewing import Viewing, is_hidden
from flowrun.errors import ControlError, NoAnswerError, RepositoryError
from flowrun.flowfile import Placement
from flowrun.status import FlowStatus, connection_status, status_of

MOST_CAUSES = 100
STATUS_PATIENCE = 1.0
"""Seconds that a status waits for the engine: that it does not come is worth knowing too."""

_Waiting = tuple[Connection, float | None, list[Placement]]
"""A queue, since when flowfiles wait there, and the latest of them if they are dead letters."""


class Answering:
    """Answers requests about one subject. From any thread; each answer is made piece by piece as it is taken.

    `viewing` says what may be seen, and is replaced when the flow is. `folder` is the state directory, which holds
    the history.
    """

    def __init__(self, subject: Subject, viewing: Viewing, folder: Path) -> None:
        self.viewing = viewing
        self._folder = folder
        self._subject = subject

    def answer(self, request: AnyRequest) -> Iterator[Answer[Any]]:
        """The values that answer it. Raises ControlError, NoAnswerError and RepositoryError."""
        match request:
            case StatusRequest():
                yield Answer(self._report())
            case FlowFilesRequest():
                yield from self._flowfiles(request)
            case ContentsRequest():
                yield from self._contents(request)
            case DropRequest():
                yield from self._drop(request)
            case ReplayRequest():
                yield from self._replay(request)
            case ReplayFromRequest():
                from flowrun.control.replaying import Replaying  # history is needed for this alone

                yield Answer(Replaying(self._subject, self._folder).replay(request))

    def _report(self) -> FlowReport:
        subject = self._subject
        known = subject.graph.queues
        unknown = [queue for identity, queue in subject.queues.items() if identity not in known]
        status = status_of(subject.graph)
        connections = (*status.connections, *(connection_status(queue) for queue in unknown))
        waiting: list[_Waiting] = []
        try:
            waiting = subject.look(lambda: [_waiting(q) for q in subject.queues.values()], patience=STATUS_PATIENCE)
            is_busy = False
        except NoAnswerError:
            is_busy = True
        return FlowReport(
            flow=status.flow,
            status=FlowStatus(status.flow, status.processors, connections),
            pid=subject.pid,
            since=subject.since,
            is_busy=is_busy,
            oldest={queue.id: since for queue, since, _ in waiting if since is not None},
            causes=self._causes(waiting),
            bulletins=tuple(
                Message(b.moment, b.level.name, b.processor, b.message, b.flowfile) for b in subject.bulletins
            ),
            unknown_queues=tuple(queue.id for queue in unknown),
            generation=subject.generation,
            refused_edit=subject.refused_edit,
        )

    def _causes(self, waiting: list[_Waiting]) -> tuple[Cause, ...]:
        counts = Counter(
            (queue.source, self.viewing.text(placement.cause, placement.flowfile))
            for queue, _, letters in waiting
            for placement in letters
        )
        return tuple(Cause(processor, cause, count) for (processor, cause), count in counts.most_common(MOST_CAUSES))

    def _flowfiles(self, request: FlowFilesRequest) -> Iterator[Answer[QueuedFlowFile]]:
        left = max(0, request.limit)
        for _, placements in self._selected(request):
            for placement in placements[:left]:
                value = self.viewing.flowfile(placement)
                if request.with_head:
                    head = self.viewing.head(placement.flowfile, self._subject.content)
                    value = msgspec.structs.replace(value, **head)
                yield Answer(value)
            left -= min(left, len(placements))

    def _contents(self, request: ContentsRequest) -> Iterator[Answer[QueuedFlowFile]]:
        """A flowfile that goes on meanwhile may take its content with it: it is left out."""
        for _, placements in self._selected(request):
            for placement in placements:
                value = self.viewing.flowfile(placement, unmasked=request.include_sensitive)
                content = placement.flowfile.content
                if content is None or (is_hidden(placement.flowfile) and not request.include_sensitive):
                    yield Answer(value)
                    continue
                try:
                    stream = self._subject.content.open(content)
                except RepositoryError:
                    continue
                with stream:
                    yield Answer(value, stream)

    def _drop(self, request: DropRequest) -> Iterator[Answer[Changed]]:
        intervention = Intervention(self._subject)
        for queue, placements in self._selected(request):
            count = 0
            for piece in intervention.drop(queue, placements):
                count += piece
                yield Answer(Changed(piece))
            at_work = self._at_work(queue)
            if not request.uuids and at_work:
                yield Answer(Changed(0, f"{at_work} in '{queue.id}' are being worked on, and were left"))
            elif request.uuids and count < len(placements):
                yield Answer(Changed(0, f"{len(placements) - count} in '{queue.id}' have gone on meanwhile"))

    def _at_work(self, queue: Connection) -> int:
        """How many a session has taken and may still give back."""
        return self._subject.look(lambda: len(queue) - sum(1 for _ in queue))

    def _replay(self, request: ReplayRequest) -> Iterator[Answer[Changed]]:
        """What can't be replayed is only noted, unless it is all that was asked for."""
        intervention = Intervention(self._subject)
        selected = [(queue, placements) for queue, placements in self._selected(request) if placements]
        reasons = {queue.id: intervention.reason_against(queue) for queue, _ in selected}
        refused = [reason for reason in reasons.values() if reason is not None]
        if refused and len(refused) == len(selected):
            raise ControlError("; ".join(refused))
        for queue, placements in selected:
            reason = reasons[queue.id]
            if reason is not None:
                yield Answer(Changed(0, reason))
                continue
            for piece in intervention.replay(queue, placements):
                yield Answer(Changed(piece))

    def _selected(self, request: Selection[Any]) -> list[tuple[Connection, list[Placement]]]:
        """The queues that are asked for, and what waits in each. Raises ControlError if anything is not there."""
        known = self._subject.queues
        unknown = [identity for identity in request.connections if identity not in known]
        if unknown:
            raise ControlError(f"the flow has no connection '{unknown[0]}'")
        queues = [known[identity] for identity in dict.fromkeys(request.connections)]
        most = request.limit if isinstance(request, FlowFilesRequest) and not request.uuids else None
        found = self._subject.look(lambda: [(queue, list(islice(queue, most))) for queue in queues])
        if not request.uuids:
            return found
        wanted = set(request.uuids)
        found = [(queue, [p for p in placements if p.flowfile.uuid in wanted]) for queue, placements in found]
        missing = wanted.difference(p.flowfile.uuid for _, placements in found for p in placements)
        if missing:
            where = f"in '{queues[0].id}'" if len(queues) == 1 else "there"
            more = f" (and {len(missing) - 1} others neither)" if len(missing) > 1 else ""
            so = "; nothing was changed" if isinstance(request, DropRequest | ReplayRequest) else ""
            raise ControlError(f"no flowfile {min(missing)} waits {where}{more}{so}")
        return [(queue, placements) for queue, placements in found if placements]


def _waiting(queue: Connection) -> _Waiting:
    return queue, queue.since(), queue.latest(MOST_EXPLAINED) if queue.is_dead_letter else []
