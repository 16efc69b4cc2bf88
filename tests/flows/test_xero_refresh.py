"""The nine steps, when all is well: data with a valid token, new tokens for an expired one, data again."""

import re
import stat

import pytest
from tests.flows.xero import FLOW, XeroSandbox
from tests.flows.xero_flow import XeroFlow

from flowrun.flow.loader import load_flow

NINE_STEPS = (
    "GetFile",
    "EvaluateJsonPath",
    "InvokeHttp",
    "RouteOnAttribute",
    "PutFile",
    "ReplaceText",
    "InvokeHttp",
    "UpdateAttribute",
    "PutFile",
)


def test_nine_steps_stand_in_their_order_and_are_numbered() -> None:
    definition = load_flow(FLOW).definition
    assert definition is not None

    steps = re.findall(r"^  ([a-z-]+): +# step (\d)$", FLOW.read_text(), re.MULTILINE)

    assert [int(number) for _, number in steps] == list(range(1, 10))
    assert [definition.processors[name].type.value for name, _ in steps] == list(NINE_STEPS)


def test_flow_names_its_parameters_and_their_variables_at_its_top() -> None:
    definition = load_flow(FLOW).definition
    assert definition is not None
    head = FLOW.read_text().partition("flow: xero-refresh")[0]

    for name, parameter in definition.parameters.items():
        assert parameter.env == f"XERO_{name.upper()}"
        assert re.search(rf"^#   {name} +{parameter.env} +\S", head, re.MULTILINE)


def test_valid_token_fetches_data_and_leaves_the_credentials_alone(flow: XeroFlow, xero: XeroSandbox) -> None:
    before = flow.credentials.read_bytes()

    run = flow.run()

    assert run.outcome.finished
    assert run.dead_letters == []
    assert [file.name for file in flow.output.iterdir()] == ["Invoices"]
    assert b'"Invoices":[{' in (flow.output / "Invoices").read_bytes()
    assert flow.credentials.read_bytes() == before
    assert xero.requests("token") == []


def test_expired_token_is_replaced_and_the_next_run_fetches_with_the_new_one(flow: XeroFlow, xero: XeroSandbox) -> None:
    old = flow.tokens()
    xero.expire()

    run = flow.run()

    assert run.dead_letters == []
    assert not flow.output.exists()
    new = flow.tokens()
    assert new["access_token"] != old["access_token"]
    assert new["refresh_token"] != old["refresh_token"]
    assert stat.S_IMODE(flow.credentials.stat().st_mode) == 0o600
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]

    flow.run()

    assert xero.requests("api")[-1]["headers"]["authorization"] == f"Bearer {new['access_token']}"
    assert (flow.output / "Invoices").exists()


def test_requests_are_what_the_servers_want(flow: XeroFlow, xero: XeroSandbox) -> None:
    xero.expire()

    flow.run()

    [fetch], [refresh] = xero.requests("api"), xero.requests("token")
    assert fetch["method"] == "GET"
    assert fetch["headers"]["accept"] == "application/json"
    assert fetch["headers"]["xero-tenant-id"] == xero.parameters["tenant_id"]
    assert refresh["method"] == "POST"
    assert refresh["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert refresh["headers"]["authorization"].startswith("Basic ")
    assert re.fullmatch(r"grant_type=refresh_token&refresh_token=[\w%*.-]+", refresh["body"])


def test_data_replaces_the_data_of_the_poll_before(flow: XeroFlow) -> None:
    flow.run()
    first = (flow.output / "Invoices").read_bytes()

    flow.run()

    assert (flow.output / "Invoices").read_bytes() != first
    assert len(list(flow.output.iterdir())) == 1


def test_files_that_are_called_nearly_like_the_credentials_are_left_alone(flow: XeroFlow, xero: XeroSandbox) -> None:
    for name in ("credentials-json", "credentials.json.bak", ".credentials.json"):
        flow.credentials.with_name(name).write_text("{}")
    backup = flow.credentials.parent / "backup"
    backup.mkdir()
    (backup / flow.credentials.name).write_text("{}")

    run = flow.run()

    assert run.dead_letters == []
    assert len(xero.requests("api")) == 1


def test_hidden_credentials_file_is_found(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.credentials.rename(flow.credentials.with_name(".tokens"))
    flow.parameters["credentials_file"] = ".tokens"

    flow.run()

    assert len(xero.requests("api")) == 1


@pytest.mark.parametrize("name", ["my tokens (1).json", "ünï.json", "a${b}$$#{c}.json", "[x]*.json", ".json"])
def test_new_tokens_go_to_the_file_the_old_ones_came_from(flow: XeroFlow, xero: XeroSandbox, name: str) -> None:
    file = flow.credentials.rename(flow.credentials.with_name(name))
    before = file.read_bytes()
    flow.parameters["credentials_file"] = name
    xero.expire()

    run = flow.run()

    assert run.dead_letters == []
    assert [other.name for other in file.parent.iterdir()] == [name]
    assert file.read_bytes() != before


def test_polls_follow_the_schedule(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"

    flow.run(duration=3600)

    assert len(xero.requests("api")) == 6
