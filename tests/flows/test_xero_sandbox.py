"""The stand-in for Xero is honest: what Xero and a strict identity server refuse, it refuses."""

import stat
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from tests.flows.xero import XeroSandbox


def form(refresh_token: str) -> str:
    return urlencode({"grant_type": "refresh_token", "refresh_token": refresh_token})


def test_initial_credentials_are_valid_and_readable_by_the_owner_only(xero: XeroSandbox) -> None:
    credentials = Path(xero.parameters["credentials_dir"]) / xero.parameters["credentials_file"]

    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(credentials.parent.stat().st_mode) == 0o700
    assert xero.issued_credentials().keys() >= {"access_token", "refresh_token", "expires_in", "token_type"}


def test_valid_access_token_gets_json_if_json_is_asked_for(xero: XeroSandbox) -> None:
    access_token = xero.grant()["access_token"]

    json = xero.ask("/api.xro/2.0/Invoices", access_token)
    xml = xero.ask("/api.xro/2.0/Invoices", access_token, Accept="*/*")

    assert (json.status_code, len(json.json()["Invoices"])) == (200, 3)
    assert (xml.status_code, xml.headers["content-type"].partition(";")[0]) == (200, "text/xml")


def test_access_token_is_as_long_as_a_real_one(xero: XeroSandbox) -> None:
    access_token = xero.grant()["access_token"]

    assert 1024 <= len(access_token) <= 2048
    assert access_token.count(".") == 2


def test_expired_access_token_is_told_apart_from_one_that_never_was(xero: XeroSandbox) -> None:
    access_token = xero.grant()["access_token"]
    xero.expire()

    expired = xero.ask("/api.xro/2.0/Invoices", access_token)
    unknown = xero.ask("/api.xro/2.0/Invoices", "no-such-token")

    assert (expired.status_code, expired.json()["Detail"].partition(":")[0]) == (401, "TokenExpired")
    assert (unknown.status_code, unknown.json()["Detail"]) == (401, "AuthenticationUnsuccessful")


def test_wrong_tenant_is_forbidden(xero: XeroSandbox) -> None:
    answer = xero.ask("/api.xro/2.0/Invoices", xero.grant()["access_token"], xero_tenant_id="another")

    assert (answer.status_code, answer.json()["Detail"]) == (403, "AuthenticationUnsuccessful")


def test_unknown_resource_is_not_found(xero: XeroSandbox) -> None:
    assert xero.ask("/api.xro/2.0/Nonsense", xero.grant()["access_token"]).status_code == 404


def test_refresh_gives_a_new_pair_that_works(xero: XeroSandbox) -> None:
    old = xero.grant()

    answer = xero.refresh(old["refresh_token"])

    new = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert new["refresh_token"] != old["refresh_token"]
    assert xero.ask("/api.xro/2.0/Invoices", new["access_token"]).status_code == 200


def test_used_refresh_token_is_taken_again_within_the_grace_period(xero: XeroSandbox) -> None:
    old = xero.grant()

    answers = [xero.refresh(old["refresh_token"]), xero.refresh(old["refresh_token"])]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_used_refresh_token_is_refused_without_a_grace_period_and_the_new_one_lives(xero: XeroSandbox) -> None:
    xero.be(grace_seconds=0)
    old = xero.grant()
    new = xero.refresh(old["refresh_token"]).json()

    again = xero.refresh(old["refresh_token"])

    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert xero.refresh(new["refresh_token"]).status_code == 200


def test_strict_server_revokes_the_new_pair_too(xero: XeroSandbox) -> None:
    xero.be(grace_seconds=0, strict=True)
    old, stranger = xero.grant(), xero.grant()
    new = xero.refresh(old["refresh_token"]).json()

    xero.refresh(old["refresh_token"])

    assert xero.refresh(new["refresh_token"]).json() == {"error": "invalid_grant"}
    assert xero.ask("/api.xro/2.0/Invoices", new["access_token"]).status_code == 401
    assert xero.refresh(stranger["refresh_token"]).status_code == 200


