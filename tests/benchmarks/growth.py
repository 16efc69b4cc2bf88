"""Whether cost per hop grows: with the number of flowfiles that wait at once, and with the number of processors."""

from collections.abc import Iterator
from functools import partial

from tests.benchmarks.figure import Figure
from tests.benchmarks.flows import chain
from tests.benchmarks.running import TIMES, Seconds, best, run, timed

FLOWFILE_COUNTS = (1_000, 10_000, 100_000, 1_000_000)
PROCESSOR_COUNTS = (1, 10, 50, 200)
HOPS = 200_000
"""About how many hops each measurement with a given number of processors has."""


def measure() -> Iterator[Figure]:
    """Microseconds of CPU time per hop, in memory."""
    for count in FLOWFILE_COUNTS:
        seconds = best(partial(_all_at_once, count), times=TIMES if count < 1_000_000 else 1)
        yield Figure(f"{count:,} flowfiles, all in one queue at once", seconds.cpu / count / 5 * 1e6, "µs/hop")
    for marks in PROCESSOR_COUNTS:
        count = HOPS // (marks + 2)
        seconds = best(partial(_through, marks, count))
        plural = "s" if marks > 1 else ""
        what = f"{marks} processor{plural} between source and end"
        yield Figure(what, seconds.cpu / count / (marks + 2) * 1e6, "µs/hop")
    yield Figure("building a flow of 200 processors", best(lambda: timed(partial(chain, 1, marks=198))).cpu * 1e3, "ms")


def _all_at_once(count: int) -> Seconds:
    return run(chain(count, batch=count, unlimited=True))


def _through(marks: int, count: int) -> Seconds:
    return run(chain(count, marks=marks, unlimited=True))
