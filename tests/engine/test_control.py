"""A running flow answers on its socket, whoever asks, and works on undisturbed."""

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.engine.kit import Collect, flow

from flowrun import FlowFile, Processor, ProcessSession
from flowrun.control import answering, running
from flowrun.control.answering import Answering
from flowrun.control.client import ControlClient
from flowrun.control.requests import (
    LONGEST_REQUEST,
    ContentsRequest,
    DropRequest,
    FlowFilesRequest,
    FlowReport,
    ReplayRequest,
    StatusRequest,
)
from flowrun.control.running import RunningFlow
from flowrun.control.server import MOST_VISITS, ControlServer
from flowrun.control.viewing import Viewing
from flowrun.errors import ControlError, NoAnswerError
from flowrun.graph import FlowGraph
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner, Outcome

FLOW = """
    processors:
      make: {type: Make, properties: {Count: 20}}
      pass: {type: Pass}
      collect: {type: Collect, enabled: false}
    connections: [make --> pass, pass --> collect]
"""
QUEUE = "pass -- success --> collect"


class Gate(Processor):
    """Holds the engine thread until it is opened."""

    blocking = False
    opened = threading.Event()
    reached = threading.Event()

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.reached.set()
        self.opened.wait(20)
        session.remove(flowfile)


class Run:
    """A flow that runs on a thread, with its control socket, in a folder."""

    def __init__(self, graph: FlowGraph, folder: Path) -> None:
        self.graph = graph
        self.folder = folder
        self.outcome: Outcome | None = None
        self._repository = DiskRepository(folder)
        self._runner = FlowRunner(graph, self._repository)
        subject = RunningFlow(self._runner, self._repository.content)
        self.server = ControlServer(folder, subject, Answering(subject, Viewing(graph.masking, frozenset()), folder))
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Run":
        self.server.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        if self._thread.is_alive() or self.outcome is None:
            self._runner.stop()
            self._thread.join()
            self.server.close()
            self._repository.close()

    def client(self) -> ControlClient:
        client = ControlClient.connect(self.folder)
        assert client is not None
        return client

    def status(self) -> FlowReport:
        with self.client() as client:
            return next(answer.value for answer in client.ask(StatusRequest()))

    def queued(self, queue: str = QUEUE) -> int:
        return next(c.queued for c in self.status().status.connections if c.id == queue)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline
            threading.Event().wait(0.005)

    def _run(self) -> None:
        self.outcome = self._runner.run(drain=0.0)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with Run(flow(FLOW), tmp_path / "state") as started:
        started.wait_for(lambda: started.queued() == 20)
        yield started


def raw(run: Run) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(run.folder / "control"))
    connection.settimeout(10)
    return connection


def first_line(connection: socket.socket) -> dict[str, Any]:
    with connection.makefile("rb") as stream:
        answer: dict[str, Any] = json.loads(stream.readline())
    return answer


def open_files() -> int:
    folder = Path("/dev/fd")
    return len(list(folder.iterdir()))


def test_a_status_says_what_runs_and_why_what_does_not_move_does_not(run: Run) -> None:
    report = run.status()

    states = {processor.name: processor.state for processor in report.status.processors}
    assert report.pid == os.getpid()
    assert not report.is_busy
    assert states["collect"] == "disabled"
    assert states["pass"] == "nothing to do"
    assert set(report.oldest) == {QUEUE}


def test_many_requests_can_be_asked_one_after_the_other(run: Run) -> None:
    with run.client() as client:
        for _ in range(3):
            flowfiles = [a.value for a in client.ask(FlowFilesRequest(connections=(QUEUE,), limit=7))]
            assert [flowfile.attributes["number"] for flowfile in flowfiles] == [str(n) for n in range(7)]


def test_the_socket_is_for_the_owner_only_and_gone_at_the_end(run: Run) -> None:
    file = run.folder / "control"
    mode = file.stat().st_mode
    run.stop()

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    assert not file.exists()


def test_what_a_killed_process_left_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(folder / "control"))

    with Run(flow(FLOW), folder) as run:
        assert run.status().flow == "test"


def test_nobody_answers_where_nothing_runs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(tmp_path / "control"))

    assert ControlClient.connect(tmp_path) is None
    assert ControlClient.connect(tmp_path / "nowhere") is None


