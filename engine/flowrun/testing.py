"""The test kit: a processor in the real engine, on the memory repository, with a clock that stands still.

[appended] = TestRunner(AppendLine({"Line": "hi"})).trigger(b"text", name="Ada")["success"]
assert appended.content == b"text\\nhi"
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowrun.back_pressure import BackPressure
from flowrun.bulletin import Bulletin, BulletinBoard, Level
from flowrun.clock import MovableClock
from flowrun.connection import Connection
from flowrun.flowfile import FlowFile, Placement, new_uuid
from flowrun.masking import Masking
from flowrun.node import NodeSettings, ProcessorNode
from flowrun.processor import Input, Processor
from flowrun.repository import Commit
from flowrun.repository.memory import MemoryRepository
from flowrun.retry import RetryPolicy
from flowrun.settlement import Settlement
from flowrun.state import StateStore
from flowrun.transaction import TransactionSettings
from flowrun.trigger import Triggering

__all__ = ["MovableClock", "Output", "TestRunner", "Triggered"]

_UNLIMITED = BackPressure(0, 0)


@dataclass(frozen=True, slots=True)
class Output:
    """A flowfile as it came out."""

    content: bytes
    attributes: dict[str, str]
    penalized: bool
    flowfile: FlowFile


class Triggered(Mapping[str, list[Output]]):
    """What came out, by relationship; every relationship of the processor is there, unused ones are empty.

    `failed`: a unit of work was rolled back. `yielded`: the processor asked to be left alone for a while.
    """

    def __init__(self, outputs: dict[str, list[Output]], *, failed: bool, yielded: bool, bulletins: list[Bulletin]):
        self._outputs = outputs
        self.failed = failed
        self.yielded = yielded
        self.bulletins = bulletins

    def __getitem__(self, relationship: str) -> list[Output]:
        return self._outputs[relationship]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)


class TestRunner:
    """Triggers one processor, on this thread. Raises PropertyError if the processor's configuration is wrong.

    `has_input` says whether a connection comes in (by default: unless the processor is a pure source), `state` is the
    processor's state from before, `batch` the most flowfiles a trigger may take, `retry` the framework's retry.
    """

    __test__ = False

    def __init__(
        self,
        processor: Processor,
        *,
        state: Mapping[str, str] | None = None,
        has_input: bool | None = None,
        penalty_duration: float = 30.0,
        clock: MovableClock | None = None,
        batch: int = 1000,
        retry: RetryPolicy | None = None,
        sensitive_attributes: frozenset[str] = frozenset(),
    ) -> None:
        processor.check()
        self.clock = clock or MovableClock()
        self.processor = processor
        self._repository = MemoryRepository()
        self._states = StateStore({"test": dict(state)} if state is not None else None)
        self._board = BulletinBoard()
        self._node = self._make_node(processor, has_input, penalty_duration, retry, sensitive_attributes)
        masking = Masking(sensitive_attributes)
        self._settlement = Settlement(self._repository, self.clock, self._states, self._board, masking, lambda _: None)
        self._triggering = Triggering(self._repository, self.clock, self._states, self._settlement, largest_batch=batch)
        self._node.batch_size = batch
        processor.on_scheduled()

    def enqueue(self, content: bytes | str = b"", attributes: Mapping[str, str] | None = None) -> FlowFile:
        """Put a flowfile into the input queue."""
        data = content.encode() if isinstance(content, str) else content
        flowfile_id = self._repository.next_id()
        uuid = new_uuid(flowfile_id)
        own = {"filename": uuid, "path": "./", **(attributes or {}), "uuid": uuid}
        claim = self._repository.content.write(data) if data else None
        now = self.clock.now()
        flowfile = FlowFile(flowfile_id, own, claim, now, now)
        placement = Placement(flowfile, self._node.incoming[0].id, now)
        self._repository.commit(Commit(now, (), (placement,), content=(claim,) if claim else ()))
        self._node.incoming[0].put([placement], now)
        return flowfile

    def trigger(self, content: bytes | str | None = None, *, times: int = 1, **attributes: str) -> Triggered:
        """Trigger so many times, with a flowfile of this content and these attributes in the queue if any are given."""
        if content is not None or attributes:
            self.enqueue(content or b"", attributes)
        failures, posted = self._node.statistics.failures, self._board.posted
        yielded = False
        for _ in range(times):
            now = self.clock.now()
            self._node.yield_until = 0.0
            if not self._node.is_source and not self._node.has_waiting(now):
                continue
            trigger = self._triggering.prepare(self._node, now)
            trigger.run()
            yielded = yielded or self.processor.yield_requested
            self._triggering.end(trigger, now)
            self._settlement.act(at_rest=True)
        bulletins = list(self._board)[len(list(self._board)) - (self._board.posted - posted) :]
        failed = self._node.statistics.failures > failures
        return Triggered(self._collect(), failed=failed, yielded=yielded, bulletins=bulletins)

    @property
    def queued(self) -> list[FlowFile]:
        """The flowfiles that are still in the input queue."""
        return [placement.flowfile for connection in self._node.incoming for placement in connection]

    @property
    def placements(self) -> list[Placement]:
        """The input queue's flowfiles with their penalties and attempts."""
        return [placement for connection in self._node.incoming for placement in connection]

    @property
    def state(self) -> dict[str, str]:
        """The processor's state."""
        return dict(self._states.get("test"))

    @property
    def contents_held(self) -> int:
        """How many contents the repository still holds."""
        return len(self._repository.content)

    def stop(self) -> None:
        """Stop the processor."""
        self.processor.on_stopped()

    def _make_node(
        self,
        processor: Processor,
        has_input: bool | None,
        penalty_duration: float,
        retry: RetryPolicy | None,
        sensitive_attributes: frozenset[str],
    ) -> ProcessorNode:
        connected = processor.input is not Input.FORBIDDEN if has_input is None else has_input
        settings = TransactionSettings(
            "test",
            frozenset(processor.relationships),
            penalty_duration,
            retry,
            connected,
            Masking(sensitive_attributes),
        )
        node = ProcessorNode("test", processor, settings, NodeSettings(bulletin_level=Level.DEBUG))
        incoming = [Connection("input", "before", "test", back_pressure=_UNLIMITED)] if connected else []
        routes = {
            name: (Connection(name, "test", f"after {name}", back_pressure=_UNLIMITED),)
            for name in processor.relationships
        }
        node.connect(incoming, routes)
        node.is_running = True
        return node

    def _collect(self) -> dict[str, list[Output]]:
        outputs: dict[str, list[Output]] = {}
        moment = self.clock.now()
        for name, (connection,) in self._node.routes.items():
            far = moment + 1e9
            penalized = {p.flowfile.id for p in connection if p.penalized_until > moment}
            placements = connection.take(1 << 30, far)
            outputs[name] = [
                Output(
                    self._repository.content.read(p.flowfile.content) if p.flowfile.content else b"",
                    dict(p.flowfile.attributes),
                    p.flowfile.id in penalized,
                    p.flowfile,
                )
                for p in placements
            ]
            self._settlement.forget(connection, placements)
        return outputs
