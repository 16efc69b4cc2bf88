"""The form of a journal record: a commit in few bytes, by differences from what lived before."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from flowrun.flowfile import ContentClaim
from flowrun.repository.commit import Event, StateChange

NOWHERE = -1
"""The queue of a flowfile that ended with this commit."""


class Row(Struct, array_like=True, omit_defaults=True, gc=False):
    """A flowfile in a queue, or NOWHERE, whole.

    `queue`, `origins` and `came_by` (-1: none) are numbers of names; `since` 0: the record's moment.
    """

    id: int
    queue: int
    attributes: dict[str, str]
    content: ContentClaim | None
    entry_date: float
    lineage_start: float
    since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[int, ...] = ()
    cause: str = ""
    came_by: int = -1


class Move(Struct, array_like=True, omit_defaults=True, gc=False):
    """A flowfile that lived before, in a queue again, or NOWHERE.

    `content` False, `entry_date` 0: the same as before.
    """

    id: int
    queue: int
    changes: Mapping[str, str | None] = {}
    content: ContentClaim | None | bool = False
    since: float = 0.0
    penalized_until: float = 0.0
    attempts: int = 0
    origins: tuple[int, ...] = ()
    cause: str = ""
    came_by: int = -1
    entry_date: float = 0.0


class Record(Struct, array_like=True, omit_defaults=True):
    """What one commit made true. `names` get the next numbers, in order; `gone` ended as they were."""

    moment: float
    names: list[str] = []
    gone: list[int] = []
    moves: list[Move] = []
    rows: list[Row] = []
    state: tuple[StateChange, ...] = ()


class HistoryRecord(Record, array_like=True, omit_defaults=True):
    """What is written: the record, and behind it what only history reads.

    `author` is the number of a name, `ways` are numbers of relationships, each with the flowfiles that left by it
    where their queue does not say so, `returned` reasons, each with the flowfiles whose work was undone.
    """

    events: tuple[Event, ...] = ()
    author: int = -1
    ways: Sequence[tuple[int, Sequence[int]]] = ()
    returned: Sequence[tuple[str, Sequence[int]]] = ()


class SnapshotEnd(Struct, array_like=True):
    """The last record of a snapshot: how many flowfiles it holds, and the highest id ever used."""

    flowfiles: int
    highest_id: int
