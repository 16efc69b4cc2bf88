"""The flow that is asked about: one that runs, or one that only lies in its state directory."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from flowrun.bulletin import Bulletin
from flowrun.connection import Connection
from flowrun.graph import FlowGraph
from flowrun.repository import ContentRepository
from flowrun.settlement import Settlement

Found = TypeVar("Found")


class Subject(Protocol):
    """What answers are made from. Only what is done by `look` and `change` may touch queues."""

    @property
    def graph(self) -> FlowGraph:
        """The flow."""

    @property
    def queues(self) -> Mapping[str, Connection]:
        """All queues by identity, dead letters too, and those that the flow has no more."""

    @property
    def content(self) -> ContentRepository:
        """Where contents lie."""

    @property
    def pid(self) -> int:
        """The process that runs it; 0: none."""

    @property
    def since(self) -> float | None:
        """When it was started, or when something was last committed."""

    @property
    def generation(self) -> int:
        """How many graphs have run, the present one included; 0: it does not run."""

    @property
    def refused_edit(self) -> str:
        """Why the latest edit was not taken over; nothing: it was, or there was none."""

    @property
    def bulletins(self) -> Iterable[Bulletin]:
        """The latest ones, oldest first."""

    def look(self, action: Callable[[], Found], *, patience: float | None = None) -> Found:
        """Do what reads queues, and nothing that takes long. Raises NoAnswerError after `patience` seconds."""

    def change(self, action: Callable[[Settlement], Found]) -> Found:
        """Do what changes queues, a piece that does not take long. Raises NoAnswerError, and then it is not done."""
