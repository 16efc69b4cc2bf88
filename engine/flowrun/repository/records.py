"""From commits to the journal's records."""

from collections.abc import Mapping

import msgspec

from flowrun.flowfile import Placement
from flowrun.repository.commit import Commit
from flowrun.repository.names import Names
from flowrun.repository.record import NOWHERE, HistoryRecord, Move, Row


class RecordWriter:
    """Turns commits into records; `born` are the flowfiles that the last one brought."""

    def __init__(self, names: Names, live: Mapping[int, Placement]) -> None:
        self._names = names
        self._live = live
        self._encoder = msgspec.msgpack.Encoder()
        self.born: list[int] = []

    def encode(self, commit: Commit) -> bytes:
        """The commit's record."""
        known = len(self._names.listed)
        moves, rows = self._placed(commit)
        gone = commit.gone()
        if commit.ended:
            gone = self._end(commit, gone, moves, rows)
        number = self._names.number
        author = number(commit.author) if commit.author else -1
        ways = [(number(relationship), ids) for relationship, ids in commit.ways.items()] if commit.ways else ()
        self.born = [row.id for row in rows] if rows else []
        record = HistoryRecord(
            commit.moment,
            self._names.listed[known:],
            gone,
            moves,
            rows,
            commit.state,
            commit.events,
            author,
            ways,
            tuple(commit.returned.items()) if commit.returned else (),
        )
        return self._encoder.encode(record)

    def _placed(self, commit: Commit) -> tuple[list[Move], list[Row]]:
        if commit.queue:
            queue, changes_of = self._names.number(commit.queue), commit.changes.get
            return [Move(taken, queue, changes_of(taken, _NO_CHANGES)) for taken in commit.taken], []
        moves: list[Move] = []
        rows: list[Row] = []
        for placement in commit.placed:
            before = self._live.get(placement.flowfile.id)
            if before is None:
                rows.append(self.row(placement, commit.moment))
            else:
                moves.append(self._move(placement, before, commit))
        return moves, rows

    def _end(self, commit: Commit, gone: list[int], moves: list[Move], rows: list[Row]) -> list[int]:
        """Write down those that ended otherwise than they were; gives those that did not."""
        told = set()
        for flowfile in commit.ended:
            before = self._live.get(flowfile.id)
            if before is None:
                rows.append(self.row(Placement(flowfile, "", commit.moment), commit.moment))
            elif before.flowfile is not flowfile:
                moves.append(self._move(Placement(flowfile, "", commit.moment), before, commit))
                told.add(flowfile.id)
        return [flowfile_id for flowfile_id in gone if flowfile_id not in told] if told else gone

    def _queue(self, placement: Placement) -> int:
        return self._names.number(placement.connection) if placement.connection else NOWHERE

    def row(self, placement: Placement, moment: float) -> Row:
        """The flowfile whole."""
        flowfile = placement.flowfile
        number = self._names.number
        return Row(
            flowfile.id,
            self._queue(placement),
            flowfile.attributes,  # type: ignore[arg-type]  # encoded only
            flowfile.content,
            flowfile.entry_date,
            flowfile.lineage_start,
            0.0 if placement.queued_since == moment else placement.queued_since,
            placement.penalized_until,
            placement.attempts,
            tuple(map(number, placement.origins)) if placement.origins else (),
            placement.cause,
            number(placement.came_by) if placement.came_by else -1,
        )

    def _move(self, placement: Placement, before: Placement, commit: Commit) -> Move:
        flowfile = placement.flowfile
        content = flowfile.content
        return Move(
            flowfile.id,
            self._queue(placement),
            commit.changes.get(flowfile.id, _NO_CHANGES),
            False if content is before.flowfile.content else content,
            0.0 if placement.queued_since == commit.moment else placement.queued_since,
            placement.penalized_until,
            placement.attempts,
            tuple(map(self._names.number, placement.origins)) if placement.origins else (),
            placement.cause,
            self._names.number(placement.came_by) if placement.came_by else -1,
            0.0 if flowfile.entry_date == before.flowfile.entry_date else flowfile.entry_date,
        )


_NO_CHANGES: Mapping[str, str | None] = {}
