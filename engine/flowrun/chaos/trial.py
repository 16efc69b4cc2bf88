"""One trial: a world and a flow, killed where it was told, started again until it has come to rest, and looked at."""

import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flowrun.chaos.child import Child, ChildError
from flowrun.chaos.life import LifeReport, Subject, live
from flowrun.chaos.points import Kill
from flowrun.chaos.scratch import Scratch
from flowrun.chaos.workers import load_modules
from flowrun.chaos.world import World, prepare
from flowrun.repository.disk import SEGMENT_SIZE

POLLS = 2
"""How often the sources are polled after the last kill: what was killed in the first poll ends in the next."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What all trials of a flow in one variant of its world have in common.

    `folder` is where scratch folders are made, `longest` the seconds that a run may take, `modules` what is to be
    loaded before; `keeps` says that the scratch folder of a trial that found a problem stays.
    """

    subject: Subject
    sandbox: Path | None
    variant: str
    folder: Path
    segment_size: int = SEGMENT_SIZE
    longest: float = 60.0
    modules: tuple[str, ...] = ()
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill after the other, each in a run of its own, and then runs that are left alone."""

    name: str
    kills: tuple[Kill, ...] = ()


@dataclass(slots=True)
class TrialResult:
    """What came of a trial; `reports` are those of the runs that were not killed.

    `was_killed` is False if a run ended before the step came at which it was to be killed. `files` are the digests of
    all files by name.
    """

    trial: Trial
    was_killed: bool = True
    problems: list[str] = field(default_factory=list)
    reports: list[LifeReport] = field(default_factory=list)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def recovery_seconds(self) -> float:
        """The longest time that a start took to know again what was true."""
        return max((report.recovery_seconds for report in self.reports), default=0.0)


def run_trial(setting: Setting, trial: Trial) -> TrialResult:
    """Run it in this process and children of it, which must have one thread; leaves nothing behind."""
    load_modules(setting.modules)
    scratch = Scratch(setting.folder / trial.name)
    scratch.create()
    result = TrialResult(trial)
    try:
        prepare(setting.sandbox, setting.variant, scratch)
        with World(setting.sandbox, scratch) as world:
            _Lives(setting, scratch, world, result).live()
    except ChildError as error:
        result.problems.append(str(error))
    if not (setting.keeps and result.problems):
        shutil.rmtree(scratch.folder, ignore_errors=True)
    return result


class _Lives:
    """The runs of one trial, one after the other."""

    def __init__(self, setting: Setting, scratch: Scratch, world: World, result: TrialResult) -> None:
        self._setting = setting
        self._scratch = scratch
        self._world = world
        self._result = result

    def live(self) -> None:
        result = self._result
        for kill in result.trial.kills:
            self._one(kill)
            result.problems += self._world.check("check_killed")
        for _ in range(POLLS):
            self._one(None)
        result.files = self._scratch.files()
        result.problems += self._world.check("check")
        result.problems = list(dict.fromkeys(result.problems))

    def _one(self, kill: Kill | None) -> None:
        """One run, which is killed if it is to be."""
        longest = self._setting.longest
        ended = Child(self._function(kill), self._scratch.log).wait(longest + 10.0)
        if ended.signal == signal.SIGKILL and kill is not None:
            return
        self._result.was_killed = self._result.was_killed and kill is None
        if ended.signal or ended.words:
            what = ended.words or f"it was ended by {signal.Signals(ended.signal).name}"
            self._result.problems.append(f"a run failed: {what}")
            return
        report: LifeReport = ended.result
        self._result.reports.append(report)
        self._result.problems += _problems(report)

    def _function(self, kill: Kill | None) -> Callable[[], LifeReport]:
        setting, scratch, parameters = self._setting, self._scratch, self._world.parameters
        size, longest = setting.segment_size, setting.longest
        return lambda: live(setting.subject, scratch, parameters, kill, segment_size=size, longest=longest)


def _problems(report: LifeReport) -> list[str]:
    problems = [*report.problems, *map(str, report.wrong)]
    if report.left is not None and not report.finished:
        problems.append("a run did not come to rest")
    problems += [f"'{name}' was failing at the end of a run" for name in report.failing]
    return problems
