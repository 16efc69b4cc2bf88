"""The three steps with a token service: data for an expired token too, and no refresh token that is ever lost."""

import subprocess
import threading
import time
from pathlib import Path

import pytest
from tests.flows.token_service_flow import SERVICE_FLOW, TokenServiceFlow, newest, refresh_tokens
from tests.flows.xero import FLOW, XeroSandbox, connect

from flowrun.cli.exit_codes import ExitCode
from flowrun.flow.loader import load_flow
from flowrun.sandbox import Sandbox, sandbox_file


@pytest.fixture
def flow(tmp_path: Path, xero: XeroSandbox) -> TokenServiceFlow:
    return TokenServiceFlow(tmp_path, xero)


def test_three_processors_do_it() -> None:
    definition = load_flow(SERVICE_FLOW).definition
    assert definition is not None

    assert [p.type.value for p in definition.processors.values()] == ["GenerateFlowFile", "InvokeHttp", "PutFile"]


def test_parameters_are_named_as_in_the_nine_steps() -> None:
    nine, three = load_flow(FLOW).definition, load_flow(SERVICE_FLOW).definition
    assert nine is not None
    assert three is not None
    head = SERVICE_FLOW.read_text().partition("flow: xero-token-service")[0]

    for name, parameter in three.parameters.items():
        assert name == "refresh_token" or parameter.env == nine.parameters[name].env
        assert parameter.env == f"XERO_{name.upper()}"
        assert f"\n#   {name}" in head


def test_the_sandbox_is_the_one_of_the_nine_steps_and_has_its_first_token_after_a_restart(tmp_path: Path) -> None:
    told = []
    for _ in range(2):
        with Sandbox(sandbox_file(SERVICE_FLOW), tmp_path) as sandbox, connect(dict(sandbox.parameters)) as client:
            told.append(dict(sandbox.parameters))
            issued = client.get("/sandbox/state").json()["grants"]
    definition = load_flow(SERVICE_FLOW).definition
    assert definition is not None

    assert told[0] == told[1]
    assert set(told[0]) == set(definition.parameters)
    assert [grant["refresh_token"] for grant in issued] == [told[0]["refresh_token"]]


