"""A sandbox lives as long as its engine, whatever ends that, and keeps what it has issued."""

import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tests.flows.xero import FLOW, XeroSandbox, connect

from flowrun.errors import FlowError
from flowrun.sandbox import Sandbox, sandbox_file

ENGINE_THAT_IS_KILLED = """
import os, signal, sys
from pathlib import Path
from flowrun.sandbox import Sandbox
with Sandbox(Path(sys.argv[1]), Path(sys.argv[2])) as sandbox:
    print(sandbox.parameters["token_url"], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write(folder: Path, source: str) -> Path:
    file = folder / "small.sandbox.py"
    file.write_text(source)
    return file


def test_sandbox_lies_beside_its_flow() -> None:
    assert sandbox_file(Path("flows/hello.yaml")) == Path("flows/hello.sandbox.py")


def test_parameters_are_what_the_stand_in_returns(tmp_path: Path) -> None:
    file = write(tmp_path, "def start(folder):\n    print('noise')\n    return {'folder': str(folder), 'ä': '1'}\n")

    with Sandbox(file, tmp_path / "data") as sandbox:
        parameters = sandbox.parameters

    assert parameters == {"folder": str(tmp_path / "data"), "ä": "1"}


def test_flow_without_a_sandbox_is_told_which_file_is_missing(tmp_path: Path) -> None:
    with (
        pytest.raises(FlowError, match=r"expected the file .*hello\.sandbox\.py"),
        Sandbox(sandbox_file(tmp_path / "hello.yaml"), tmp_path),
    ):
        pass


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def start(folder):\n    raise ValueError('no luck')\n", "ValueError: no luck"),
        ("def start(folder):\n    return {'port': 80}\n", "must return a dict of parameter names and texts"),
        ("def begin(folder): ...\n", "has no attribute 'start'"),
        ("import os\nos._exit(3)\n", "it ended without a word"),
    ],
)
def test_stand_in_that_does_not_start_is_quoted(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(FlowError, match=said), Sandbox(write(tmp_path, source), tmp_path / "data"):
        pass


def test_stand_in_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    file = write(tmp_path, "import threading\ndef start(folder):\n    threading.Event().wait()\n")
    sandbox = Sandbox(file, tmp_path / "data", patience=0.2)

    with pytest.raises(FlowError, match=r"has not started within 0\.2 seconds"), sandbox:
        pass


def test_restarted_sandbox_has_its_port_and_its_tokens_again(tmp_path: Path) -> None:
    with Sandbox(sandbox_file(FLOW), tmp_path) as sandbox:
        before = dict(sandbox.parameters)
    with Sandbox(sandbox_file(FLOW), tmp_path) as sandbox, connect(dict(sandbox.parameters)) as client:
        xero = XeroSandbox(dict(sandbox.parameters), client)
        answer = xero.refresh(xero.issued_credentials()["refresh_token"])

    assert before == xero.parameters
    assert answer.status_code == 200


def test_sandbox_moves_if_its_port_was_taken_meanwhile(tmp_path: Path) -> None:
    with Sandbox(sandbox_file(FLOW), tmp_path / "a") as one:
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "port").write_text((tmp_path / "a" / "port").read_text())
        with Sandbox(sandbox_file(FLOW), tmp_path / "b") as other:
            assert one.parameters["token_url"] != other.parameters["token_url"]


def test_sandbox_ends_with_an_engine_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ENGINE_THAT_IS_KILLED, str(sandbox_file(FLOW)), str(tmp_path)]
    engine = subprocess.run(command, capture_output=True, text=True, check=False)

    with open(tmp_path / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # which the child holds for as long as it lives

    assert engine.returncode == -signal.SIGKILL
    with pytest.raises(httpx.TransportError):
        httpx.get(engine.stdout.strip())
