"""Where a run can be killed: the steps by which it changes the disk, and the moments of each."""

from dataclasses import dataclass
from enum import StrEnum


class Moment(StrEnum):
    """When, beside a step: before it, with half of it on the disk, or when it is done."""

    BEFORE = "before"
    INSIDE = "inside"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Place:
    """What tells a step from all others: it was the `number`-th of its kind since the `commits`-th commit began."""

    commits: int
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the disk: `what` it was, for a person, and `by` whom, a processor where that is known.

    `moments` are those at which a kill leaves a disk that no other step's moment leaves. `is_record`: it is what makes
    the commit true.
    """

    place: Place
    what: str
    by: str
    moments: tuple[Moment, ...]
    is_record: bool = False


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill -9."""

    step: Step
    moment: Moment
