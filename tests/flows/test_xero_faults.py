"""Each fault of the identity server leaves the credentials file whole, and ends where a person sees it."""

import pytest
from tests.flows.xero import XeroSandbox
from tests.flows.xero_flow import XeroFlow

QUICK_TIMEOUTS = """Request Timeout: 600 ms
      Socket Read Timeout: 300 ms
"""


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("unavailable", "Retry"),
        ("server_error", "Retry"),
        ("silence", "Failure"),
        ("drip", "Failure"),
        ("reset", "Failure"),
        ("cut_short", "Failure"),
    ],
)
def test_token_endpoint_that_gives_no_answer_is_asked_three_times_within_seconds(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    flow.rewire("Request Timeout: 1 min\n", QUICK_TIMEOUTS)
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert run.ends == [("refresh-tokens", end)]
    assert len(xero.requests("token")) == 3
    assert 6 <= run.seconds < 10
    assert flow.credentials.read_bytes() == before
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]


@pytest.mark.parametrize("fault", ["reset", "cut_short", "unavailable"])
def test_answer_that_was_lost_once_is_got_by_the_next_attempt(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    old = flow.tokens()
    xero.expire()
    xero.fail("token", fault, times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert flow.tokens()["refresh_token"] != old["refresh_token"]
    assert len(xero.requests("token")) == 2


def test_answer_that_a_strict_server_has_lost_is_the_window_that_no_client_can_close(
    flow: XeroFlow, xero: XeroSandbox
) -> None:
    xero.be(grace_seconds=0, strict=True)
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", "reset", times=1)

    run = flow.run()

    assert run.ends == [("explain-refusal", "authorize the app again")]
    assert flow.credentials.read_bytes() == before


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("invalid_grant", "authorize the app again"),
        ("invalid_client", "correct client_id or client_secret"),
        ("redirect", "correct token_url"),
    ],
)
def test_refusal_of_the_token_endpoint_is_not_repeated_and_says_what_to_do(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert run.ends == [("explain-refusal", end)]
    assert len(xero.requests("token")) == 1
    assert xero.requests("elsewhere") == []
    assert flow.credentials.read_bytes() == before


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("html", "failure"),
        ("error_json", "invalid"),
        ("malformed", "failure"),
        ("empty", "failure"),
        ("without_refresh_token", "invalid"),
        ("blank_refresh_token", "invalid"),
    ],
)
def test_answer_that_is_no_pair_of_tokens_never_becomes_the_credentials_file(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert run.ends == [("check-answer", end)]
    assert len(xero.requests("token")) == 1
    assert flow.credentials.read_bytes() == before


def test_answer_of_ten_megabytes_never_becomes_the_credentials_file(flow: XeroFlow, xero: XeroSandbox) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", "ten_megabytes")

    run = flow.run()

    assert run.ends == [("refresh-tokens", "Failure")]
    assert flow.credentials.read_bytes() == before


def test_dead_refresh_token_is_seen_at_each_poll_and_asked_about_once_a_poll(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"
    xero.expire()
    xero.fail("token", "invalid_grant")

    run = flow.run(duration=1800)

    assert run.ends == [("explain-refusal", "authorize the app again")] * 3
    assert len(xero.requests("token")) == 3
