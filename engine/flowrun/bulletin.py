"""Bulletins: what a person should see, now, beside the processor that said it."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How loud a bulletin is; numbers as in `logging`."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    NONE = 100

    @classmethod
    def parse(cls, text: str) -> "Level":
        """The level of that name, in NiFi's spelling too (`WARN`). Raises ValueError with the names there are."""
        name = text.strip().upper()
        found = cls.__members__.get({"WARN": "WARNING"}.get(name, name))
        if found is None:
            raise ValueError(f"expected DEBUG, INFO, WARN, ERROR or NONE, found {text!r}")
        return found


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One message of one processor, about one flowfile where there is one."""

    moment: float
    level: Level
    processor: str
    message: str
    flowfile: str | None = None

    def __str__(self) -> str:
        about = f" (flowfile {self.flowfile})" if self.flowfile else ""
        return f"{self.processor}: {self.message}{about}"


class BulletinBoard:
    """The latest bulletins, oldest first; older ones make room. `listener` is told each one as it is posted."""

    def __init__(self, capacity: int = 200, listener: Callable[[Bulletin], None] | None = None) -> None:
        self._bulletins: deque[Bulletin] = deque(maxlen=capacity)
        self._listener = listener
        self.posted = 0
        self.counts: Counter[Level] = Counter()

    def post(self, bulletin: Bulletin) -> None:
        """Add one."""
        self._bulletins.append(bulletin)
        self.posted += 1
        self.counts[bulletin.level] += 1
        if self._listener is not None:
            self._listener(bulletin)

    def __iter__(self) -> Iterator[Bulletin]:
        return iter(tuple(self._bulletins))
