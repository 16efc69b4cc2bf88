"""kill -9 in the middle of a refresh: the credentials file is whole, and the next start brings the flow home."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flows.xero import FLOW, XeroSandbox
from tests.flows.xero_flow import XeroFlow

STEPS = (
    "get-credentials",
    "extract-tokens",
    "fetch-data",
    "check-authorization",
    "build-refresh-request",
    "refresh-tokens",
    "check-answer",
    "name-credentials",
    "save-credentials",
)


@pytest.fixture
def flow(tmp_path: Path, xero: XeroSandbox) -> XeroFlow:
    flow = XeroFlow(tmp_path, xero)
    xero.expire()
    return flow


def start(flow: XeroFlow) -> subprocess.Popen[str]:
    """One run of the real command, in a process of its own that prints a line for each step."""
    words = [word for name, value in flow.parameters.items() for word in ("--param", f"{name}={value}")]
    command = [sys.executable, "-m", "flowrun", str(FLOW), "--once", "--trace", "--state", str(flow.state), *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment())


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("XERO_", "FLOWRUN_"))}


def kill_after(flow: XeroFlow, step: str, delay: float = 0.0) -> None:
    """Kill a run as soon as that step has been made true, or some seconds later."""
    with start(flow) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f" {step} " in line and "─▶" in line:
                break
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()


def finish(flow: XeroFlow) -> int:
    """A run that is left alone; gives its exit code."""
    with start(flow) as process:
        output = process.communicate()[1]
    assert process.returncode == 0, output
    return process.returncode


def assert_whole(flow: XeroFlow, xero: XeroSandbox) -> None:
    """The file is one that the server has issued, and nothing lies beside it but what a redo replaces."""
    issued = {grant["refresh_token"]: grant["access_token"] for grant in xero.state()["grants"]}
    tokens = flow.tokens()
    assert issued[tokens["refresh_token"]] == tokens["access_token"]


@pytest.mark.parametrize("step", STEPS[2::2])
def test_killed_after_each_step_the_flow_comes_home(flow: XeroFlow, xero: XeroSandbox, step: str) -> None:
    old = flow.tokens()

    kill_after(flow, step)

    assert_whole(flow, xero)
    finish(flow)
    assert_whole(flow, xero)
    assert flow.tokens()["refresh_token"] != old["refresh_token"]
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]


def test_answer_that_was_received_is_saved_after_the_restart_without_a_second_refresh(
    flow: XeroFlow, xero: XeroSandbox
) -> None:
    xero.be(grace_seconds=0, strict=True)

    kill_after(flow, "refresh-tokens")
    finish(flow)

    assert len(xero.requests("token")) == 1
    assert xero.refresh(flow.tokens()["refresh_token"]).status_code == 200


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_killed_at_a_hundred_moments_the_file_is_always_whole(flow: XeroFlow, xero: XeroSandbox) -> None:
    moments = random.Random(365)
    for _ in range(100):
        xero.expire()
        kill_after(flow, moments.choice(STEPS[:-1]), moments.uniform(0, 0.03))
        assert_whole(flow, xero)
        xero.client.delete("/sandbox/requests")
        finish(flow)
        assert_whole(flow, xero)
        assert json.loads(flow.credentials.read_text())["refresh_token"] == xero.state()["grants"][-1]["refresh_token"]
