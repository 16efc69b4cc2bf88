"""One life of a flow: a run in a process of its own, from its start until it has come to rest, or was killed."""

import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowrun.bulletin import Bulletin, BulletinBoard, Level
from flowrun.chaos.boundary import check_boundary
from flowrun.chaos.mortal_repository import MortalRepository
from flowrun.chaos.mortality import Mortality
from flowrun.chaos.points import Kill, Step
from flowrun.chaos.scratch import Scratch
from flowrun.chaos.witness import Witness
from flowrun.errors import FlowError, FlowrunError, Problem
from flowrun.flow.loader import load_flow
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import FlowGraph, build_graph
from flowrun.registry import Registry
from flowrun.repository.disk import SEGMENT_SIZE
from flowrun.runner import FlowRunner

_PORT = re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):\d+")


@dataclass(frozen=True, slots=True)
class Subject:
    """The flow that is to be killed, and what the command line says of it; all paths are absolute."""

    flow: Path
    plugin_folders: tuple[Path, ...] = ()
    parameter_files: tuple[Path, ...] = ()
    parameters: Mapping[str, str] | None = None

    def graph(self, more: Mapping[str, str], *, to_run: bool = True) -> FlowGraph:
        """The flow's graph, with more parameters, which those of the command line overrule. Raises FlowError."""
        loaded = load_flow(self.flow)
        if loaded.definition is None:
            raise FlowError(loaded.problems)
        parameters, problems = resolve_parameters(
            loaded.definition,
            files=self.parameter_files,
            environment=os.environ,
            overrides={**more, **(self.parameters or {})},
            require=to_run,
        )
        registry = Registry.installed(self.plugin_folders)
        built = build_graph(loaded.definition, registry, parameters, to_run=to_run)
        if built.graph is None:
            raise FlowError((*problems, *built.problems))
        return built.graph


@dataclass(frozen=True, slots=True)
class LifeReport:
    """What a run that came to its end tells of it.

    `left` counts the flowfiles that are still there by where and, for dead letters, why; `errors` are what a processor
    said last. `created` and `ended` count the flowfiles of this life and those before it.
    """

    steps: tuple[Step, ...] = ()
    problems: tuple[str, ...] = ()
    left: Mapping[str, int] | None = None
    failing: tuple[str, ...] = ()
    finished: bool = False
    created: int = 0
    ended: int = 0
    recovered: int = 0
    recovery_seconds: float = 0.0
    journal_size: int = 0
    errors: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    """Those that were loaded when it came to rest."""
    wrong: tuple[Problem, ...] = ()
    """What is wrong with the flow or the way it was called, so that it never ran."""


def live(
    subject: Subject,
    scratch: Scratch,
    parameters: Mapping[str, str],
    kill: Kill | None,
    *,
    segment_size: int = SEGMENT_SIZE,
    longest: float = 60.0,
) -> LifeReport:
    """Run the flow once in this process, until nothing is left to do, or until it is killed; not more than `longest`
    seconds."""
    os.chdir(scratch.work)
    try:
        graph = subject.graph(parameters)
        check_boundary(graph, scratch.folder)
        return _run(graph, scratch, Mortality(scratch.folder, kill), segment_size=segment_size, longest=longest)
    except FlowError as error:
        return LifeReport(wrong=error.problems)
    except FlowrunError as error:
        return LifeReport(problems=(f"the start failed: {error}",))


def _run(graph: FlowGraph, scratch: Scratch, mortality: Mortality, *, segment_size: int, longest: float) -> LifeReport:
    witness = Witness(scratch.witness)
    repository = MortalRepository(scratch, graph.definition, mortality, witness, segment_size=segment_size)
    errors: list[str] = []

    def listen(bulletin: Bulletin) -> None:
        if bulletin.level >= Level.ERROR:
            errors.append(f"{bulletin.processor}: {bulletin.message}")

    runner = FlowRunner(graph, repository, bulletins=BulletinBoard(listener=listen))
    mortality.watch()
    outcome = runner.run(once=True, duration=longest, drain=0)
    repository.close()
    return LifeReport(
        tuple(mortality.steps),
        tuple(dict.fromkeys(witness.problems)),
        _left(graph, scratch),
        outcome.failing,
        outcome.finished,
        witness.created,
        witness.ended,
        repository.recovered,
        repository.recovery_seconds,
        sum(file.stat().st_size for file in (scratch.state / "journal").glob("*.journal")),
        tuple(errors[-3:]),
        tuple(sys.modules),
    )


def _left(graph: FlowGraph, scratch: Scratch) -> Mapping[str, int]:
    left = {identity: len(queue) for identity, queue in graph.connections.items() if len(queue)}
    causes = Counter(
        f"dead letter of '{queue.source}': {graph.masking.message(placement.cause, placement.flowfile)}"
        for queue in graph.dead_letters
        for placement in queue
    )
    return {_same_each_time(text, scratch): count for text, count in {**left, **causes}.items()}


def _same_each_time(text: str, scratch: Scratch) -> str:
    """The text without what differs from trial to trial: the scratch folder, and the port of its world."""
    return _PORT.sub(r"\1", text.replace(f"{scratch.folder}/", ""))
