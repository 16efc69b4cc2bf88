"""A flow under load that is edited: flowfiles that go round for ever, and numbers that go through it to their end."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.engine.kit import Pass

from flowrun import FlowFile, Input, Processor, ProcessSession, Property, Relationship, integer
from flowrun.cli.loading import Given
from flowrun.cli.watched_files import WatchedFiles
from flowrun.cli.watching import Watch
from flowrun.flow.loader import load_flow
from flowrun.graph import build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner, Outcome

FLOW = """\
flow: loaded
processors:
  fill: {type: Fill, schedule: {every: 1 ms}, properties: {Count: COUNT}}
  a: {type: Turn}
  b: {type: TurnOnWorker, concurrent_tasks: 3}
  c: {type: Turn}
  numbers: {type: Fill, schedule: {every: 2 ms}, properties: {Count: 2000000000, Batch: 3}}
  one: {type: Turn}
  two: {type: TurnOnWorker}
  keep: {type: Keep}
connections:
  - {from: fill, to: a, back_pressure: {objects: 0}}
  - {from: a, to: b, back_pressure: {objects: 0}}
  - {from: b, to: c, back_pressure: {objects: 0}}
  - {from: c, to: a, back_pressure: {objects: 0}}
  - numbers -- success --> one
  - one -- success --> two
  - two -- success --> keep
"""
GIVEN = Given({}, (), ())


class Fill(Processor):
    """Make numbered flowfiles, some at a trigger, up to a count."""

    input = Input.FORBIDDEN
    blocking = False
    count = Property("Count", integer, "How many in all.")
    batch_size = Property("Batch", integer, "How many at a trigger.", default="500")
    success = Relationship("success", "All of them.")

    def on_trigger(self, session: ProcessSession) -> None:
        made = int(session.state.get("made", "0"))
        until = min(self.count, made + self.batch_size)
        for number in range(made, until):
            session.transfer(session.create(attributes={"number": str(number)}), self.success)
        if until > made:
            session.set_state({"made": str(until)})


class Turn(Pass):
    """Pass flowfiles on."""

    mark = Property("Mark", str, "Whatever.", default="")


class TurnOnWorker(Turn):
    """Pass flowfiles on, from a thread."""

    blocking = True
    batch = True


class Keep(Processor):
    """Note the numbers that have come to their end."""

    blocking = False
    seen: list[int] = []  # noqa: RUF012 what the test looks at

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        number = int(flowfile.attributes["number"])
        session.remove(flowfile)
        session.on_commit(lambda: self.seen.append(number))


class LoadedFlow:
    """The flow in a thread, its file, and edits of that."""

    def __init__(self, folder: Path, *, count: int, seed: int) -> None:
        Keep.seen.clear()
        self.count = count
        self.taken_over = self.refused = 0
        self._dice = random.Random(seed)
        self._text = FLOW.replace("COUNT", str(count))
        self._file = folder / "loaded.yaml"
        self._file.write_text(self._text)
        self._registry = Registry(classes={kind.__name__: kind for kind in (Fill, Turn, TurnOnWorker, Keep)})
        self._folder = folder / "state"
        self._repository = DiskRepository(self._folder)
        loaded = load_flow(self._file)
        assert loaded.definition is not None, loaded.problems
        graph = require(build_graph(loaded.definition, self._registry, NO_PARAMETERS))
        self.runner = FlowRunner(graph, self._repository)
        self._outcome: list[Outcome] = []
        self._thread = threading.Thread(target=lambda: self._outcome.append(self.runner.run(drain=0.5)), daemon=True)

    def edit_again_and_again(self, times: int, pause: Callable[[], object]) -> None:
        """Run, and edit so often, once all that goes round is there; then stop."""
        files = WatchedFiles(self._file, GIVEN)
        self._thread.start()
        with Watch(self._file, GIVEN, files, self.runner, self._registry):
            wait_until(lambda: self._going_round() == self.count)
            for number in range(times):
                self._edit(is_wrong=number % 3 == 2)
                pause()
        self.runner.stop()
        self._thread.join(60)
        self._repository.close()

    def check(self) -> None:
        """All that goes round is there, and every number has come to its end or is in a queue, once."""
        assert self._outcome
        assert not [b for b in self.runner.bulletins if b.level >= 40], list(self.runner.bulletins)
        repository = DiskRepository(self._folder)
        recovered = repository.recover()
        repository.close()
        assert {p.connection for p in recovered.placements} <= self.runner.graph.queues.keys()
        round_and_round: list[int] = []
        numbers: list[int] = []
        for placement in recovered.placements:
            found = round_and_round if placement.connection[0] in "abcf" else numbers
            found.append(int(placement.flowfile.attributes["number"]))
        made = int(recovered.state["numbers"]["made"])
        assert sorted(round_and_round) == list(range(self.count))
        assert not [number for number, times in Counter([*numbers, *Keep.seen]).items() if times > 1]
        assert sorted([*numbers, *Keep.seen]) == list(range(made))

    def _going_round(self) -> int:
        queues = self.runner.graph.queues
        return sum(len(queue) for identity, queue in queues.items() if identity[0] in "abcf")

    def _edit(self, *, is_wrong: bool) -> None:
        before, self.runner.refused = self.runner.generation, ""
        text = self._wrong() if is_wrong else self._right()
        self._file.write_text(text)
        wait_until(lambda: self.runner.generation > before or bool(self.runner.refused))
        if self.runner.generation > before:
            assert not is_wrong, text
            self.taken_over += 1
            self._text = text
        else:
            self.refused += 1

    def _right(self) -> str:
        """The flow with something changed; only `more` may be in the way of a number, and then it is refused."""
        dice, mark = self._dice, self._dice.randrange(1 << 30)
        kind = dice.choice(["restart", "restart", "queue", "more"])
        lines = self._text.splitlines()
        if kind == "more":
            return self._with_or_without_more()
        at = dice.choice([n for n, line in enumerate(lines) if ("Turn" if kind == "restart" else "from: ") in line])
        if kind == "restart":
            head = lines[at].partition(", properties")[0].removesuffix("}")
            lines[at] = f"{head}, properties: {{Mark: m{mark}}}}}"
        else:
            head = lines[at].partition(", back_pressure")[0]
            order = dice.choice(["FirstInFirstOut", "NewestFirst", "OldestFirst"])
            lines[at] = f"{head}, back_pressure: {{objects: 0, size: {mark + 1} GB}}, prioritizers: [{order}]}}"
        return "\n".join(lines) + "\n"

    def _with_or_without_more(self) -> str:
        if "more" in self._text:
            return self._text.replace("  more: {type: Turn}\n", "").replace(
                "  - two -- success --> more\n  - more -- success --> keep\n", "  - two -- success --> keep\n"
            )
        return self._text.replace("  keep:", "  more: {type: Turn}\n  keep:").replace(
            "  - two -- success --> keep\n", "  - two -- success --> more\n  - more -- success --> keep\n"
        )

    def _wrong(self) -> str:
        text = self._text
        return self._dice.choice(
            [
                text.replace("type: Keep", "type: Kepe"),
                text[: len(text) // 2] + "\n{",
                text.replace("  c: ", "  d: ").replace("to: c,", "to: d,").replace("from: c,", "from: d,"),
                text.replace("flow: loaded", "flow: laden"),
            ]
        )


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
