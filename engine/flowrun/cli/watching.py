"""`--watch`: edits of the flow file are applied to the run of it, or refused; either way people are told."""

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from flowrun.cli.loading import Given, Loaded, load_edited
from flowrun.cli.log_lines import LOG, on_one_line
from flowrun.cli.plan_text import summary
from flowrun.cli.report import counted
from flowrun.cli.watched_files import WatchedFiles
from flowrun.errors import FlowError, Problem, RepositoryError, Severity
from flowrun.graph import FlowGraph
from flowrun.plan.change import Plan
from flowrun.plan.comparison import plan_of
from flowrun.registry import Registry
from flowrun.reload.reload import Reload
from flowrun.runner import FlowRunner

INTERVAL = 0.5
"""Seconds between two looks at the files. What has changed must stay as it is for so long: it may be half written."""
_PAUSE = 0.05
_LONGEST_SILENCE = 5.0
"""Seconds after which people are told for whom an edit waits."""
_MOST_CHANGES = 20
_AT_THE_START = ("fsync", "history")
"""What the repository is told when it is opened."""


class Watch:
    """Applies edits while the `with` block lasts. `files` were seen before the flow that runs was read."""

    def __init__(
        self, path: Path, options: Given, files: WatchedFiles, runner: FlowRunner, registry: Registry | None
    ) -> None:
        self._path = path
        self._options = options
        self._files = files
        self._runner = runner
        self._registry = registry
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="flowrun-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()

    def _watch(self) -> None:
        before = self._files.seen
        while not self._ending.wait(INTERVAL):
            now = self._files.signature()
            if now == before != self._files.seen:
                self._files.seen = now
                self._apply()
            before = now

    def _apply(self) -> None:
        try:
            loaded = load_edited(self._path, self._options, self._runner.graph, self._registry)
            if loaded.graph is None:
                self._refuse(loaded.problems)
                return
            self._bring_in(loaded, loaded.graph)
        except FlowError as error:
            self._refuse(error.problems)
        except RepositoryError as error:  # the run ends with it, and says so
            LOG.debug("the edit came too late: %s", error)
        except Exception as error:  # noqa: BLE001 whatever an edit brings along, the flow goes on without it
            self._refuse([Problem(f"internal error: {type(error).__name__}: {error}")])

    def _bring_in(self, loaded: Loaded, edited: FlowGraph) -> None:
        before = self._runner.graph.definition
        reload = Reload(self._runner, edited)
        changes = None if reload.is_empty else plan_of(self._runner.graph, edited)
        waited = 0.0

        def pause() -> bool:
            nonlocal waited
            if self._ending.wait(_PAUSE):
                return False
            waited += _PAUSE
            if waited - _PAUSE < _LONGEST_SILENCE <= waited:
                LOG.warning("the edit waits for %s, still at work", " and ".join(reload.waits_for) or "the engine")
            return self._files.signature() == self._files.seen

        if not reload.carry_out(pause):
            return
        was_refused, self._runner.refused = self._runner.refused, ""
        for problem in loaded.problems:
            LOG.warning("%s", on_one_line(str(problem)))
        for key in _AT_THE_START:
            if getattr(before, key) != getattr(edited.definition, key):
                LOG.warning("%s: the edit counts from the next start on", key)
        if changes is not None:
            self._tell(changes)
        elif was_refused:
            LOG.info("the file says what runs again: generation %d of the flow goes on", self._runner.generation)

    def _tell(self, plan: Plan) -> None:
        changed = summary(plan) if not plan.is_empty else "it reads other values"
        LOG.info("generation %d of the flow runs: %s", self._runner.generation, changed)
        for change in plan.changes[:_MOST_CHANGES]:
            LOG.info("  %s: %s", change.subject, on_one_line(change.words))
        if len(plan.changes) > _MOST_CHANGES:
            LOG.info("  … and %d more changes; 'flowrun plan' tells all", len(plan.changes) - _MOST_CHANGES)
        for reached in plan.reached:
            LOG.warning("  newly reachable: %s", on_one_line(reached.words))

    def _refuse(self, problems: Iterable[Problem]) -> None:
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        for problem in problems:
            tell = LOG.error if problem.severity is Severity.ERROR else LOG.warning
            tell("%s", on_one_line(str(problem)))
        goes_on = f"generation {self._runner.generation} of the flow goes on"
        LOG.error("%s; the edit was refused, %s", counted(len(errors), "error"), goes_on)
        self._runner.refused = on_one_line(str(errors[0])) if errors else "it is wrong"
