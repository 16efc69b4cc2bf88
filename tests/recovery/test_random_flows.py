"""Random flows on machines that die at random moments: at every start all items are accounted for, and none twice.

A failure names its seed; `SEED=4711 pytest tests/recovery/test_random_flows.py` runs that one alone.
"""

import os
import random
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from tests.recovery.dying_machine import Crash, Machine
from tests.recovery.random_flow import ITEMS, RandomFlow
from tests.recovery.random_processors import World, added, classes_of, read_shares

from flowrun import connection, overflow
from flowrun.clock import MovableClock
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry
from flowrun.repository import Recovered, record_reader, snapshot
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner

SEEDS = [int(os.environ["SEED"])] if "SEED" in os.environ else range(30)


class Life:
    """One random flow, from its first start to its end, over as many crashes as it takes."""

    def __init__(self, seed: int, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.dice = random.Random(seed)
        self.flow = RandomFlow(self.dice)
        self.world = World(random.Random(seed))
        self.folder = folder / "state"
        self.folder.mkdir()
        self.machine = Machine(self.folder, patch, random.Random(seed))
        self.clock = MovableClock()
        self._segment_size = self.dice.choice([300, 3_000, 100_000])
        self._swaps(patch)
        self._loses_power = self.flow.fsync != "none" and self.dice.random() < 0.7

    def _swaps(self, patch: pytest.MonkeyPatch) -> None:
        """Have queues swap from some flowfiles on."""
        patch.setattr(connection, "KEPT", 2)
        for module in (connection, overflow):
            patch.setattr(module, "PIECE", 2)
        for module in (record_reader, snapshot):
            patch.setattr(module, "PIECE", 1)

    def graph(self) -> FlowGraph:
        loaded = load_flow_text(self.flow.text, Path("random.yaml"))
        assert loaded.definition is not None, f"{loaded.problems}\n{self.flow.text}"
        registry = Registry(classes=classes_of(self.world))
        return require(build_graph(loaded.definition, registry, NO_PARAMETERS))

    def repository(self) -> DiskRepository:
        return DiskRepository(self.folder, fsync=self.flow.fsync, segment_size=self._segment_size)  # type: ignore[arg-type]

    def live(self) -> None:
        """Start it again and again, with trouble; then once in peace, and to its end."""
        for _ in range(self.dice.randint(2, 6)):
            self.world.trouble = self.dice.choice([0.0, 0.05, 0.3])
            self._run_until_crash()
            self.check_stored()
        self.world.trouble = 0.0
        graph, repository = self.graph(), self.repository()
        outcome = FlowRunner(graph, repository, clock=self.clock).run(once=True, drain=0)
        repository.close()
        assert outcome.finished, [str(len(c)) + " in " + c.id for c in graph.connections.values() if len(c)]
        self.check_end(graph)

    def _run_until_crash(self) -> None:
        graph, repository = self.graph(), self.repository()
        runner = FlowRunner(graph, repository, clock=self.clock)
        self.machine.start(self.dice.choice([0, self.dice.randint(1, 40), self.dice.randint(1, 1500)]))
        try:
            runner.run(once=self.dice.random() < 0.5, duration=self.dice.choice([3.0, 60.0, 600.0]), drain=0)
            self.check_memory(graph, runner, repository)
            repository.close()
        except Crash:
            pass
        finally:
            self.machine.end()
            repository.forget()
        if self.machine.calls and self._loses_power:
            self.machine.lose_power()

    def stored(self) -> Recovered:
        repository = self.repository()
        try:
            return repository.recover()
        finally:
            repository.forget()

    def check_stored(self) -> None:
        """All shares of each item that was made add up to one, wherever they are."""
        found = self.stored()
        waiting = [read_shares(placement.flowfile.attributes["shares"]) for placement in found.placements]
        total = added([*waiting, read_shares(found.state.get("end", {}).get("ended", ""))])
        made = {
            number * ITEMS + item
            for number, maker in enumerate(self.flow.makers)
            for item in range(self._made(found, maker))
        }
        if self.flow.forgets:
            assert all(share <= 1 for share in total.values())
        else:
            assert total == dict.fromkeys(made, Fraction(1))
        assert self.world.acknowledged <= made
        assert self.world.wrong == []

    def _made(self, found: Recovered, maker: str) -> int:
        return int(found.state.get(maker, {}).get("made", "0"))

    def check_memory(self, graph: FlowGraph, runner: FlowRunner, repository: DiskRepository) -> None:
        """What the engine knows is what the repository knows."""
        swapped = [placement for piece in repository.swap._pieces.values() for placement in repository.swap.look(piece)]
        in_memory = {id(placement) for placement in repository._live.placements.values()}
        stored = [*repository._live.placements.values(), *swapped]
        queues = graph.queues
        counts = Counter(placement.connection for placement in stored)
        sizes = dict.fromkeys(queues, 0)
        origins: Counter[str] = Counter()
        for placement in stored:
            sizes[placement.connection] += placement.flowfile.size
            origins.update(() if queues[placement.connection].is_dead_letter else placement.origins)
        assert {identity: len(queue) for identity, queue in queues.items()} == {i: counts[i] for i in queues}
        assert {identity: queue.data_size for identity, queue in queues.items()} == sizes
        assert runner._engine is not None
        waiting = [placement for queue in queues.values() for placement in queue]
        assert {id(placement) for placement in waiting if placement not in swapped} <= in_memory
        assert len(waiting) == len(stored) or runner._engine.scheduler.busy
        assert +runner._engine.settlement.in_flow == origins

    def check_end(self, graph: FlowGraph) -> None:
        """Everything has gone through; what is not a dead letter is nowhere any more, and neither is its content."""
        self.check_stored()
        found = self.stored()
        assert {p.connection for p in found.placements} <= {queue.id for queue in graph.dead_letters}
        assert {self._made(found, maker) for maker in self.flow.makers_in_one_go} <= {ITEMS}
        repository = self.repository()
        repository.recover()
        repository.sync()
        held = {p.flowfile.content.file for p in found.placements if p.flowfile.content is not None}
        assert set(repository.content._counts._held) == held
        assert {int(file.stem, 16) for file in (self.folder / "content").iterdir()} == held
        repository.forget()


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_or_doubled(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Life(seed, tmp_path, monkeypatch).live()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled_for_five_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end, seed = time.monotonic() + 300, random.randrange(1 << 30)
    while time.monotonic() < end:
        seed += 1
        with monkeypatch.context() as patch:
            folder = tmp_path / str(seed)
            folder.mkdir()
            print(f"seed {seed}")
            Life(seed, folder, patch).live()
