"""From the command to the first trigger, and what a flow costs that has nothing to do."""

import os
import signal
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks.apart import COMMAND_LINE, ROOT, cpu_seconds, memory, seconds_to_end, started
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.running import CPU_TIME, Seconds, scratch_folder

STARTS = 7
"""How often each start is measured, in turn with the others; the median counts."""
SETTLING, WATCHED = 3.0, 20.0
"""Seconds after its start before the idle engine is watched, and how long it is."""
_UNTIL_TRIGGER = f"""\
import os
from flowrun import trigger
trigger.Trigger.run = lambda self: os._exit(0)
{COMMAND_LINE}
"""
_IMPORTS = "import networkx, click, yaml, msgspec"
_HELLO = str(ROOT / "flows" / "hello.yaml")
_XERO = str(ROOT / "flows" / "xero_refresh.yaml")
_Start = partial[Seconds]


def measure() -> Iterator[Figure]:
    """Milliseconds of starts; CPU and memory of the idle Xero flow."""
    with scratch_folder() as folder:
        yield from _starts(folder)
    with scratch_folder() as folder:
        yield from _idle(folder)


def _starts(folder: Path) -> Iterator[Figure]:
    environment, words = _xero(folder), ("--state", str(folder))
    bare = partial(seconds_to_end, "")
    imports = partial(seconds_to_end, _IMPORTS)
    hello = partial(seconds_to_end, _UNTIL_TRIGGER, _HELLO, *words)
    xero = partial(seconds_to_end, _UNTIL_TRIGGER, _XERO, "--once", *words, environment=environment)
    check = partial(seconds_to_end, COMMAND_LINE, "check", _XERO)
    python, imported, *taken = _medians(bare, imports, hello, xero, check)
    peers = (Peer("python -c ''", python.wall * 1e3), Peer(_IMPORTS, imported.wall * 1e3))
    limits = {
        "flowrun flows/hello.yaml, to its first trigger": 400,
        "flowrun flows/xero_refresh.yaml, to its first trigger": 550,
        "flowrun check flows/xero_refresh.yaml": 550,
    }
    for (what, limit), seconds in zip(limits.items(), taken, strict=True):
        beside = (Peer(CPU_TIME, seconds.cpu * 1e3), *peers)
        yield Figure(what, seconds.wall * 1e3, "ms", beside, Target(most=limit))


def _idle(folder: Path) -> Iterator[Figure]:
    with (
        _resting(COMMAND_LINE, _XERO, "--state", str(folder), environment=_xero(folder)) as flow,
        _resting(f"{_IMPORTS}, signal; signal.pause()") as imports,
    ):
        _wait_for_journal(folder / "xero-refresh" / "journal")
        time.sleep(SETTLING)
        before = cpu_seconds(flow)
        time.sleep(WATCHED)
        share = (cpu_seconds(flow) - before) / WATCHED * 100
        yield Figure("idle Xero flow: CPU", share, "%", target=Target(most=0.1))
        peers = (Peer(_IMPORTS, memory(imports)),)
        yield Figure("idle Xero flow: memory", memory(flow), "MB", peers, Target(most=80))


def _wait_for_journal(folder: Path) -> None:
    """Wait until the engine has recovered: it opens its journal then."""
    end = time.monotonic() + 60
    while not any(folder.glob("*.journal")):
        if time.monotonic() > end:
            raise RuntimeError("the flow did not start")
        time.sleep(0.05)


def _medians(*starts: _Start) -> list[Seconds]:
    for start in starts:
        start()  # compiles bytecode, and brings files into memory
    rounds = [[start() for start in starts] for _ in range(STARTS)]
    return [
        Seconds(statistics.median(s.wall for s in taken), statistics.median(s.cpu for s in taken))
        for taken in zip(*rounds, strict=True)
    ]


@contextmanager
def _resting(code: str, *words: str, environment: Mapping[str, str] | None = None) -> Iterator[int]:
    """A process that is at work, or at rest, meanwhile; gives its number."""
    with started(code, *words, environment=environment) as process:
        try:
            yield process.pid
            if process.poll() is not None:
                raise RuntimeError(f"the process ended by itself, with {process.returncode}")
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)


def _xero(folder: Path) -> Mapping[str, str]:
    """What the flow has to be told; it fetches nothing before the year 2099."""
    for name in ("credentials", "output"):
        (folder / name).mkdir(exist_ok=True)
    return {
        "XERO_TENANT_ID": "tenant",
        "XERO_CLIENT_ID": "client",
        "XERO_CLIENT_SECRET": "secret",
        "XERO_CREDENTIALS_DIR": str(folder / "credentials"),
        "XERO_OUTPUT_DIR": str(folder / "output"),
        "XERO_SCHEDULE": "0 0 0 1 1 ? 2099",
    }
