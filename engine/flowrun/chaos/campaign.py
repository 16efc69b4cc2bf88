"""Kills one flow at every point, in every variant of its world, in as many processes at a time as it is allowed."""

import multiprocessing
import random
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flowrun.chaos.child import ChildError
from flowrun.chaos.findings import Findings, Outcome, Row, VariantFindings, Verdict
from flowrun.chaos.life import Subject
from flowrun.chaos.points import Kill, Moment, Step
from flowrun.chaos.trial import Setting, Trial, TrialResult, run_trial
from flowrun.chaos.undisturbed import Undisturbed
from flowrun.chaos.workers import prepare_worker
from flowrun.chaos.world import variants_of
from flowrun.errors import FlowError
from flowrun.sandbox import sandbox_file
from flowrun.sandbox.module import Window

Progress = Callable[[str, int, int], None]
"""Told the variant's name, how many kills were tried, and how many there will be."""

_SEGMENTS = 3
"""Segments are made so short that the journal is begun anew about so often in one run."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to go about it: `points` kills at most in each variant, chosen by `seed`; a start must not take longer than
    `recovery_limit` seconds; `jobs` trials at a time; scratch folders in which a flow failed are kept in `keep`."""

    seed: int = 0
    points: int | None = None
    jobs: int = 2
    recovery_limit: float = 5.0
    keep: Path | None = None


class Campaign:
    """Finds the points, and kills the flow at each."""

    def __init__(self, subject: Subject, options: Options, progress: Progress) -> None:
        self._subject = subject
        self._options = options
        self._progress = progress
        file = sandbox_file(subject.flow)
        self._sandbox = file if file.is_file() else None

    def run(self) -> Findings:
        """Do it. Raises FlowError if the flow can't be run, or does not come to rest when nobody kills it."""
        started = time.monotonic()
        name = self._subject.graph({}, to_run=False).definition.name
        with _folder(self._options.keep) as folder, self._workers() as workers:
            try:
                variants = workers.submit(variants_of, self._sandbox, folder / "log").result()
            except ChildError as error:
                raise FlowError(f"the sandbox {self._sandbox} can't be used: {error}") from error
            found = []
            for number, (variant, window) in enumerate(variants.items()):
                place = folder / f"{number}-{variant.replace(' ', '-')}"
                place.mkdir(mode=0o700)
                setting = Setting(self._subject, self._sandbox, variant, place, keeps=self._options.keep is not None)
                found.append(_VariantCampaign(setting, window, self._options, workers, self._progress).run())
        return Findings(name, self._options.seed, found, time.monotonic() - started)

    @contextmanager
    def _workers(self) -> Iterator[ProcessPoolExecutor]:
        # Spawned, so that each has one thread whatever this process has: it makes copies of itself.
        context = multiprocessing.get_context("spawn")
        workers = ProcessPoolExecutor(self._options.jobs, context, prepare_worker, (self._subject, self._sandbox))
        try:
            # Blocked while they begin, for they inherit that: a Ctrl-C is for the process that gives work.
            signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
            for _ in range(self._options.jobs):
                workers.submit(int)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT,))
            yield workers
        finally:
            workers.shutdown(wait=True, cancel_futures=True)


