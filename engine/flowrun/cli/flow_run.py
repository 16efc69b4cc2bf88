"""One run of one flow, from its file to its exit code."""

import os
import signal
import sys
import time
from contextlib import ExitStack, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flowrun.cli.answering import answering
from flowrun.cli.connection_naming import find_connection
from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.introduction import introduce
from flowrun.cli.loading import Given, Loaded, load
from flowrun.cli.log_lines import log_to_stderr
from flowrun.cli.metrics_target import metrics_of
from flowrun.cli.observers import Observers
from flowrun.cli.report import output_may_be_closed, report_problems
from flowrun.cli.run_options import RunOptions
from flowrun.cli.summary import Summary
from flowrun.cli.terminal import can_be_drawn_on
from flowrun.cli.watched_files import WatchedFiles
from flowrun.flow.definition import FlowDefinition
from flowrun.graph import FlowGraph
from flowrun.orphans import OrphanRule
from flowrun.repository import Repository
from flowrun.runner import FlowRunner, Outcome
from flowrun.state_directory import open_repository, state_directory
from flowrun.units import format_duration

if TYPE_CHECKING:
    from flowrun.cli.live_view import LiveView
    from flowrun.sandbox import Sandbox


class FlowRun:
    """Runs a flow file as the command line asks for it."""

    def __init__(self, path: Path, options: Given, run_options: RunOptions) -> None:
        self._path = path
        self._given = options
        self._options = run_options
        self._interrupts = 0
        self._sandbox: Sandbox | None = None
        is_plain = run_options.as_json or run_options.trace or run_options.log_format == "json"
        self._is_live = can_be_drawn_on() and not is_plain
        self._view: LiveView | None = None
        self._flow = path.stem

    def run(self) -> ExitCode:
        """Do it. Raises the errors of loading, of the repository and of the runner."""
        with ExitStack() as stack:
            repository = self._start_sandbox(stack) if self._options.sandbox else None
            files = WatchedFiles(self._path, self._given)
            loaded = load(self._path, self._given, to_run=True)
            if report_problems(loaded.problems, "the flow was not started."):
                return ExitCode.WRONG
            graph = loaded.require()
            self._flow = graph.definition.name
            repository = repository or self._open(graph.definition, stack)
            observers = Observers(graph, self._options)
            runner = observers.runner(repository, self._orphan_rule(graph))
            folder = state_directory(graph.definition, self._options.state)
            self._handle_signals(runner)
            self._show(runner, stack)
            if self._options.metrics is not None:
                stack.enter_context(metrics_of(runner, self._options.metrics, since=time.time()))
            introduce(graph, folder, self._sandbox)
            stack.enter_context(observers)
            stack.enter_context(answering(runner, repository, folder))
            self._watch(runner, files, loaded, stack)
            outcome = runner.run(once=self._options.once, duration=self._options.seconds, drain=self._options.drain)
        code = self._code(outcome)
        with output_may_be_closed():
            Summary(runner.graph, outcome, code, folder, runner.notes).print(as_json=self._options.as_json)
        return code

    def _orphan_rule(self, graph: FlowGraph) -> OrphanRule:
        """With the connection that is meant. Raises click.UsageError if the flow has none such."""
        rule = self._options.orphans
        return replace(rule, target=find_connection(rule.target, list(graph.connections))) if rule.target else rule

    def _open(self, definition: FlowDefinition, stack: ExitStack) -> Repository:
        repository = open_repository(definition, self._options.state)
        stack.callback(repository.close)
        return repository

    def _start_sandbox(self, stack: ExitStack) -> Repository:
        """Take the state directory, then start the stand-in: it can serve one run only. Raises FlowError."""
        from flowrun.sandbox import Sandbox, sandbox_file

        checked = load(self._path, self._given, to_run=False).require()
        repository = self._open(checked.definition, stack)
        folder = self._path.absolute().parent / ".flowrun" / "sandbox" / self._path.stem
        self._sandbox = stack.enter_context(Sandbox(sandbox_file(self._path), folder))
        self._given = replace(self._given, parameters={**self._sandbox.parameters, **self._given.parameters})
        return repository

    def _show(self, runner: FlowRunner, stack: ExitStack) -> None:
        if self._is_live:
            from flowrun.cli.live_view import LiveView

            self._view = stack.enter_context(LiveView(runner, self._options.log_level))
            return
        if self._options.log_format == "json":
            from flowrun.cli.json_log import JsonFormatter, LoggedOutput

            log_to_stderr(self._options.log_level, JsonFormatter(self._flow))
            stack.enter_context(redirect_stdout(LoggedOutput()))
            return
        log_to_stderr(self._options.log_level)
        stack.enter_context(redirect_stdout(sys.stderr))  # what a plug-in prints is no part of the summary

    def _watch(self, runner: FlowRunner, files: WatchedFiles, loaded: Loaded, stack: ExitStack) -> None:
        """Follow edits of the file, if that was asked for."""
        if self._options.watch:
            from flowrun.cli.watching import Watch

            stack.enter_context(Watch(self._path, self._given, files, runner, loaded.registry))

    def _handle_signals(self, runner: FlowRunner) -> None:
        def handle(_number: int, _frame: object) -> None:
            self._interrupts += 1
            if self._interrupts > 1:
                self._leave_at_once()
            runner.stop()
            if self._view is not None:
                self._view.is_stopping = True
            else:
                self._write_at_once(f"stopping{self._drain_limit()}; a second Ctrl-C stops at once")

        signal.signal(signal.SIGINT, handle)
        signal.signal(signal.SIGTERM, handle)

    def _drain_limit(self) -> str:
        limit = format_duration(self._options.drain)
        return "" if self._options.once else f": what can move still moves, for {limit} at most"

    def _leave_at_once(self) -> None:
        if self._view is not None:
            self._view.leave_at_once()
        kept = "; what was queued in memory is gone" if self._options.state == "memory" else ", nothing is lost"
        self._write_at_once(f"stopped at once{kept}")
        os._exit(ExitCode.INTERRUPTED)

    def _write_at_once(self, line: str) -> None:
        """Write a line from a signal handler, which must not wait for whoever is writing a log line."""
        if self._options.log_format == "json":
            from flowrun.cli.json_log import json_line

            line = json_line(line, self._flow)
        os.write(2, f"{line}\n".encode())

    def _code(self, outcome: Outcome) -> ExitCode:
        if self._options.once and not outcome.finished and not self._interrupts:
            return ExitCode.UNFINISHED
        if outcome.dead_letters or outcome.failing:
            return ExitCode.DEAD_LETTERS
        return ExitCode.OK
