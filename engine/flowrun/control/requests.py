"""What can be asked of a flow from outside, and what comes back.

On the socket, each way, it is one JSON object a line. A request, which names itself in `ask`, is answered by any number
of lines with a `value` and then one line that is the last: `{"over": true}`, or `{"error": "…"}`. A line with
`bytes` is followed by so many bytes of content as they are. Moments are seconds since the epoch, sizes are bytes.
"""

from typing import BinaryIO, ClassVar, Generic, NamedTuple, TypeVar

from msgspec import UNSET, Raw, Struct, UnsetType

from flowrun.status import FlowStatus

Value = TypeVar("Value", bound=Struct)

LONGEST_REQUEST = 1 << 20
"""Bytes of the longest line that is read."""
MOST_UUIDS = 10_000
"""How many uuids one request should name; then it is short enough."""
MOST_EXPLAINED = 1_000
"""Of how many dead letters of a processor, the latest ones, a report tells the causes."""
HEAD_SIZE = 1000
"""Characters of content that are shown."""


class QueuedFlowFile(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A flowfile in a queue, as a person may see it: what is sensitive is masked.

    `content_is_hidden`: the flow says that its content must not be shown. `head` is how the content begins, if that
    was asked for and may be shown; `head_is_hexadecimal` where it is no text, `head_is_withheld` says why there is
    none. `cause` says why it is a dead letter, `came_by` which connection brought it to who gave it up.
    """

    uuid: str
    connection: str
    filename: str
    size: int
    queued_since: float
    entry_date: float
    attributes: dict[str, str]
    penalized_until: float = 0.0
    is_penalized: bool = False
    attempts: int = 0
    cause: str = ""
    came_by: str = ""
    content_is_hidden: bool = False
    head: str | None = None
    head_is_hexadecimal: bool = False
    head_is_withheld: str = ""


class Cause(Struct, frozen=True):
    """Why so many flowfiles are dead letters of one processor."""

    processor: str
    cause: str
    count: int


class Message(Struct, frozen=True):
    """A bulletin."""

    moment: float
    level: str
    processor: str
    message: str
    flowfile: str | None = None


class FlowReport(Struct, frozen=True, kw_only=True):
    """A flow at one moment.

    `pid` is the process that runs it (0: none), `since` when it was started or, if it does not run, when something was
    last committed. `oldest` says since when flowfiles have waited in each queue that has some, `causes` why the latest
    dead letters are some. `is_busy`: the engine did not come to answer, so neither is known. `unknown_queues` are those
    that the state directory has and the flow has no more. `generation` counts the edits that the run has taken over,
    from 1 on (0: it does not run); `refused_edit` says why it has not taken over the latest one.
    """

    flow: str
    status: FlowStatus
    pid: int = 0
    since: float | None = None
    is_busy: bool = False
    oldest: dict[str, float] = {}
    causes: tuple[Cause, ...] = ()
    bulletins: tuple[Message, ...] = ()
    unknown_queues: tuple[str, ...] = ()
    generation: int = 0
    refused_edit: str = ""


class Changed(Struct, frozen=True):
    """How many more flowfiles were moved or dropped; a `note` says of others why they were not."""

    count: int
    note: str = ""


class Replayed(Struct, frozen=True):
    """A flowfile of the past that was placed again: its new uuid, and the queue."""

    uuid: str
    connection: str


class Request(Struct, Generic[Value], frozen=True, tag_field="ask", kw_only=True):
    """Something to ask; `answer` is the type of each value that comes back."""

    answer: ClassVar[type[Struct]]


class StatusRequest(Request[FlowReport], frozen=True, tag="status"):
    """How the flow is: one report."""

    answer = FlowReport


class Selection(Request[Value], frozen=True):
    """Flowfiles in these queues; all of them, if no `uuids` are given."""

    connections: tuple[str, ...]
    uuids: tuple[str, ...] = ()


class FlowFilesRequest(Selection[QueuedFlowFile], frozen=True, tag="flowfiles"):
    """What waits, at most `limit`, in the order of the queues; with the head of each content, if asked for."""

    answer = QueuedFlowFile
    limit: int = 100
    with_head: bool = False


class ContentsRequest(Selection[QueuedFlowFile], frozen=True, tag="contents"):
    """What waits, each with its whole content; sensitive attributes and contents only if they are asked for."""

    answer = QueuedFlowFile
    include_sensitive: bool = False


class DropRequest(Selection[Changed], frozen=True, tag="drop"):
    """Drop them for good."""

    answer = Changed


class ReplayRequest(Selection[Changed], frozen=True, tag="replay"):
    """Put dead letters back into the queues that they came from, as if they were new."""

    answer = Changed


class ReplayFromRequest(Request[Replayed], frozen=True, tag="replay from"):
    """Place a flowfile of the past again, as it was when it came to this processor; empty: to the last one."""

    answer = Replayed
    uuid: str
    processor: str = ""


AnyRequest = StatusRequest | FlowFilesRequest | ContentsRequest | DropRequest | ReplayRequest | ReplayFromRequest


class Answer(NamedTuple, Generic[Value]):
    """One value of an answer, and its content where that was asked for, to be read before the next value."""

    value: Value
    content: BinaryIO | None = None


class Line(Struct, omit_defaults=True):
    """One line of an answer on the socket. `again`: nothing is wrong with the request, it was only not answered."""

    value: Raw | UnsetType = UNSET
    bytes: int | None = None
    over: bool = False
    error: str = ""
    again: bool = False
