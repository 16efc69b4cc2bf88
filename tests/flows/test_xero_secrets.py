"""Whoever reads the log, the summary or the names of files finds no token and no client secret."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flows.xero import FLOW, XeroSandbox
from tests.flows.xero_flow import XeroFlow

from flowrun.cli.exit_codes import ExitCode

REFRESH_PENALTY = """penalty_duration: 2 sec
    sensitive_content: true
    auto_terminate: [Original]
"""


def run(flow: XeroFlow, *words: str) -> subprocess.CompletedProcess[str]:
    """The real command, its parameters in the environment as a person would set them."""
    environment = dict(os.environ) | {f"XERO_{name.upper()}": value for name, value in flow.parameters.items()}
    command = [sys.executable, "-m", "flowrun", str(flow.file), "--once", "--state", str(flow.state), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def secrets(xero: XeroSandbox) -> list[str]:
    grants = xero.state()["grants"]
    tokens = [grant[name] for grant in grants for name in ("access_token", "refresh_token")]
    return [*tokens, xero.parameters["client_secret"]]


@pytest.mark.parametrize("fault", ["", "invalid_grant", "without_refresh_token", "unavailable", "cut_short"])
def test_no_secret_is_printed_or_names_a_file(tmp_path: Path, xero: XeroSandbox, fault: str) -> None:
    flow = XeroFlow(tmp_path, xero)
    flow.rewire(REFRESH_PENALTY, REFRESH_PENALTY.replace("2 sec", "50 ms"))
    xero.expire()
    if fault:
        xero.fail("token", fault)

    ended = run(flow, "--trace", "--log-level", "DEBUG")

    assert ended.returncode == (ExitCode.DEAD_LETTERS if fault else ExitCode.OK)
    names = "\n".join(str(path) for path in tmp_path.rglob("*"))
    for secret in secrets(xero):
        assert secret not in ended.stdout + ended.stderr + names


def test_state_is_closed_to_others(tmp_path: Path, xero: XeroSandbox) -> None:
    flow = XeroFlow(tmp_path, xero)

    run(flow)

    folder = flow.state / "xero-refresh"
    assert folder.stat().st_mode & 0o077 == 0


def test_same_flow_is_run_once_at_a_time(tmp_path: Path, xero: XeroSandbox) -> None:
    flow = XeroFlow(tmp_path, xero)
    xero.fail("api", "silence")
    flow.parameters["schedule"] = "* * * * * ?"
    environment = dict(os.environ) | {f"XERO_{name.upper()}": value for name, value in flow.parameters.items()}
    command = [sys.executable, "-m", "flowrun", str(FLOW), "--state", str(flow.state)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        assert first.stderr.readline()
        second = run(flow)
        first.kill()

    assert second.returncode == ExitCode.IN_USE