@pytest.mark.parametrize("is_relative", [True, False])
def test_a_state_directory_with_a_path_too_long_for_sockets_is_reached(tmp_path: Path, is_relative: bool) -> None:
    folder = tmp_path / ("long" * 30) / "state"
    with chdir(tmp_path), Run(flow(FLOW), folder):
        (tmp_path / "elsewhere").mkdir()
        with chdir(folder.parent if is_relative else "elsewhere"):
            client = ControlClient.connect(Path("state") if is_relative else folder)
            assert client is not None
            with client:
                assert [answer.value.flow for answer in client.ask(StatusRequest())] == ["test"]


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"hello",
        b"\xff\xfe\0",
        b"[]",
        b'{"ask": 7}',
        b'{"ask": "drop"}',
        b'{"ask": "flowfiles", "connections": "all"}',
        b'{"ask": "status", "more": ' + b"[" * 100_000,
        b"[" * 100_000,
    ],
    ids=range(9),
)
def test_garbage_is_answered_with_what_was_expected_and_the_next_request_as_ever(run: Run, garbage: bytes) -> None:
    with raw(run) as connection:
        connection.sendall(garbage + b"\n")
        assert "expected a request" in first_line(connection)["error"]
        connection.sendall(b'{"ask": "status"}\n')
        assert first_line(connection)["value"]["flow"] == "test"


def test_a_line_without_end_is_cut_off(run: Run) -> None:
    with raw(run) as connection, pytest.raises(OSError, match=r"Broken pipe|reset"):
        connection.sendall(b"x" * LONGEST_REQUEST * 10)

    assert run.status().flow == "test"


def test_a_request_that_comes_in_pieces_is_one_request(run: Run) -> None:
    with raw(run) as connection:
        for byte in b'{"ask":"status"}':
            connection.sendall(bytes([byte]))
        connection.sendall(b"\n")

        assert first_line(connection)["value"]["flow"] == "test"


def test_a_thousand_idle_connections_keep_nobody_from_anything(run: Run) -> None:
    with ExitStack() as stack:
        for _ in range(1000):
            stack.enter_context(raw(run))
        threads = [thread for thread in threading.enumerate() if thread.name == "flowrun-control-visit"]

        assert run.status().flow == "test"
        assert len(threads) <= 2 * MOST_VISITS


def test_who_does_not_read_the_answer_keeps_nobody_waiting(tmp_path: Path) -> None:
    text = FLOW.replace("Count: 20", "Count: 20, Size: 1000000")
    with Run(flow(text), tmp_path / "state") as run, raw(run) as lazy:
        run.wait_for(lambda: run.queued() == 20)
        request = {"ask": "contents", "connections": [QUEUE]}
        lazy.sendall(json.dumps(request).encode() + b"\n")

        assert run.status().flow == "test"
        with run.client() as client:
            assert sum(a.value.count for a in client.ask(DropRequest(connections=(QUEUE,)))) == 20


def test_contents_come_as_they_are(tmp_path: Path) -> None:
    text = FLOW.replace("Count: 20", "Count: 3, Size: 700000")
    with Run(flow(text), tmp_path / "state") as run:
        run.wait_for(lambda: run.queued() == 3)
        with run.client() as client:
            contents = []
            for number, (_, content) in enumerate(client.ask(ContentsRequest(connections=(QUEUE,)))):
                assert content is not None
                contents.append(content.read() if number != 1 else content.read(10))

    assert contents == [b"x" * 700000, b"x" * 10, b"x" * 700000]


def test_dropped_flowfiles_are_gone_and_stay_so(run: Run) -> None:
    with run.client() as client:
        uuids = tuple(a.value.uuid for a in client.ask(FlowFilesRequest(connections=(QUEUE,), limit=2)))
        dropped = [a.value for a in client.ask(DropRequest(connections=(QUEUE,), uuids=uuids))]
    run.stop()
    repository = DiskRepository(run.folder)
    left = repository.recover().placements
    repository.close()

    assert [change.count for change in dropped] == [2]
    assert len(left) == 18
    assert not {placement.flowfile.uuid for placement in left} & set(uuids)


def test_a_uuid_that_is_not_there_changes_nothing(run: Run) -> None:
    with run.client() as client:
        uuid, *_ = [answer.value.uuid for answer in client.ask(FlowFilesRequest(connections=(QUEUE,)))]
        with pytest.raises(ControlError, match="no flowfile nobody waits in 'pass -- success --> collect'"):
            list(client.ask(DropRequest(connections=(QUEUE,), uuids=(uuid, "nobody"))))

    assert run.queued() == 20


def test_a_connection_that_is_not_there_is_said(run: Run) -> None:
    with run.client() as client, pytest.raises(ControlError, match="the flow has no connection 'a --> b'"):
        list(client.ask(FlowFilesRequest(connections=("a --> b",))))


def test_a_full_queue_that_is_emptied_lets_its_source_go_on(tmp_path: Path) -> None:
    text = """
        processors:
          tick: {type: Tick, schedule: {every: 1 ms}}
          collect: {type: Collect, enabled: false}
        connections:
          - {from: tick, to: collect, back_pressure: {objects: 5}}
    """
    with Run(flow(text), tmp_path / "state") as run:
        queue = "tick -- success --> collect"
        run.wait_for(lambda: run.status().status.processors[0].full == (queue,))
        run.wait_for(lambda: run.status().status.processors[0].state == "a destination is full")
        with run.client() as client:
            list(client.ask(DropRequest(connections=(queue,))))
        run.wait_for(lambda: run.queued(queue) == 5)

        assert run.status().status.processors[0].placed == 10


