"""One row for each point at which a crash can fall: afterwards nothing is lost, and idempotent work is done once.

The flow moves files from one folder to another. A crash is an exception that nothing catches, after which the
repository lets go of its files without writing anything more, as a killed process does.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry
from flowrun.repository.disk import DiskRepository
from flowrun.repository.disk_content import DiskContentRepository
from flowrun.repository.journal import Journal
from flowrun.runner import FlowRunner
from flowrun.settlement import Settlement

FLOW = """
flow: move
processors:
  get:
    type: GetFile
    properties: {{Input Directory: "{folder}/in", Polling Interval: 0 sec}}
  name: {{type: UpdateAttribute, properties: {{passed: "yes"}}}}
  put:
    type: PutFile
    properties: {{Directory: "{folder}/out", Conflict Resolution Strategy: replace}}
    auto_terminate: [success]
    dead_letter: [failure]
connections: [get --> name, name --> put]
"""
FILES = {f"{number}.txt": f"content {number}" * 50 for number in range(25)}


class Crash(BaseException):
    """What a killed process would not live to see."""


def move_flow(folder: Path) -> FlowGraph:
    loaded = load_flow_text(FLOW.format(folder=folder), folder / "move.yaml")
    assert loaded.definition is not None, loaded.problems
    return require(build_graph(loaded.definition, Registry.installed(), NO_PARAMETERS))


def crash_at(call: int, original: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The function, crashing at that call, before or after doing its work."""
    calls = 0

    def crashing(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            raise Crash
        result = original(*arguments, **options)
        if calls == call:
            raise Crash
        return result

    return crashing


def half_written(self: Journal, payload: bytes) -> None:
    """A write that a power failure tears."""
    from flowrun.repository.frames import frame

    data = frame(payload)
    os.write(self._descriptor, data[: len(data) // 2])
    raise Crash


POINTS: dict[str, tuple[type, str, bool]] = {
    "before content is handed to the system": (DiskContentRepository, "flush", False),
    "after content, before the journal": (Journal, "append", False),
    "after the journal, before queues": (Journal, "append", True),
    "after queues, before sources are removed": (Settlement, "act", False),
    "after sources were removed": (Settlement, "act", True),
    "before a sync": (DiskRepository, "sync", False),
    "after a sync": (DiskRepository, "sync", True),
}


def run(folder: Path) -> None:
    repository = DiskRepository(folder / "state", fsync="commit")
    try:
        FlowRunner(move_flow(folder), repository).run(once=True, drain=0)
    finally:
        repository.forget()


@pytest.mark.parametrize("call", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("point", POINTS)
def test_every_file_arrives_whole_wherever_the_crash_falls(
    point: str, call: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, method, after = POINTS[point]
    fill(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(owner, method, crash_at(call, getattr(owner, method), after=after))
        with pytest.raises(Crash):
            run(tmp_path)
    assert_nothing_lost(tmp_path)

    run(tmp_path)

    assert arrived(tmp_path) == FILES
    assert list((tmp_path / "in").iterdir()) == []


def test_a_torn_record_is_as_if_its_commit_had_never_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "append", half_written)
        with pytest.raises(Crash):
            run(tmp_path)

    run(tmp_path)

    assert arrived(tmp_path) == FILES


def fill(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    for name, content in FILES.items():
        (folder / "in" / name).write_text(content)


def arrived(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "out").iterdir()}


def assert_nothing_lost(folder: Path) -> None:
    """Each file is in the input, in a queue, or in the output."""
    repository = DiskRepository(folder / "state")
    queued = {placement.flowfile.filename for placement in repository.recover().placements}
    repository.forget()
    waiting = {path.name for path in (folder / "in").iterdir()}
    done = {path.name for path in (folder / "out").iterdir() if not path.name.startswith(".")}

    assert queued | waiting | done == set(FILES)