class _VariantCampaign:
    """The kills in one variant of the world."""

    def __init__(
        self, setting: Setting, window: Window | None, options: Options, workers: ProcessPoolExecutor, tell: Progress
    ) -> None:
        self._setting = setting
        self._window = window
        self._options = options
        self._workers = workers
        self._tell = tell

    def run(self) -> VariantFindings:
        self._tell(self._setting.variant, 0, 0)
        undisturbed = self._run_undisturbed()
        steps = undisturbed.other.reports[0].steps
        trials = self._trials(steps)
        findings = self._findings(undisturbed, len(trials))
        chosen = _sample(trials, self._options)
        rows: dict[tuple[bool, Step], Row] = {}
        for trial in chosen:
            step, again = trial.kills[-1].step, len(trial.kills) > 1
            rows.setdefault((again, step), Row(step, again))
        for result in self._results(chosen):
            kill, again = result.trial.kills[-1], len(result.trial.kills) > 1
            rows[again, kill.step].outcomes[kill.moment] = self._outcome(result, undisturbed, steps)
            findings.recovery_seconds = max(findings.recovery_seconds, result.recovery_seconds)
        findings.rows = list(rows.values())
        return findings

    def _run_undisturbed(self) -> Undisturbed:
        one = self._undisturbed("undisturbed")
        size = max(64, one.reports[0].journal_size // _SEGMENTS)
        self._setting = replace(self._setting, segment_size=size, modules=one.reports[0].modules)
        return Undisturbed(one, self._undisturbed("counted"))

    def _undisturbed(self, name: str) -> TrialResult:
        result = self._workers.submit(run_trial, self._setting, Trial(name)).result()
        wrong = dict.fromkeys(problem for report in result.reports for problem in report.wrong)
        if wrong:
            raise FlowError(wrong)
        if result.problems:
            errors = [error for report in result.reports for error in report.errors]
            told = "; ".join([*result.problems, *errors])
            raise FlowError(f"the flow does not end well even if nobody kills it: {told}")
        return result

    def _trials(self, steps: tuple[Step, ...]) -> list[Trial]:
        """One for each kill, and for each kill in the start after a kill in the middle of a record in the middle."""
        trials = [Trial(f"{n}-{kill.moment}", (kill,)) for n, kill in enumerate(_kills(steps))]
        torn = [Kill(step, Moment.INSIDE) for step in steps if step.is_record]
        harmless = [kill for kill in torn if not _is_within(self._window, kill, steps)]
        if not harmless:
            return trials
        first = harmless[len(harmless) // 2]
        found = self._workers.submit(run_trial, self._setting, Trial("recovery", (first,))).result()
        again = found.reports[0].steps if found.reports else ()
        until = next((n for n, step in enumerate(again) if step.is_record), -1) + 1
        return trials + [
            Trial(f"again-{n}-{kill.moment}", (first, kill)) for n, kill in enumerate(_kills(again[:until]))
        ]

    def _findings(self, undisturbed: Undisturbed, points: int) -> VariantFindings:
        last = undisturbed.other.reports[-1]
        name, files = self._setting.variant, undisturbed.named
        return VariantFindings(name, self._window, points, [], last.created, last.ended, files, undisturbed.same)

    def _results(self, trials: list[Trial]) -> Iterator[TrialResult]:
        futures = {self._workers.submit(run_trial, self._setting, trial) for trial in trials}
        done = 0
        self._tell(self._setting.variant, done, len(trials))
        while futures:
            ended, futures = wait(futures, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
                done += 1
            self._tell(self._setting.variant, done, len(trials))

    def _outcome(self, result: TrialResult, undisturbed: Undisturbed, steps: tuple[Step, ...]) -> Outcome:
        problems = [*result.problems, *undisturbed.differences(result)]
        if result.recovery_seconds > self._options.recovery_limit:
            problems.append(f"a start took {result.recovery_seconds:.1f} seconds to recover")
        if not problems:
            return Outcome(Verdict.SURVIVED if result.was_killed else Verdict.NOT_REACHED)
        is_known = _is_within(self._window, result.trial.kills[-1], steps)
        return Outcome(Verdict.IN_WINDOW if is_known else Verdict.FAILED, tuple(problems))


def _kills(steps: tuple[Step, ...]) -> list[Kill]:
    return [Kill(step, moment) for step in steps for moment in step.moments]


def _sample(trials: list[Trial], options: Options) -> list[Trial]:
    if options.points is None or options.points >= len(trials):
        return trials
    chosen = set(random.Random(options.seed).sample(range(len(trials)), options.points))
    return [trial for number, trial in enumerate(trials) if number in chosen]


def _is_within(window: Window | None, kill: Kill, steps: tuple[Step, ...]) -> bool:
    """Whether the kill falls into a commit of the window's processor, and that commit was not true yet."""
    if window is None:
        return False
    names = (window.processor, f"controller service {window.processor}")
    commit = kill.step.place.commits
    record = next((step for step in steps if step.is_record and step.place.commits == commit), None)
    if record is None or record.by not in names or kill.step not in steps:
        return False
    before, at = steps.index(kill.step), steps.index(record)
    return before < at or (before == at and kill.moment is not Moment.AFTER)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where scratch folders are: one that is removed, unless it is to be kept."""
    if keep is not None:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield Path(tempfile.mkdtemp(prefix="chaos-", dir=keep))
        return
    with tempfile.TemporaryDirectory(prefix="flowrun-chaos-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
