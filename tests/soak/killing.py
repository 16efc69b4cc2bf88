"""Kills the real command, `kill -9`, at random moments of all its phases, until it has done all there is to do."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.tangled_flow import files, write_flow

from flowrun.repository.stored import read_stored

_PHASES = {"starting": 0.2, "recovering": 0.15, "running": 0.5, "draining": 0.15}
"""How large a share of the kills falls where."""
_CHECK_EVERY = 10
_LONGEST_START = 1.5
_AHEAD, _MOST = 10, 4.0
"""How many kills work may be behind, and how many kills' share of it one run may do."""


@dataclass
class Killing:
    """One flow in `folder`, to be killed `kills` times while it makes `count` flowfiles.

    Moments are chosen by `seed`. `undisturbed_seconds` is how long all of it takes when nobody kills it; how long a run
    may work is adapted to how far it has come, so that there is work left for every kill.
    """

    folder: Path
    count: int
    kills: int
    seed: int
    undisturbed_seconds: float
    killed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_PHASES, 0))
    recovered: int = 0

    def __post_init__(self) -> None:
        self._file = write_flow(self.folder, count=self.count, large_every=max(2, self.count // 40))
        self._dice = random.Random(self.seed)
        self._start_seconds = 1.0
        self._all_seconds = max(0.1, self.undisturbed_seconds - self._start_seconds)
        self._work_seconds = self._all_seconds / max(self.kills, 1)
        self._began = time.monotonic()

    @property
    def state(self) -> Path:
        return self.folder / ".flowrun" / "tangled"

    def run(self) -> None:
        """Kill it again and again, then let it end."""
        print(f"seed {self.seed}: {self.kills} kills of {self.count:,} flowfiles")
        while sum(self.killed.values()) < self.kills:
            self._kill_once()
            number = sum(self.killed.values())
            self._adapt(number)
            if number % _CHECK_EVERY == 0:
                self.check(number)
        self.finish()
        print(f"seed {self.seed}: killed {self.killed}, {self.recovered:,} flowfiles were recovered in all")

    def finish(self) -> None:
        """One run that nobody kills, to the end of all work."""
        process = self._start("--once")
        code = process.wait(timeout=1800)
        assert code == 0, f"seed {self.seed}: exit code {code}\n{self._log()}"

    def check(self, number: int) -> None:
        """Every flowfile that was made is in a queue or at its end."""
        found = read_stored(self.state)
        made = int(found.state.get("make", {}).get("made", "0"))
        queued = {int(placement.flowfile.attributes["number"]) for placement in found.placements}
        arrived = {int(file.name.partition(".")[0]) for file in files(self.folder) if not file.name.startswith(".")}
        lost = set(range(made)) - queued - arrived
        assert not lost, f"seed {self.seed}, kill {number}: {len(lost)} flowfiles are lost, such as {sorted(lost)[:5]}"
        self.recovered += len(found.placements)
        print(
            f"{time.monotonic() - self._began:6.0f} s  kill {number:4} of {self.kills}: {made:,} made, "
            f"{len(arrived):,} arrived, {len(queued):,} to recover, 0 lost",
            flush=True,
        )

    def _adapt(self, number: int) -> None:
        """Let the next runs work as long as it takes to bring work and kills to the same share of all."""
        share = min(0.97, (number + _AHEAD) / self.kills)
        missing = max(0.0, share - sum(1 for _ in files(self.folder)) / self.count)
        self._work_seconds = self._all_seconds * min(missing / _AHEAD, _MOST / self.kills)

    def _kill_once(self) -> None:
        [phase] = self._dice.choices(list(_PHASES), list(_PHASES.values()))
        place = self._dice.random()
        process = self._start()
        try:
            self._live(process, phase, place)
        finally:
            process.kill()
            code = process.wait()
        assert code in (-signal.SIGKILL, 0), f"seed {self.seed}: it ended by itself, {code}\n{self._log()}"
        if code:
            self.killed[phase] += 1

    def _live(self, process: "subprocess.Popen[bytes]", phase: str, place: float) -> None:
        """Let it come to the moment at which it is killed."""
        if phase == "starting":
            self._wait(process, place * self._start_seconds)
        else:
            self._wait_for_first_commit(process)
            working = {"recovering": 0.05, "running": self._work_seconds * 2, "draining": self._work_seconds}[phase]
            self._wait(process, place * working)
        if phase == "draining":
            process.send_signal(signal.SIGTERM)
            self._wait(process, self._dice.random() * 0.3)

    def _wait(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return

    def _wait_for_first_commit(self, process: "subprocess.Popen[bytes]") -> None:
        """Until the journal grows: by then it has recovered; not for long, for there may be nothing left to do."""
        began, before = time.monotonic(), self._journal()
        while process.poll() is None and time.monotonic() - began < max(_LONGEST_START, 2 * self._start_seconds):
            if self._journal() != before:
                self._start_seconds = 0.8 * self._start_seconds + 0.2 * (time.monotonic() - began)
                return
            self._wait(process, 0.005)

    def _journal(self) -> set[tuple[str, int]]:
        found = set()
        for file in (self.state / "journal").glob("*.journal"):
            try:
                found.add((file.name, file.stat().st_size))
            except FileNotFoundError:  # dropped since it was listed
                continue
        return found

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        with open(self.folder / "log", "wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "flowrun", self._file.name, *words],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-2000:]
