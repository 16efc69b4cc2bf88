"""Overflow: the part of a long queue that is not in memory, behind the part that is."""

from collections import deque
from collections.abc import Iterator, Sequence, Set
from typing import Protocol

from flowrun.flowfile import Placement
from flowrun.repository.swap import Swapped

KEPT = 20_000
"""How many flowfiles a queue has in memory before it swaps (NiFi's `nifi.queue.swap.threshold`): about 20 MB."""
PIECE = 5_000
"""How many are swapped at a time."""


class Swap(Protocol):
    """Where flowfiles are while they are not in memory."""

    def put(self, placements: Sequence[Placement]) -> Swapped | None:
        """Put them there; None: it does not take them."""

    def look(self, swapped: Swapped) -> list[Placement]:
        """What is there, which stays there."""

    def take(self, swapped: Swapped) -> list[Placement]:
        """Take it back into memory."""


class Overflow:
    """Flowfiles in the order in which they came: swapped out, and at the end what is too little to be swapped yet.

    `swap` is where they go; None: nowhere, they stay in memory. `count` is how many there are.
    """

    def __init__(self) -> None:
        self.swap: Swap | None = None
        self.count = 0
        self._pieces: deque[Swapped | list[Placement]] = deque()
        self._end: list[Placement] = []

    def __iter__(self) -> Iterator[Placement]:
        for piece in tuple(self._pieces):
            yield from self._look(piece)
        yield from tuple(self._end)

    def extend(self, placements: Sequence[Placement]) -> None:
        """Add flowfiles at the end."""
        self.count += len(placements)
        self._end.extend(placements)
        if len(self._end) >= PIECE:
            full = len(self._end) - len(self._end) % PIECE
            for start in range(0, full, PIECE):
                self._pieces.append(self._put(self._end[start : start + PIECE]))
            del self._end[:full]

    def append(self, part: Swapped | list[Placement]) -> None:
        """Add flowfiles at the end; some that are swapped out already stay so."""
        if not isinstance(part, Swapped):
            self.extend(part)
            return
        if self._end:
            self._pieces.append(self._put(self._end))
            self._end = []
        self._pieces.append(part)
        self.count += len(part)

    def take_first(self) -> list[Placement]:
        """Take the first ones, some thousands at most."""
        if self._pieces:
            taken = self._take(self._pieces.popleft())
        else:
            taken, self._end = self._end, []
        self.count -= len(taken)
        return taken

    def withdraw(self, ids: Set[int]) -> list[Placement]:
        """Take those with these ids, wherever they stand."""
        withdrawn: list[Placement] = []
        if not self.count or not ids:
            return withdrawn
        low, high = min(ids), max(ids)
        for place, piece in enumerate(self._pieces):
            if isinstance(piece, Swapped) and (piece.lowest > high or piece.highest < low):
                continue
            if not any(flowfile_id in ids for flowfile_id in _ids(piece)):
                continue
            stay: list[Placement] = []
            for placement in self._take(piece):
                (withdrawn if placement.flowfile.id in ids else stay).append(placement)
            self._pieces[place] = self._put(stay) if stay else []
        withdrawn += [placement for placement in self._end if placement.flowfile.id in ids]
        self._end = [placement for placement in self._end if placement.flowfile.id not in ids]
        self.count -= len(withdrawn)
        return withdrawn

    def as_old_as(self, age: float, now: float) -> Iterator[Placement]:
        """Those of that age, or older."""
        for piece in (*self._pieces, self._end):
            if _oldest(piece) + age <= now:
                yield from (p for p in self._look(piece) if p.flowfile.entry_date + age <= now)

    @property
    def oldest(self) -> float:
        """The earliest entry date."""
        return min([*map(_oldest, self._pieces), _oldest(self._end)])

    @property
    def since(self) -> float:
        """When the one that has waited longest was queued."""
        found = [piece.since if isinstance(piece, Swapped) else _since(piece) for piece in self._pieces]
        return min([*found, _since(self._end)])

    def latest(self, count: int) -> list[Placement]:
        """So many from the end on."""
        found = list(self._end)
        for piece in reversed(tuple(self._pieces)):
            if len(found) >= count:
                break
            found[:0] = self._look(piece)
        return found[-count:]

    def _put(self, placements: list[Placement]) -> Swapped | list[Placement]:
        return (self.swap.put(placements) if self.swap is not None else None) or placements

    def _look(self, piece: Swapped | list[Placement]) -> list[Placement]:
        if not isinstance(piece, Swapped):
            return piece
        assert self.swap is not None
        return self.swap.look(piece)

    def _take(self, piece: Swapped | list[Placement]) -> list[Placement]:
        if not isinstance(piece, Swapped):
            return piece
        assert self.swap is not None
        return self.swap.take(piece)


def _ids(piece: Swapped | list[Placement]) -> Iterator[int]:
    return iter(piece.ids) if isinstance(piece, Swapped) else (placement.flowfile.id for placement in piece)


def _oldest(piece: Swapped | list[Placement]) -> float:
    if isinstance(piece, Swapped):
        return piece.oldest
    return min([placement.flowfile.entry_date for placement in piece], default=float("inf"))


def _since(placements: list[Placement]) -> float:
    return min([placement.queued_since for placement in placements], default=float("inf"))
