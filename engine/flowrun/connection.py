"""A connection: a queue from one processor to the next, with back pressure, expiration and penalties.

Only the engine thread touches it. Counts include flowfiles that a session has taken and not yet committed, as in NiFi.
"""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set

from flowrun.back_pressure import BackPressure
from flowrun.flowfile import Placement, total_size
from flowrun.overflow import KEPT, PIECE, Overflow
from flowrun.prioritizer import Prioritizer, SortKey, sort_key

LONGEST_DELAY = 1.0
"""Seconds by which flowfiles are dropped late at most, where many grow too old one after the other: it takes a look at
the whole queue."""


class Connection:
    """A queue. `id` is its identity: source, relationships and destination, as the flow file writes them.

    `expiration` is the age in seconds at which a flowfile is dropped; 0: never. `is_orphaned`: the flow has it no more.
    `overflow` has what is far from the head of a long queue.
    `is_notice`: it carries copies of its source's dead letters, for a processor that tells people.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 its identity
        source: str,
        destination: str | None,
        *,
        back_pressure: BackPressure | None = None,
        expiration: float = 0.0,
        prioritizers: Iterable[Prioritizer] = (),
    ) -> None:
        self.id = id
        self.source = source
        self.destination = destination
        self.back_pressure = back_pressure or BackPressure()
        self._full_from = self.back_pressure.object_threshold or math.inf
        self._full_from_size = self.back_pressure.data_size_threshold or math.inf
        self.expiration = expiration
        self.prioritizers = tuple(prioritizers)
        self.is_dead_letter = destination is None
        self.is_orphaned = False
        self.is_notice = False
        self.data_size = 0
        self._count = 0
        self.overflow = Overflow()
        self._ready: deque[Placement] = deque()
        self._penalized: list[tuple[float, int, Placement]] = []
        self._sort_key: SortKey | None = sort_key(self.prioritizers)
        self._sorted: list[tuple[object, int, Placement]] = []
        self._arrivals = self._heads = 0
        self._expires_from = math.inf
        self._look_from = 0.0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Placement]:
        yield from self._ready
        yield from self.overflow
        yield from self._ordered()

    def _ordered(self) -> Iterator[Placement]:
        for entries in (self._sorted, self._penalized):
            yield from (placement for _, _, placement in sorted(entries, key=lambda entry: entry[:2]))

    @property
    def is_full(self) -> bool:
        """Whether back pressure holds the source."""
        return self._count >= self._full_from or self.data_size >= self._full_from_size

    @property
    def is_prioritized(self) -> bool:
        """Whether prioritizers say which comes next."""
        return self._sort_key is not None

    @property
    def penalized(self) -> int:
        """How many flowfiles wait for their penalty to end, as far as has been noticed."""
        return len(self._penalized)

    def penalized_at(self, moment: float) -> int:
        """How many flowfiles are penalized at that moment."""
        return sum(until > moment for until, _, _ in self._penalized)

    def put(
        self, placements: Sequence[Placement], now: float, *, size: int | None = None, penalized: bool = True
    ) -> None:
        """Add flowfiles at the end of the queue.

        `size` is how many bytes they have, where that is known already; `penalized` is false where none of them is.
        """
        self._count += len(placements)
        self.data_size += total_size([placement.flowfile for placement in placements]) if size is None else size
        if self.expiration:
            self._note_age(placements)
        if self._sort_key is None and not penalized:
            self._append(placements)
            return
        for placement in placements:
            self._add(placement, now)

    def take(self, maximum: int, now: float) -> list[Placement]:
        """Take up to so many flowfiles that are not penalized; they count as queued until `settle`."""
        if self._penalized:
            self._release_penalized(now)
        if self._sort_key is not None:
            count = min(maximum, len(self._sorted))
            return [heapq.heappop(self._sorted)[2] for _ in range(count)]
        if self.overflow.count:
            self._refill(maximum)
        if maximum >= len(self._ready):
            taken = list(self._ready)
            self._ready.clear()
        else:
            taken = [self._ready.popleft() for _ in range(maximum)]
        return taken

    def joined(self, count: int, size: int, oldest: float) -> None:
        """So many flowfiles, with so many bytes, are in the overflow from now on; the oldest is from that moment."""
        self._count += count
        self.data_size += size
        if self.expiration:
            self._expires_from = min(self._expires_from, oldest + self.expiration)

    def settle(self, count: int, size: int) -> None:
        """So many of the flowfiles that were taken, with so many bytes, have left for good."""
        self._count -= count
        self.data_size -= size

    def restore(self, placements: list[Placement]) -> None:
        """Put flowfiles that were taken back to the head of the queue, as if they had never been taken."""
        if self.expiration:
            self._note_age(placements)
        if self._sort_key is None:
            self._ready.extendleft(reversed(placements))
            return
        for placement in reversed(placements):
            self._heads -= 1
            heapq.heappush(self._sorted, (self._sort_key(placement), self._heads, placement))

    def has_waiting(self, now: float) -> bool:
        """Whether a flowfile can be taken now."""
        if self._penalized:
            self._release_penalized(now)
        return bool(self._ready or self._sorted or self.overflow.count)

    def next_release(self) -> float | None:
        """When the next penalty ends; None if nothing is penalized."""
        first = self._penalized[:1]  # a copy: a status may be taken on any thread
        return first[0][0] if first else None

    def take_expired(self, now: float) -> list[Placement]:
        """Take the flowfiles that are as old as the expiration; penalized ones too."""
        if now < self._expires_from or now < self._look_from:
            return []
        age = self.expiration
        in_memory = (*self._ready, *self._ordered())
        ids = {p.flowfile.id for p in in_memory if p.flowfile.entry_date + age <= now}
        ids.update(p.flowfile.id for p in self.overflow.as_old_as(age, now))
        expired = self.withdraw(ids)
        left = [p.flowfile.entry_date for p in (*self._ready, *self._ordered())]
        self._expires_from = min([*left, self.overflow.oldest]) + age
        self._look_from = now + min(LONGEST_DELAY, age / 10)
        return expired

    def withdraw(self, ids: Set[int]) -> list[Placement]:
        """Take the flowfiles with these ids, as far as they wait here, wherever they stand; penalized ones too."""
        withdrawn: list[Placement] = []
        passed: list[Placement] = []
        while self._ready and len(withdrawn) < len(ids):
            placement = self._ready.popleft()
            (withdrawn if placement.flowfile.id in ids else passed).append(placement)
        self._ready.extendleft(reversed(passed))
        if len(withdrawn) < len(ids):
            withdrawn += self.overflow.withdraw(ids)
        if len(withdrawn) < len(ids) and (self._sorted or self._penalized):
            withdrawn += [p for p in self._ordered() if p.flowfile.id in ids]
            self._sorted = [entry for entry in self._sorted if entry[2].flowfile.id not in ids]
            self._penalized = [entry for entry in self._penalized if entry[2].flowfile.id not in ids]
            heapq.heapify(self._sorted)
            heapq.heapify(self._penalized)
        return withdrawn

    def next_expiry(self) -> float | None:
        """When to look for expired flowfiles again, at the latest; None if none can expire."""
        waits = self._ready or self.overflow.count or self._sorted or self._penalized
        return max(self._expires_from, self._look_from) if waits and self._expires_from < math.inf else None

    def since(self) -> float | None:
        """When the one that has waited longest was queued; None if nothing waits."""
        found = [placement.queued_since for placement in (*self._ready, *self._ordered())]
        earliest = min([*found, self.overflow.since])
        return earliest if earliest < math.inf else None

    def latest(self, count: int) -> list[Placement]:
        """So many from the end on, as it stands in the order in which they wait."""
        return [*self._ready, *self.overflow.latest(count), *self._ordered()][-count:]

    def drain(self) -> list[Placement]:
        """Take all that wait here, for another queue that takes this one's place."""
        self._refill(self._count)
        drained = [*self._ready, *self._ordered()]
        self._ready.clear()
        self._sorted, self._penalized = [], []
        return drained

    def _append(self, placements: Sequence[Placement]) -> None:
        if self.overflow.count:
            self.overflow.extend(placements)
            return
        self._ready.extend(placements)
        if len(self._ready) >= KEPT + PIECE and self.overflow.swap is not None:
            behind = [self._ready.pop() for _ in range(len(self._ready) - KEPT)]
            self.overflow.extend(behind[::-1])

    def _refill(self, wanted: int) -> None:
        while self.overflow.count and len(self._ready) < wanted:
            self._ready.extend(self.overflow.take_first())

    def _note_age(self, placements: Sequence[Placement]) -> None:
        oldest = min([placement.flowfile.entry_date for placement in placements], default=math.inf)
        self._expires_from = min(self._expires_from, oldest + self.expiration)

    def _add(self, placement: Placement, now: float) -> None:
        if placement.penalized_until > now:
            self._arrivals += 1
            heapq.heappush(self._penalized, (placement.penalized_until, self._arrivals, placement))
        elif self._sort_key is None:
            self._append((placement,))
        else:
            self._push_sorted(placement)

    def _push_sorted(self, placement: Placement) -> None:
        assert self._sort_key is not None
        self._arrivals += 1
        heapq.heappush(self._sorted, (self._sort_key(placement), self._arrivals, placement))

    def _release_penalized(self, now: float) -> None:
        while self._penalized and self._penalized[0][0] <= now:
            placement = heapq.heappop(self._penalized)[2]
            self._add(placement, now)
