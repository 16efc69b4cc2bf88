"""Large files: how fast ReplaceText rewrites one, and how little memory a whole flow needs for it."""

import re
from collections.abc import Iterator
from pathlib import Path

import regex

from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner
from flowrun_processors.get_file import GetFile
from flowrun_processors.replace_text import ReplaceText
from tests.benchmarks.apart import COMMAND_LINE, apart, ended, memory
from tests.benchmarks.figure import Figure, Peer, Target
from tests.benchmarks.flows import graph_of
from tests.benchmarks.running import scratch_folder, timed

MEGABYTE = 1 << 20
_LINE = "2026-11-24T10:{:02d}:{:02d}Z INFO request user=ada{:03d} path=/reports/{:05d} status=200 bytes=482 {:03d}ms\n"
_SEARCH, _REPLACEMENT = r"user=(\w+)", "user=<$1>"
_FLOW = """\
flow: large-files
processors:
  get:
    type: GetFile
    properties: {{Input Directory: {folder}/in, Keep Source File: true}}
    schedule: {{every: 1 day}}
  replace:
    type: ReplaceText
    properties: {{Search Value: '{search}', Replacement Value: '{replacement}', Evaluation Mode: Line-by-Line,
                 Maximum Buffer Size: 10 MB}}
    dead_letter: [failure]
    {end}
{put}
connections:
  - get -- success --> replace
  {connection}
"""
_PUT = """\
  put:
    type: PutFile
    properties: {{Directory: {folder}/out}}
    auto_terminate: [success]
    dead_letter: [failure]
"""


def measure() -> Iterator[Figure]:
    """Megabytes a second and peaks of memory."""
    with scratch_folder() as folder:
        (folder / "in").mkdir()
        _write_log(folder / "in" / "access.log", 1024)
        peers = (Peer("a `regex` loop over lines", 1024 / apart(_loop, folder)),)
        seconds, peak = apart(_replace, folder)
        yield Figure("ReplaceText, 1 GB line by line", 1024 / seconds, "MB/s", peers, Target(least=60))
        yield Figure("ReplaceText, 1 GB: peak memory of the process", peak, "MB", target=Target(most=150))
    with scratch_folder() as folder:
        (folder / "in").mkdir()
        _write_log(folder / "in" / "access.log", 2048)
        (folder / "flow.yaml").write_text(_flow(folder, saves=True), "utf-8")
        end = ended(COMMAND_LINE, str(folder / "flow.yaml"), "--once")
        what = "GetFile → ReplaceText → PutFile, 2 GB"
        yield Figure(f"{what}: peak memory of the process", end.peak_megabytes, "MB", target=Target(most=150))
        yield Figure(f"{what}: from start to exit", 2048 / end.seconds, "MB/s")


def _flow(folder: Path, *, saves: bool) -> str:
    return _FLOW.format(
        folder=folder,
        search=_SEARCH,
        replacement=_REPLACEMENT,
        end="" if saves else "auto_terminate: [success]",
        put=_PUT.format(folder=folder) if saves else "",
        connection="- replace -- success --> put" if saves else "",
    )


def _replace(folder: Path) -> tuple[float, float]:
    """Seconds in ReplaceText's trigger, and the process's peak of memory in megabytes."""
    graph = graph_of(_flow(folder, saves=False), GetFile, ReplaceText)
    repository = DiskRepository(folder / "state")
    outcome = FlowRunner(graph, repository).run(once=True)
    repository.close()
    statistics = graph.nodes["replace"].statistics
    if not outcome.finished or statistics.routed["success"] != 1:
        raise RuntimeError(f"ReplaceText did not do its work: {outcome}, {statistics}")
    return statistics.seconds, memory(kind="VmHWM")


def _loop(folder: Path) -> float:
    """Seconds of the loop that anybody would write."""
    pattern, template = regex.compile(_SEARCH), re.sub(r"\$(\d)", r"\\\1", _REPLACEMENT)

    def rewrite() -> None:
        with (
            open(folder / "in" / "access.log", encoding="utf-8", newline="") as source,
            open(folder / "loop.log", "w", encoding="utf-8", newline="") as target,
        ):
            for line in source:
                target.write(pattern.sub(template, line))

    return timed(rewrite).wall


def _write_log(path: Path, megabytes: int) -> None:
    lines = [_LINE.format(n // 60 % 60, n % 60, n % 1000, n % 100_000, n % 997) for n in range(10_000)]
    block = "".join(lines).encode()
    with path.open("wb") as file:
        for _ in range(megabytes * MEGABYTE // len(block)):
            file.write(block)
        file.write(block[: megabytes * MEGABYTE % len(block)])
