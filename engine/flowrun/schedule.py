"""When a processor is due: so often, or by a CRON expression."""

from dataclasses import dataclass
from typing import Protocol


class Schedule(Protocol):
    """Moments at which a processor may be triggered, in seconds since the epoch."""

    def first(self, start: float) -> float | None:
        """The first moment for a processor that is started now; None: never."""

    def next_after(self, moment: float) -> float | None:
        """The next moment after a trigger; None: never."""


@dataclass(frozen=True, slots=True)
class TimerDriven:
    """Every so many seconds, from the start on; 0: again as soon as it is done."""

    every: float = 0.0

    def first(self, start: float) -> float | None:
        return start

    def next_after(self, moment: float) -> float | None:
        return moment + self.every


class _Times(Protocol):
    def next_after(self, moment: float, /) -> float | None:
        """The next time."""


@dataclass(frozen=True, slots=True)
class CronDriven:
    """At the times of a CRON expression."""

    expression: _Times

    def first(self, start: float) -> float | None:
        return self.expression.next_after(start)

    def next_after(self, moment: float) -> float | None:
        return self.expression.next_after(moment)
