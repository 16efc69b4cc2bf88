"""`--metrics` and `--log-format json`: what machines read of a run."""

import json
import re
import signal
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from tests.cli.in_process import run
from tests.cli.kit import flowrun
from tests.cli.looked_into import KEY, LETTERS, SECRETS, prepare
from tests.cli.program import TICKS, finish, read_until, start, write
from tests.cli.program import run as run_program

from flowrun.cli.metrics_target import MetricsTarget


def test_the_file_is_whole_and_says_at_the_end_that_the_flow_runs_no_more(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    (tmp_path / "metrics").mkdir()
    done = run(tmp_path, "flow.yaml", "--for", "300ms", "--metrics", "metrics")
    text = (tmp_path / "metrics" / "ticks.prom").read_text()

    assert done.code == 0
    assert 'flowrun_running{flow="ticks"} 0\n' in text
    assert text.endswith("\n")
    assert [path.name for path in (tmp_path / "metrics").iterdir()] == ["ticks.prom"]
    assert (tmp_path / "metrics" / "ticks.prom").stat().st_mode & 0o777 == 0o644


def test_a_file_that_can_t_be_written_keeps_the_flow_from_starting(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    done = run(tmp_path, "flow.yaml", "--for", "300ms", "--metrics", "nowhere/flow.prom")

    assert done.code == 2
    assert "--metrics: nowhere/flow.prom can't be written: No such file or directory" in done.err


def test_a_port_serves_the_metrics_on_loopback_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    process = start(tmp_path, "flow.yaml", "--metrics", "127.0.0.1:0")
    [address] = re.findall(r"http://127\.0\.0\.1:\d+/", read_until(process, "metrics are at"))
    with urlopen(f"{address}metrics", timeout=20) as answer:
        text = answer.read().decode()
        kind = answer.headers["Content-Type"]
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{address}other", timeout=20)
    process.send_signal(signal.SIGINT)

    assert finish(process).code == 0
    assert kind.startswith("text/plain; version=0.0.4")
    assert 'flowrun_running{flow="ticks"} 1\n' in text


def test_a_port_that_is_taken_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "flow.yaml", "--for", "300ms", "--metrics", port)

    assert done.code == 2
    assert f"--metrics: 127.0.0.1:{port} can't be listened at: Address already in use; choose another port" in done.err


@pytest.mark.parametrize("text", ["0.0.0.0:9464", "example.org:9464", "::1:9464", "99999", "", ":9464"])
def test_only_this_machine_is_served(text: str) -> None:
    with pytest.raises(ValueError, match="expected a file, or a port on loopback"):
        MetricsTarget.parse(text)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("9464", "127.0.0.1", 9464),
        ("localhost:1", "localhost", 1),
        ("[::1]:2", "::1", 2),
        ("127.0.0.2:3", "127.0.0.2", 3),
    ],
)
def test_ports_of_loopback_are_taken(text: str, host: str, port: int) -> None:
    target = MetricsTarget.parse(text)

    assert (target.path, target.host, target.port) == (None, host, port)


def test_several_flows_need_a_folder_for_their_metrics(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path, TICKS.replace("flow: ticks", f"flow: {name}"), f"{name}.yaml")
    (tmp_path / "m").mkdir()
    refused = flowrun(tmp_path, "a.yaml", "b.yaml", "--metrics", "9464")
    done = run_program(tmp_path, "a.yaml", "b.yaml", "--for", "300ms", "--metrics", "m")

    assert refused.code == 2
    assert "needs a folder that is there" in refused.err
    assert done.code == 0
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == ["a.prom", "b.prom"]


def test_log_lines_as_json_tell_processor_and_flowfile_and_no_secret(tmp_path: Path) -> None:
    prepare(tmp_path, LETTERS, letters=1)
    done = run(tmp_path, "flow.yaml", "--once", "--trace", "--log-format", "json", "--param", f"key={KEY}")
    lines = [json.loads(line) for line in done.err.splitlines()]
    letters = [line for line in lines if line["level"] == "ERROR"]

    assert done.code == 1
    assert {line["flow"] for line in lines} == {"letters"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"]) for line in lines)
    assert {line["processor"] for line in letters} == {"save"}
    assert {line["message"] for line in letters} == {"dead letter: failure: can't write to 'out': Not a directory"}
    assert all(len(line["flowfile"]) == 36 for line in letters)
    assert {line.get("processor") for line in lines} >= {"get-letters", "mark", "copy", "save"}
    assert not [secret for secret in SECRETS if secret in done.err]


def test_a_stop_and_what_a_plug_in_prints_are_json_too(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "chatty.py").write_text(
        "from flowrun import Processor\n\n\nclass Chatty(Processor):\n"
        '    """Talk."""\n\n    def process(self, session, flowfile):\n'
        '        print("hello", "there")\n        session.remove(flowfile)\n'
    )
    text = "flow: talk\nprocessors:\n  make: {type: GenerateFlowFile, schedule: {every: 1 h}}\n  say: {type: Chatty}\n"
    write(tmp_path, text + "connections: [make -- success --> say]\n")
    process = start(tmp_path, "flow.yaml", "--log-format", "json")
    said = read_until(process, "hello there")
    process.send_signal(signal.SIGTERM)
    done = finish(process)

    messages = [json.loads(line)["message"] for line in (said + done.err).splitlines()]
    assert "hello there" in messages
    assert messages[-1].startswith("stopping")
    assert done.code == 0


def test_json_lines_of_several_flows_stay_json(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path, TICKS.replace("flow: ticks", f"flow: {name}"), f"{name}.yaml")
    done = run_program(tmp_path, "a.yaml", "b.yaml", "--for", "300ms", "--log-format", "json")

    assert done.code == 0
    assert {json.loads(line)["flow"] for line in done.err.splitlines()} == {"a", "b"}
