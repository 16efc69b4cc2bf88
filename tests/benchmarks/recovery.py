"""Recovery: 1 M flowfiles that wait on disk, from a snapshot and by replay; and the memory that they take."""

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from flowrun import Input, Processor, ProcessSession
from flowrun.graph import FlowGraph
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner
from tests.benchmarks.apart import apart, memory
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import graph_of
from tests.benchmarks.running import CPU_TIME, Seconds, scratch_folder, timed

COUNT = 1_000_000
NEVER = 1 << 40
"""A size of segments that is never reached: no snapshot is written."""
_FLOW = """\
flow: recovery
processors:
  generate: {{type: Generate, enabled: {generates}, properties: {{Count: {count}, Attributes: {width}}}}}
  mark-1: {{type: Mark, enabled: {generates}}}
  mark-2: {{type: Mark, enabled: {generates}, properties: {{Value: again}}}}
  start: {{type: Note}}
  drop: {{type: Drop, enabled: false}}
connections:
  - {{from: generate, to: mark-1, back_pressure: {{objects: 0, size: 0 B}}}}
  - {{from: mark-1, to: mark-2, back_pressure: {{objects: 0, size: 0 B}}}}
  - {{from: mark-2, to: drop, back_pressure: {{objects: 0, size: 0 B}}}}
"""


class Note(Processor):
    """A source that makes nothing, and notes when the engine starts it: everything is recovered then."""

    input = Input.FORBIDDEN
    blocking = False

    def on_scheduled(self) -> None:
        """Note the moment, the CPU time and the memory."""
        self.moment, self.cpu, self.memory = time.perf_counter(), time.process_time(), memory()

    def on_trigger(self, session: ProcessSession) -> None:
        self.yield_resources()


def measure() -> Iterator[Figure]:
    """Seconds to recover, and bytes per flowfile."""
    for width in (5, 15):
        with scratch_folder() as folder:
            made = apart(_fill, folder, width)
            alone, least = apart(_decode_alone, width), apart(_dicts_alone, width)
            peer = Peer("decoding the same texts into dicts", alone)
            seconds, recovered = apart(_recover, folder, width)
            what = f"by replay: made, and changed twice; {width} attributes"
            yield Figure(what, seconds.wall, "s", (Peer(CPU_TIME, seconds.cpu), peer), Target(most=4))
            apart(_write_snapshot, folder, width)
            seconds, recovered = apart(_recover, folder, width)
            what = f"from a snapshot; {width} attributes"
            yield Figure(what, seconds.wall, "s", (Peer(CPU_TIME, seconds.cpu), peer), Target(most=2))
            peers = (Peer("the dicts alone", least),)
            for when, size in (("in the process that made it", made), ("after recovery", recovered)):
                what = f"memory of a queued flowfile of {width} attributes, {when}"
                yield Figure(what, size, "bytes", peers, Target(most=1024))


def _graph(*, width: int, generates: bool) -> FlowGraph:
    text = _FLOW.format(count=COUNT, width=width, generates=str(generates).lower())
    return graph_of(text, Note)


def _fill(folder: Path, width: int) -> float:
    """Make the flowfiles, each changed twice; they wait before the last processor, which is not enabled.

    Gives the bytes of memory that each takes here.
    """
    graph = _graph(width=width, generates=True)
    repository = DiskRepository(folder / "state", segment_size=NEVER)
    before = memory()
    FlowRunner(graph, repository).run(once=True)
    gc.collect()
    grown = memory() - before
    repository.close()
    return grown * (1 << 20) / COUNT


def _write_snapshot(folder: Path, width: int) -> None:
    repository = DiskRepository(folder / "state", segment_size=NEVER)
    FlowRunner(_graph(width=width, generates=False), repository).run(duration=0)  # it swaps, for the next one to find
    repository._snapshot()
    repository.close()


def _recover(folder: Path, width: int) -> tuple[Seconds, float]:
    """Seconds until the engine could trigger, and bytes of memory per flowfile."""
    graph = _graph(width=width, generates=False)
    note = graph.nodes["start"].processor
    assert isinstance(note, Note)
    repository = DiskRepository(folder / "state", segment_size=NEVER)
    before, start, cpu = memory(), time.perf_counter(), time.process_time()
    outcome = FlowRunner(graph, repository).run(duration=0)
    repository.close()
    if outcome.queued != COUNT:
        raise RuntimeError(f"{outcome.queued} flowfiles were recovered, and not {COUNT}")
    return Seconds(note.moment - start, note.cpu - cpu), (note.memory - before) * (1 << 20) / COUNT


def _decode_alone(width: int) -> float:
    """Seconds to read the attributes of as many flowfiles, one message each."""
    messages = [msgspec.msgpack.encode(_attributes(number, _shared(width))) for number in range(COUNT)]
    decode = msgspec.msgpack.Decoder(dict[str, str]).decode
    return timed(lambda: [decode(message) for message in messages]).wall


def _dicts_alone(width: int) -> float:
    """Bytes of each dict of attributes, if all share the values that they can."""
    shared, before = _shared(width), memory()
    dicts = [_attributes(number, shared) for number in range(COUNT)]
    return (memory() - before) * (1 << 20) / len(dicts)


def _shared(width: int) -> dict[str, str]:
    return {f"attribute-{number}": f"value of attribute-{number}" for number in range(3, width)}


def _attributes(number: int, shared: dict[str, str]) -> dict[str, str]:
    own = {"uuid": f"6f1a2b3c-0d4e-4f5a-a6b7-{number:012x}", "filename": f"file-{number}.txt", "path": "./"}
    return {**own, **shared}
