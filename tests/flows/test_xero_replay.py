"""What a person replays never spends a token twice, and never puts old tokens in the place of new ones."""

import json
import math
import os
import time
from pathlib import Path

import pytest
from tests.cli.in_process import run
from tests.flows.full_disk import FullDisk
from tests.flows.xero import XeroSandbox
from tests.flows.xero_flow import XeroFlow

from flowrun_processors.put_file import durable_file


def replay_all(flow: XeroFlow) -> str:
    """Ask for a replay of every dead letter; gives what was said."""
    environment = {f"FLOWRUN_PARAM_{name}": value for name, value in flow.parameters.items()}
    said = run(Path.cwd(), "dlq", "replay", flow.file, "--all", "--state", flow.state, environment=environment)
    return said.out + said.err


@pytest.mark.parametrize(("endpoint", "end"), [("token", "refresh-tokens"), ("api", "fetch-data")])
def test_poll_that_got_no_answer_can_t_be_replayed_with_its_old_tokens(
    flow: XeroFlow, xero: XeroSandbox, endpoint: str, end: str
) -> None:
    xero.expire()
    xero.fail(endpoint, "reset")
    assert flow.run().ends == [(end, "Failure")]

    assert f"the flow says 'replay: refuse' for '{end}'" in replay_all(flow)


def test_tokens_that_could_not_be_saved_are_replayed_while_they_are_the_newest(
    flow: XeroFlow, xero: XeroSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    xero.expire()
    with monkeypatch.context() as patch:
        patch.setattr(durable_file, "shutil", FullDisk(attempts=math.inf))
        flow.run()

    replay_all(flow)
    run = flow.run()

    assert flow.tokens()["refresh_token"] == xero.state()["grants"][-1]["refresh_token"]
    assert run.dead_letters == []


def test_tokens_that_could_not_be_saved_never_replace_newer_ones(
    flow: XeroFlow, xero: XeroSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    xero.expire()
    with monkeypatch.context() as patch:
        patch.setattr(durable_file, "shutil", FullDisk(attempts=math.inf))
        flow.run()
    flow.credentials.write_text(json.dumps(xero.grant()))  # somebody has authorized the app again
    os.utime(flow.credentials, (0, time.time() + 2))
    newest = flow.tokens()

    replay_all(flow)
    run = flow.run()

    assert run.ends == [("save-credentials", "failure")]
    assert "is newer than this flowfile: it was changed meanwhile" in run.dead_letters[0].cause
    assert flow.tokens() == newest