def test_trailing_newline_in_the_form_makes_the_refresh_token_unknown(xero: XeroSandbox) -> None:
    answer = xero.post_form(form(xero.grant()["refresh_token"]) + "\n")

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_refresh_token_that_was_not_encoded_is_unknown(xero: XeroSandbox) -> None:
    answer = xero.post_form(f"grant_type=refresh_token&refresh_token={xero.grant()['refresh_token']}")

    assert answer.json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("headers", "body", "status", "error"),
    [
        ({"Authorization": "Basic bm9ib2R5Og=="}, form("x"), 401, "invalid_client"),
        ({"Content_Type": "application/json"}, form("x"), 400, "invalid_request"),
        ({}, "grant_type=refresh_token&refresh_token=x&refresh_token=y", 400, "invalid_request"),
        ({}, "grant_type=password&refresh_token=x", 400, "unsupported_grant_type"),
        ({}, "grant_type=refresh_token", 400, "invalid_grant"),
    ],
)
def test_token_request_that_is_wrong_is_refused_by_its_name(
    xero: XeroSandbox, headers: dict[str, str], body: str, status: int, error: str
) -> None:
    answer = xero.post_form(body, **headers)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silence", httpx.ReadTimeout),
        ("reset", httpx.ReadError),
        ("drip", httpx.ReadTimeout),
        ("cut_short", httpx.RemoteProtocolError),
    ],
)
def test_answer_that_is_lost_on_its_way_has_spent_the_refresh_token(
    xero: XeroSandbox, fault: str, error: type[httpx.HTTPError]
) -> None:
    xero.fail("token", fault, times=1)
    xero.client.timeout = httpx.Timeout(0.1)

    with pytest.raises(error):
        xero.refresh(xero.grant()["refresh_token"])

    xero.client.timeout = httpx.Timeout(5)
    assert [grant["used_at"] is None for grant in xero.state()["grants"][-2:]] == [False, True]


@pytest.mark.parametrize("fault", ["unavailable", "html", "error_json", "malformed", "empty", "ten_megabytes"])
def test_answer_that_is_wrong_spends_no_refresh_token(xero: XeroSandbox, fault: str) -> None:
    refresh_token = xero.grant()["refresh_token"]
    xero.fail("token", fault, times=1)

    answer = xero.refresh(refresh_token)

    assert "expires_in" not in answer.text
    assert xero.state()["grants"][-1]["used_at"] is None
    assert xero.refresh(refresh_token).json()["token_type"] == "Bearer"


def test_limit_of_a_minute_says_when_to_come_again(xero: XeroSandbox) -> None:
    xero.fail("api", "minute_limit", times=1)

    answer = xero.ask("/api.xro/2.0/Invoices", xero.grant()["access_token"])

    assert (answer.status_code, answer.headers["retry-after"], answer.headers["x-rate-limit-problem"]) == (
        429,
        "1",
        "minute",
    )


def test_redirect_leads_to_another_host(xero: XeroSandbox) -> None:
    xero.fail("api", "redirect", times=1)

    answer = xero.ask("/api.xro/2.0/Invoices", xero.grant()["access_token"])

    assert answer.status_code == 302
    assert httpx.URL(answer.headers["location"]).host == "localhost"
    assert xero.client.base_url.host == "127.0.0.1"


def test_switches_know_what_they_can_switch(xero: XeroSandbox) -> None:
    answer = xero.client.post("/sandbox/faults", json={"endpoint": "api", "fault": "earthquake"})

    assert answer.status_code == 400
    assert {"reset", "html", "day_limit"} <= set(answer.json()["faults"])


def test_requests_are_remembered_as_they_came(xero: XeroSandbox) -> None:
    xero.ask("/api.xro/2.0/Invoices?page=1", "token")

    [asked] = xero.requests("api")

    assert asked["url"].endswith("/Invoices?page=1")
    assert asked["headers"]["authorization"] == "Bearer token"
