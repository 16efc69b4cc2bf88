"""One run of one flow, from its file to its exit code."""

import logging
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from flowrun.bulletin import Bulletin, BulletinBoard, Level
from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.loading import Given, load
from flowrun.cli.report import report_problems
from flowrun.cli.summary import print_summary
from flowrun.graph import FlowGraph
from flowrun.property import ConfiguredExpression
from flowrun.property_types import path as path_type
from flowrun.runner import FlowRunner, Outcome
from flowrun.settlement import Observer
from flowrun.state_directory import open_repository, state_directory

_LOG = logging.getLogger("flowrun")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says about a run; times in seconds."""

    once: bool = False
    seconds: float | None = None
    drain: float = 10.0
    sandbox: bool = False
    state: str | None = None
    trace: bool = False
    as_json: bool = False
    log_level: Level = Level.INFO


class FlowRun:
    """Runs a flow file as the command line asks for it."""

    def __init__(self, path: Path, options: Given, run_options: RunOptions) -> None:
        self._path = path
        self._given = options
        self._options = run_options
        self._interrupts = 0
        self._live = sys.stdout.isatty() and not run_options.as_json and not run_options.trace

    def run(self) -> ExitCode:
        """Do it. Raises the errors of loading, of the repository and of the runner."""
        with ExitStack() as stack:
            if self._options.sandbox:
                self._start_sandbox(stack)
            loaded = load(self._path, self._given, to_run=True)
            if report_problems(loaded.problems, "the flow was not started."):
                return ExitCode.WRONG
            graph = loaded.require()
            repository = open_repository(graph.definition, self._options.state)
            stack.callback(repository.close)
            board = BulletinBoard(listener=_log_bulletin)
            runner = FlowRunner(graph, repository, bulletins=board, observer=self._observer(graph))
            self._show(runner, stack)
            self._handle_signals(runner)
            outcome = runner.run(once=self._options.once, duration=self._options.seconds, drain=self._options.drain)
        print_summary(graph, outcome, as_json=self._options.as_json)
        return self._code(outcome)

    def _start_sandbox(self, stack: ExitStack) -> None:
        from flowrun.sandbox import Sandbox, sandbox_file

        folder = self._path.absolute().parent / ".flowrun" / "sandbox" / self._path.stem
        sandbox = stack.enter_context(Sandbox(sandbox_file(self._path), folder))
        self._given = replace(self._given, parameters={**sandbox.parameters, **self._given.parameters})

    def _show(self, runner: FlowRunner, stack: ExitStack) -> None:
        if self._live:
            from flowrun.cli.live_view import LiveView

            stack.enter_context(LiveView(runner, self._options.log_level))
            return
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
        _LOG.handlers[:] = [handler]
        _LOG.setLevel(self._options.log_level.value)
        _LOG.propagate = False
        self._introduce(runner.graph)

    def _introduce(self, graph: FlowGraph) -> None:
        folder = state_directory(graph.definition, self._options.state)
        _LOG.info(
            "flow '%s': %d processors, %d connections; queues are kept in %s",
            graph.definition.name,
            len(graph.nodes),
            len(graph.connections),
            folder or "memory",
        )
        for name, node in graph.nodes.items():
            for declaration in node.processor.declarations.properties:
                value = node.processor.configuration[declaration.attribute]
                if isinstance(value, ConfiguredExpression) and value.expression.is_constant:
                    value = value.evaluate()
                if declaration.type is path_type and isinstance(value, Path):
                    _LOG.info("%s: %s is %s", name, declaration.name, graph.masking.message(str(value.absolute())))

    def _observer(self, graph: FlowGraph) -> Observer | None:
        if not self._options.trace:
            return None
        from flowrun.cli.trace import Trace

        return Trace(graph).settled

    def _handle_signals(self, runner: FlowRunner) -> None:
        def handle(_number: int, _frame: object) -> None:
            self._interrupts += 1
            if self._interrupts > 1:
                os.write(2, b"\nstopped at once; queues are on disk, nothing is lost\n")
                os._exit(ExitCode.INTERRUPTED)
            runner.stop()

        signal.signal(signal.SIGINT, handle)
        signal.signal(signal.SIGTERM, handle)

    def _code(self, outcome: Outcome) -> ExitCode:
        if self._options.once and not outcome.finished:
            return ExitCode.OK if self._interrupts else ExitCode.UNFINISHED
        if outcome.dead_letters or outcome.failing:
            return ExitCode.DEAD_LETTERS
        return ExitCode.OK


def _log_bulletin(bulletin: Bulletin) -> None:
    _LOG.log(bulletin.level.value, "%s", bulletin)