def test_the_first_poll_gets_a_token_and_the_data(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    run = flow.run()

    assert run.outcome.finished
    assert run.dead_letters == []
    assert [file.name for file in flow.output.iterdir()] == ["Invoices"]
    assert b'"Invoices":[{' in (flow.output / "Invoices").read_bytes()
    assert refresh_tokens(xero) == [flow.first]
    [asked] = xero.requests("api")
    assert asked["headers"]["authorization"] == f"Bearer {newest(xero)['access_token']}"
    assert asked["headers"]["xero-tenant-id"] == xero.parameters["tenant_id"]


def test_a_token_that_is_good_is_used_by_the_next_run_and_nobody_is_asked(
    flow: TokenServiceFlow, xero: XeroSandbox
) -> None:
    flow.run()
    flow.run()

    assert len(xero.requests("api")) == 2
    assert len(xero.requests("token")) == 1


def test_a_401_brings_a_new_token_and_the_same_run_fetches_with_it(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    flow.run()
    rotated = newest(xero)["refresh_token"]
    (flow.output / "Invoices").unlink()
    xero.expire()

    run = flow.run()

    assert run.dead_letters == []
    assert (flow.output / "Invoices").exists()
    assert refresh_tokens(xero) == [flow.first, rotated]
    assert len(xero.requests("api")) == 3


def test_polls_follow_the_schedule_and_share_a_token(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"

    flow.run(duration=3600)

    assert len(xero.requests("api")) == 6
    assert len(xero.requests("token")) == 1


def test_tokens_that_live_for_seconds_do_not_cost_a_poll(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    xero.be(access_token_seconds=1, grace_seconds=0, strict=True)

    for _ in range(4):
        assert flow.run().dead_letters == []
        xero.expire()

    tokens = refresh_tokens(xero)
    assert len(tokens) == len(set(tokens)) == 4


def test_killed_while_a_token_is_in_use_the_rotated_one_is_there_after_the_restart(
    flow: TokenServiceFlow, xero: XeroSandbox
) -> None:
    xero.be(grace_seconds=0, strict=True)
    xero.fail("api", "silence", times=1)
    flow.parameters["schedule"] = "* * * * * ?"
    with flow.start() as process:
        wait_for(xero, "api")
        process.kill()
    rotated = newest(xero)["refresh_token"]
    xero.expire()

    with flow.start("--once") as process:
        process.communicate()

    assert process.returncode == ExitCode.OK
    assert (flow.output / "Invoices").exists()
    assert refresh_tokens(xero) == [flow.first, rotated]


def wait_for(xero: XeroSandbox, endpoint: str) -> None:
    """Until the endpoint has been asked."""
    deadline = time.monotonic() + 20
    while not xero.requests(endpoint):
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


@pytest.mark.parametrize("fault", ["reset", "cut_short"])
def test_an_answer_that_was_lost_is_asked_for_again(flow: TokenServiceFlow, xero: XeroSandbox, fault: str) -> None:
    xero.fail("token", fault, times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert (flow.output / "Invoices").exists()
    assert refresh_tokens(xero) == [flow.first] * 2


@pytest.mark.parametrize("fault", ["silence", "drip"])
def test_an_identity_server_that_is_too_slow_is_a_dead_letter_and_the_next_poll_is_well(
    flow: TokenServiceFlow, xero: XeroSandbox, fault: str
) -> None:
    flow.rewire("Refresh Window: 2 min", "Request Timeout: 200 ms\n      Refresh Window: 2 min")
    xero.fail("token", fault)

    run = flow.run()

    assert run.ends == [("fetch-data", "Failure")]
    assert "took longer" in run.dead_letters[0].cause
    assert xero.requests("api") == []
    xero.client.delete("/sandbox/faults")
    assert flow.run().outcome.dead_letters == 0


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("invalid_client", "correct 'Client ID', 'Client secret'"),
        ("html", "holds no tokens"),
        ("error_json", "holds no tokens"),
        ("malformed", "holds no tokens"),
        ("empty", "holds no tokens"),
        ("ten_megabytes", "far too large for tokens"),
        ("redirect", "redirects (302)"),
        ("server_error", "answered 500"),
        ("unavailable", "answered 503"),
    ],
)
def test_whatever_the_identity_server_says_ends_visibly_and_leaves_the_tokens_alone(
    flow: TokenServiceFlow, xero: XeroSandbox, fault: str, cause: str
) -> None:
    flow.run()
    rotated = newest(xero)["refresh_token"]
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert run.ends == [("fetch-data", "Failure")]
    assert cause in run.dead_letters[0].cause
    xero.client.delete("/sandbox/faults")
    assert flow.run().outcome.dead_letters == 0
    assert set(refresh_tokens(xero)) == {flow.first, rotated}


def test_invalid_grant_is_asked_once_and_ends_visibly_with_what_to_do(
    flow: TokenServiceFlow, xero: XeroSandbox
) -> None:
    flow.rewire("penalty_duration: 10 sec", "penalty_duration: 10 ms")
    xero.fail("token", "invalid_grant")

    with flow.start("--once") as process:
        printed, _ = process.communicate()

    assert process.returncode == ExitCode.DEAD_LETTERS
    assert "authorize the app again, and set 'Refresh Token' to the new one" in printed
    assert len(xero.requests("token")) == 1


def test_a_new_first_token_mends_it(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    flow.run()
    flow.parameters["refresh_token"] = xero.grant()["refresh_token"]

    assert flow.run().dead_letters == []
    assert refresh_tokens(xero) == [flow.first, flow.parameters["refresh_token"]]


@pytest.mark.parametrize("fault", ["authentication_unsuccessful", "foreign_401", "forbidden", "redirect"])
def test_what_the_api_refuses_is_a_dead_letter(flow: TokenServiceFlow, xero: XeroSandbox, fault: str) -> None:
    xero.fail("api", fault)

    run = flow.run()

    assert run.ends == [("fetch-data", "No Retry")]
    assert not flow.output.exists()
    assert len(xero.requests("token")) == (2 if "401" in fault or "authentication" in fault else 1)
    assert xero.requests("elsewhere") == []


def test_a_limit_of_the_api_is_waited_out(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    xero.fail("api", "day_limit", times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert run.seconds >= 66975
    assert len(xero.requests("token")) == 1


@pytest.mark.parametrize("fault", ["", "invalid_grant", "cut_short"])
def test_no_secret_is_printed_or_names_a_file(flow: TokenServiceFlow, xero: XeroSandbox, fault: str) -> None:
    flow.rewire("penalty_duration: 10 sec", "penalty_duration: 10 ms")
    if fault:
        xero.fail("token", fault)

    with flow.start("--once", "--trace", "--log-level", "DEBUG") as process:
        printed, _ = process.communicate()

    names = "\n".join(str(path) for path in flow.state.parent.rglob("*"))
    grants = xero.state()["grants"]
    secrets = [grant[name] for grant in grants for name in ("access_token", "refresh_token")]
    for secret in (*secrets, flow.first, xero.parameters["client_secret"]):
        assert secret not in printed + names
    assert (flow.state / "xero-token-service").stat().st_mode & 0o077 == 0


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_killed_at_a_hundred_moments_the_flow_comes_home(flow: TokenServiceFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "* * * * * ?"
    for number in range(100):
        xero.expire()
        xero.client.delete("/sandbox/requests")
        with flow.start() as process:
            wait_for(xero, "token")
            try:
                process.wait(timeout=number / 5000)
            except subprocess.TimeoutExpired:
                process.kill()
        with flow.start("--once") as process:
            printed, _ = process.communicate()
        assert process.returncode == ExitCode.OK, printed
