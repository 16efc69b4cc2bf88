"""A fault of the API spends no refresh that would not help, and ends where a person sees it."""

import pytest
from tests.flows.xero import XeroSandbox
from tests.flows.xero_flow import XeroFlow


@pytest.mark.parametrize(
    ("fault", "asked"),
    [("forbidden", 1), ("redirect", 1), ("server_error", 3), ("unavailable", 3), ("minute_limit", 3)],
)
def test_refusal_of_the_api_that_no_token_would_mend_spends_no_refresh(
    flow: XeroFlow, xero: XeroSandbox, fault: str, asked: int
) -> None:
    before = flow.credentials.read_bytes()
    xero.fail("api", fault)

    run = flow.run()

    assert run.ends == [("check-authorization", "unmatched")]
    assert len(xero.requests("api")) == asked
    assert xero.requests("token") == []
    assert xero.requests("elsewhere") == []
    assert flow.credentials.read_bytes() == before


def test_dead_letter_of_the_api_holds_status_and_answer(flow: XeroFlow, xero: XeroSandbox) -> None:
    xero.fail("api", "forbidden")

    [letter] = flow.run().dead_letters

    assert letter.cause == "unmatched: 'invokehttp.status.code' is '403'"
    assert letter.attributes["invokehttp.status.code"] == "403"
    assert b"AuthorizationUnsuccessful" in letter.content


@pytest.mark.parametrize("fault", ["authentication_unsuccessful", "authorization_unsuccessful"])
def test_401_that_no_refresh_helps_spends_none(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    before = flow.credentials.read_bytes()
    xero.fail("api", fault)

    run = flow.run()

    assert run.ends == [("check-unauthorized", "invalid")]
    assert xero.requests("token") == []
    assert flow.credentials.read_bytes() == before


def test_401_in_the_words_of_another_api_is_refreshed(flow: XeroFlow, xero: XeroSandbox) -> None:
    before = flow.tokens()
    xero.fail("api", "foreign_401")

    run = flow.run()

    assert run.dead_letters == []
    assert flow.tokens()["refresh_token"] != before["refresh_token"]


def test_limit_of_a_day_is_waited_for(flow: XeroFlow, xero: XeroSandbox) -> None:
    xero.fail("api", "day_limit", times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert run.seconds >= 66_975
    assert (flow.output / "Invoices").exists()


def test_nothing_is_polled_while_a_limit_is_waited_for(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"
    xero.fail("api", "day_limit", times=1)

    flow.run(duration=66_000)

    assert len(xero.requests("api")) == 1


@pytest.mark.parametrize("fault", ["reset", "cut_short"])
def test_api_that_gives_no_answer_is_asked_three_times(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    xero.fail("api", fault)

    run = flow.run()

    assert run.ends == [("fetch-data", "Failure")]
    assert len(xero.requests("api")) == 3
    assert xero.requests("token") == []
