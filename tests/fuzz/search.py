"""The search for faults of one target, in a process of its own, which a fault may end."""

import json
import resource
import signal
import time
from collections.abc import Sequence
from ctypes import Array, c_char
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection
from random import Random

from tests.fuzz.fault import Fault, described
from tests.fuzz.inputs import Inputs
from tests.fuzz.minimising import minimised
from tests.fuzz.target import Input, Target

SLOW = 2.0
"""Seconds of CPU time for one input, above which it is noted."""

HANGING = 40.0
"""Seconds of CPU time for one input, after which the process ends: its alarm is not handled."""

_MEMORY = 3 << 30


@dataclass
class Tally:
    """What a search came to: how many inputs, those that were slow with their seconds, and the faults."""

    inputs: int = 0
    seconds: float = 0.0
    slow: list[tuple[float, Input]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def target_of(name: str) -> Target:
    """The target of that name."""
    target: Target = import_module(f"tests.fuzz.targets.{name}").TARGET
    return target


def search(
    name: str, seed: int, seconds: float, known: Sequence[str], mailbox: "Array[c_char]", answer: "Connection[Tally]"
) -> None:
    """Try inputs for so many seconds, then send the tally.

    Each input is left in the mailbox before it is tried, for whoever finds this process dead. `known` are faults, as
    they describe themselves, that need no further input.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    target, tally = target_of(name), Tally()
    inputs, found = Inputs(target, Random(seed)), set(known)
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        made = inputs.next()
        mailbox.value = json.dumps(made).encode()
        tally.inputs += 1
        begun = time.process_time()
        what = _tried(target, made, inputs)
        took = time.process_time() - begun
        if took > SLOW:
            tally.slow.append((round(took, 1), made))
        if what is not None and what not in found:
            found.add(what)
            tally.faults.append(Fault(name, minimised(made, partial(_fails, target, what)), what))
    tally.seconds = time.monotonic() - start
    answer.send(tally)


def _tried(target: Target, made: Input, inputs: Inputs) -> str | None:
    signal.setitimer(signal.ITIMER_PROF, HANGING)
    try:
        inputs.learn(made, target.check(made))
    except Exception as error:  # noqa: BLE001 whatever is raised is what is looked for
        return described(error)
    return None


def _fails(target: Target, what: str, made: Input) -> bool:
    signal.setitimer(signal.ITIMER_PROF, HANGING)
    try:
        target.check(made)
    except Exception as error:  # noqa: BLE001 as above
        return described(error) == what
    return False
