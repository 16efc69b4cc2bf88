"""What a person does to flowfiles in queues: drop them, or give dead letters another try. Each piece is a commit."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flowrun.bulletin import Level
from flowrun.connection import Connection
from flowrun.control.subject import Subject
from flowrun.errors import ControlError
from flowrun.flowfile import Placement
from flowrun.settlement import Settlement

_PIECE = 5_000
"""How many flowfiles are changed at a time: the engine must not be kept from its own work for long."""

Change = Callable[[Settlement, list[Placement]], None]


class Intervention:
    """Changes the queues of one subject. What has left its queue meanwhile is left alone."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def drop(self, queue: Connection, placements: Sequence[Placement]) -> Iterator[int]:
        """Drop those that still wait in the queue; gives how many, piece by piece."""
        return self._in_pieces(
            placements, queue, lambda settlement, taken: settlement.forget(queue, taken), "dropped from"
        )

    def replay(self, queue: Connection, placements: Sequence[Placement]) -> Iterator[int]:
        """Put dead letters back where they came from, into the first queue to their processor if that is not known;
        gives how many, piece by piece. Raises ControlError if there is none: see `reason_against`."""
        reason = self.reason_against(queue)
        if reason is not None:
            raise ControlError(reason)
        incoming = {connection.id: connection for connection in self._subject.graph.nodes[queue.source].incoming}
        first = next(iter(incoming.values()))
        by_target: dict[str, list[Placement]] = {}
        for placement in placements:
            by_target.setdefault(incoming.get(placement.came_by, first).id, []).append(placement)
        for identity, wanted in by_target.items():
            yield from self._move(queue, wanted, incoming[identity])

    def reason_against(self, queue: Connection) -> str | None:
        """Why nothing of this queue can be replayed; None: it can be."""
        name = queue.source
        if not queue.is_dead_letter:
            return f"'{queue.id}' holds no dead letters: what waits there will be worked on anyway"
        node = self._subject.graph.nodes.get(name)
        if node is None:
            return f"the flow has no processor '{name}' any more, so nobody could work on its dead letters"
        if not node.settings.allows_replay:
            return (
                f"the flow says 'replay: refuse' for '{name}': what it gave up must not be given to it again; save it "
                "with 'flowrun queue export', drop it with 'flowrun dlq drop'"
            )
        if not node.incoming:
            return (
                f"'{name}' is a source: no queue leads to it, so its dead letters can't be replayed; save them with "
                "'flowrun queue export', drop them with 'flowrun dlq drop'"
            )
        return None

    def _move(self, queue: Connection, placements: Sequence[Placement], target: Connection) -> Iterator[int]:
        return self._in_pieces(
            placements,
            queue,
            lambda settlement, taken: settlement.move(queue, taken, target),
            f"replayed to '{target.id}' from",
        )

    def _in_pieces(
        self, placements: Sequence[Placement], queue: Connection, change: Change, verb: str
    ) -> Iterator[int]:
        for start in range(0, len(placements), _PIECE):
            ids = frozenset(placement.flowfile.id for placement in placements[start : start + _PIECE])
            yield self._subject.change(_Piece(queue, ids, change, verb).apply)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some flowfiles of a queue, what to do with them, and how to say that."""

    queue: Connection
    ids: frozenset[int]
    change: Change
    verb: str

    def apply(self, settlement: Settlement) -> int:
        """Do it with those that still wait there, make it last, and say so; gives how many they were."""
        taken = self.queue.withdraw(self.ids)
        if taken:
            self.change(settlement, taken)
            settlement.act(at_rest=True)
            flowfiles = "1 flowfile was" if len(taken) == 1 else f"{len(taken):,} flowfiles were"
            message = f"{flowfiles} {self.verb} '{self.queue.id}', as a person asked for"
            settlement.tell(self.queue.source, Level.WARNING, message)
        return len(taken)
