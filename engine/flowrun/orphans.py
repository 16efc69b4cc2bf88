"""Orphans: flowfiles that wait in a connection which the flow has no more, and what becomes of them at a start."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flowrun.back_pressure import BackPressure
from flowrun.bulletin import Level
from flowrun.connection import Connection
from flowrun.errors import FlowError, Problem
from flowrun.flowfile import Placement
from flowrun.graph import FlowGraph
from flowrun.settlement import Settlement

Fate = Literal["refuse", "keep", "drop", "move"]

_PIECE = 5_000
"""How many flowfiles one commit drops or moves."""


@dataclass(frozen=True, slots=True)
class OrphanRule:
    """What a start does with orphans.

    `refuse`: it is none, and lists them. `keep`: they stay on disk, where nothing touches them, until their connection
    is back. `drop`: they are gone. `move`: they go to the connection `target`, as if they were new.
    """

    fate: Fate = "refuse"
    target: str = ""

    @classmethod
    def parse(cls, text: str) -> "OrphanRule":
        """From `keep`, `drop` or `move:CONNECTION`, as a person writes it. Raises ValueError."""
        word, _, target = text.partition(":")
        match word.strip().lower(), target.strip():
            case ("keep" | "drop") as fate, "":
                return cls(fate)
            case "move", wanted if wanted:
                return cls("move", wanted)
        raise ValueError(f"expected 'keep', 'drop' or 'move:CONNECTION', found '{text}'")

    def __str__(self) -> str:
        return f"{self.fate}:{self.target}" if self.target else self.fate

    def check(self, graph: FlowGraph, counts: Mapping[str, int]) -> None:
        """Raises FlowError if the flow may not start with so many flowfiles in these connections, which it has not."""
        if self.fate == "refuse" and counts:
            raise FlowError([_refused(graph, identity, count) for identity, count in sorted(counts.items())])

    def apply(self, graph: FlowGraph, orphaned: Iterable[Connection], settlement: Settlement) -> list[str]:
        """Do it, and post a bulletin for each connection; gives what those say. Raises RepositoryError."""
        notes = []
        for connection in orphaned:
            count = len(connection)
            if self.fate != "keep":
                for piece in _pieces(connection):
                    self._part_with(graph, connection, piece, settlement)
                settlement.act(at_rest=True)
            notes.append(f"{_flowfiles(count)} {self._done(connection.id)}")
            settlement.tell(connection.source, Level.WARNING, notes[-1])
        return notes

    def _part_with(
        self, graph: FlowGraph, connection: Connection, placements: list[Placement], settlement: Settlement
    ) -> None:
        if self.fate == "move":
            settlement.move(connection, placements, graph.connections[self.target])
        else:
            settlement.forget(connection, placements)

    def _done(self, identity: str) -> str:
        where = f"in the connection '{identity}', which the flow has no more"
        if self.fate == "keep":
            return f"kept {where}: nothing touches them until it is back"
        if self.fate == "move":
            return f"moved to '{self.target}', as asked for: they waited {where}"
        return f"dropped, as asked for: they waited {where}"


REFUSE = OrphanRule()


def orphaned_connection(identity: str) -> Connection:
    """The connection, by what its identity says."""
    source = identity.partition(" -- ")[0]
    destination = identity.partition(" --> ")[2] or None
    connection = Connection(identity, source, destination, back_pressure=BackPressure(0, 0))
    connection.is_orphaned = True
    return connection


def _pieces(connection: Connection) -> Iterator[list[Placement]]:
    ids = [placement.flowfile.id for placement in connection]
    for start in range(0, len(ids), _PIECE):
        yield connection.withdraw(set(ids[start : start + _PIECE]))


def _refused(graph: FlowGraph, identity: str, count: int) -> Problem:
    wait = "1 flowfile waits" if count == 1 else f"{count:,} flowfiles wait"
    message = (
        f"{wait} in the connection '{identity}', which the flow has no more: bring it back to let them move, say what "
        "becomes of them with --orphans (keep, drop or move:CONNECTION), or name another state directory with --state"
    )
    return Problem(message, graph.definition.place)


def _flowfiles(count: int) -> str:
    return "1 flowfile was" if count == 1 else f"{count:,} flowfiles were"