def test_replayed_dead_letters_come_back_as_if_they_were_new(tmp_path: Path) -> None:
    text = """
        processors:
          make: {type: Make, properties: {Count: 3}}
          fail: {type: Fail, dead_letter: [failure]}
          collect: {type: Collect}
        connections: [make --> fail, fail -- success --> collect]
    """
    graph = flow(text)
    with Run(graph, tmp_path / "state") as run:
        letters = "fail -- dead letters"
        run.wait_for(lambda: run.queued(letters) == 3)
        with run.client() as client:
            views = [a.value for a in client.ask(FlowFilesRequest(connections=(letters,)))]
            replayed = [a.value for a in client.ask(ReplayRequest(connections=(letters,)))]
        run.wait_for(lambda: run.status().status.processors[2].taken == 3)
        bulletins = [message.message for message in run.status().bulletins]

    collect = graph.nodes["collect"].processor
    assert isinstance(collect, Collect)
    assert [(v.cause, v.attempts, v.came_by) for v in views] == [
        ("failure: not today", 1, "make -- success --> fail")
    ] * 3
    assert [change.count for change in replayed] == [3]
    assert sorted(flowfile.uuid for flowfile in collect.seen) == sorted(view.uuid for view in views)
    assert run.outcome is not None
    assert run.outcome.dead_letters == 0
    asked = "3 flowfiles were replayed to 'make -- success --> fail' from 'fail -- dead letters', as a person asked for"
    assert asked in bulletins


def test_replayed_flowfiles_are_in_the_flow_again_and_dropped_ones_are_not(tmp_path: Path) -> None:
    text = """
        processors:
          tick: {type: Tick, schedule: {every: 20 ms, overlap: skip}}
          fail: {type: Fail, dead_letter: [failure]}
          collect: {type: Collect, enabled: false}
        connections: [tick --> fail, fail -- success --> collect]
    """
    letters, kept = "fail -- dead letters", "fail -- success --> collect"
    with Run(flow(text), tmp_path / "state") as run:
        run.wait_for(lambda: run.queued(letters) >= 2)
        with run.client() as client:
            list(client.ask(ReplayRequest(connections=(letters,))))
            run.wait_for(lambda: run.status().status.processors[0].state.startswith("flowfiles of its last trigger"))
            list(client.ask(DropRequest(connections=(kept, letters))))
        run.wait_for(lambda: run.queued(letters) >= 1)

        assert run.queued(kept) == 0


@contextmanager
def busy(tmp_path: Path) -> Iterator[Run]:
    """A run whose engine thread is held in a processor, with 5 flowfiles in another's queue."""
    text = """
        processors:
          make: {type: Make, properties: {Count: 5}}
          collect: {type: Collect, enabled: false}
          one: {type: Make}
          gate: {type: Gate}
        connections: [make --> collect, one --> gate]
    """
    Gate.opened.clear()
    Gate.reached.clear()
    with Run(flow(text, Gate=Gate), tmp_path / "state") as run:
        assert Gate.reached.wait(10)
        try:
            yield run
        finally:
            Gate.opened.set()


def test_a_busy_engine_is_said_in_the_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "STATUS_PATIENCE", 0.05)
    with busy(tmp_path) as run:
        report = run.status()

    assert report.is_busy
    assert [c.queued for c in report.status.connections] == [5, 1]


def test_what_a_busy_engine_did_not_do_in_time_is_never_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PATIENCE", 0.05)
    with busy(tmp_path) as run:
        with run.client() as client, pytest.raises(NoAnswerError, match=r"busy for 0\.05 sec"):
            list(client.ask(DropRequest(connections=("make -- success --> collect",))))
        Gate.opened.set()
        monkeypatch.setattr(running, "PATIENCE", 5.0)
        run.wait_for(lambda: run.queued("one -- success --> gate") == 0)

        assert run.queued("make -- success --> collect") == 5


def test_who_waits_when_the_flow_ends_is_told(tmp_path: Path) -> None:
    with busy(tmp_path) as run, run.client() as client:
        answers = client.ask(DropRequest(connections=("make -- success --> collect",)))

        def ask() -> None:
            with suppress(NoAnswerError):
                list(answers)

        asking = threading.Thread(target=ask)
        asking.start()
        Gate.opened.set()
        run.stop()
        asking.join(5)

        assert not asking.is_alive()


def test_threads_and_files_are_let_go_at_the_end(tmp_path: Path) -> None:
    before = open_files()
    with Run(flow(FLOW), tmp_path / "state") as run:
        with run.client() as client:
            list(client.ask(StatusRequest()))
        with raw(run):
            run.stop()

    assert open_files() == before
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("flowrun-control")]
