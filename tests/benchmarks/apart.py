"""Work in a process of its own: what it holds in memory is then its own, and it starts from nothing."""

import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from tests.benchmarks.running import Seconds

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

ROOT = Path(__file__).parents[2]
COMMAND_LINE = "from flowrun.cli import main; main()"
_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: how long it took from its start on, and the most memory that it held at once."""

    seconds: float
    peak_megabytes: float


def apart(work: Callable[Arguments, Result], *args: Arguments.args, **options: Arguments.kwargs) -> Result:
    """Call a function of a module in a fresh process, and give what it gives."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *args, **options).result()


def ended(code: str, *words: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT) -> Ended:
    """Run Python code with these words as its arguments. Raises CalledProcessError if it does not end with 0.

    The code is run as it stands: its peak of memory is looked at from outside until it ends.
    """
    start = time.perf_counter()
    with started(code, *words, environment=environment, folder=folder) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, memory(process.pid, "VmHWM"))
            time.sleep(0.02)
        seconds = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return Ended(seconds, peak)


def seconds_to_end(
    code: str, *words: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> Seconds:
    """How long Python code takes from the start of its process to its end, whatever it ends with."""
    start, cpu = time.perf_counter(), _cpu_of_children()
    with started(code, *words, environment=environment, folder=folder) as process:
        process.wait()
    return Seconds(time.perf_counter() - start, _cpu_of_children() - cpu)


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def started(
    code: str, *words: str, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> "subprocess.Popen[bytes]":
    """A process that runs Python code; it prints nothing."""
    arguments: Sequence[str] = (sys.executable, "-c", code, *words)
    everything = {**os.environ, **(environment or {})}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(arguments, cwd=folder, env=everything, stdin=quiet, stdout=quiet, stderr=quiet)


def memory(process: int | str = "self", kind: str = "VmRSS") -> float:
    """Megabytes that a process holds (`VmRSS`), or held at most (`VmHWM`); 0 if it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    kibibytes = next((int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")), 0)
    return kibibytes * 1024 / _MEBIBYTE


def cpu_seconds(process: int) -> float:
    """CPU time that a process has used so far, all threads that still live."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9
