"""A campaign: the targets in turns, one process at a time, until the time is up."""

import json
import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz import seeds
from tests.fuzz.fault import Fault
from tests.fuzz.search import Tally, search

NAMES = tuple(sorted(path.stem for path in (Path(__file__).parent / "targets").glob("[a-z]*.py")))
"""The targets that there are."""

_TURN = 60.0
_GRACE = 600.0
_MAILBOX = 1 << 20
_SPAWN = multiprocessing.get_context("spawn")


@dataclass
class Campaign:
    """So many minutes of fuzzing; `say` is told of faults and slow inputs, and after each turn how much was tried."""

    names: Sequence[str]
    minutes: float
    seed: int
    say: Callable[[str], None]
    tallies: dict[str, Tally] = field(default_factory=dict)

    def run(self) -> bool:
        """Whether nothing was found."""
        end = time.monotonic() + self.minutes * 60
        turns = 0
        while (left := end - time.monotonic()) > 0:
            name = self.names[turns % len(self.names)]
            waiting = len(self.names) - turns % len(self.names)
            self._add(name, self._turn(name, self.seed + turns, min(_TURN, max(1.0, left / waiting))))
            turns += 1
        return not any(tally.faults for tally in self.tallies.values())

    def _add(self, name: str, turn: Tally) -> None:
        tally = self.tallies.setdefault(name, Tally())
        tally.inputs += turn.inputs
        tally.seconds += turn.seconds
        tally.slow += turn.slow
        tally.faults += turn.faults
        for seconds, slow in turn.slow:
            self.say(f"{name}: {seconds} sec for {json.dumps(slow)[:2000]}")
        for fault in turn.faults:
            self.say(f"{name}: {fault.what}: {json.dumps(fault.input)[:2000]}")
            seeds.keep(fault)
        self.say(f"{name}: {tally.inputs:,} inputs in {tally.seconds:,.0f} sec, {len(tally.faults)} faults so far")

    def _turn(self, name: str, seed: int, seconds: float) -> Tally:
        """One search; if its process dies, the input that it died of is a fault."""
        receiver, sender = _SPAWN.Pipe(duplex=False)
        mailbox = _SPAWN.Array("c", _MAILBOX, lock=False)
        known = [fault.what for fault in seeds.kept() if fault.target == name]
        process = _SPAWN.Process(target=search, args=(name, seed, seconds, known, mailbox, sender), daemon=True)
        process.start()
        sender.close()
        try:
            tally: Tally = receiver.recv() if receiver.poll(seconds + _GRACE) else Tally()
        except EOFError:
            tally = Tally()
        if not tally.inputs:
            process.kill()
        process.join()
        if not tally.inputs:
            tally.faults.append(Fault(name, json.loads(mailbox.value or b"{}"), _death(process.exitcode)))
        return tally


def _death(exit_code: int | None) -> str:
    if exit_code == -signal.SIGPROF:
        return "hangs"
    return "stands still" if exit_code == -signal.SIGKILL else f"ends the process with {exit_code}"
