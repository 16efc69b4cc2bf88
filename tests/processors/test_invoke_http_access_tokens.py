"""InvokeHttp with an access token provider: the token, and what a 401 means."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, redirect
from tests.processors.oauth2_kit import CREDENTIALS, REFRESH, Disk, providing, refusal, tokens

from flowrun.errors import PropertyError, RepositoryError
from flowrun.testing import TestRunner
from flowrun_processors.invoke_http import InvokeHttp
from flowrun_processors.oauth2_access_token_provider import OAuth2AccessTokenProvider

PROVIDER = {"Request OAuth2 Access Token Provider": "tokens"}
ON_401 = {**PROVIDER, "OAuth2 Access Token Refresh Strategy": "ON_UNAUTHORIZED_RESPONSE"}
UNAUTHORIZED = answer(b"who?", status=401, reason="Unauthorized")
MESSAGE = "invokehttp.java.exception.message"


@contextmanager
def asking(
    api: LoopbackServer, identity: LoopbackServer, properties: Mapping[str, str], grant: Mapping[str, str] = CREDENTIALS
) -> Iterator[TestRunner]:
    """InvokeHttp with a provider of tokens."""
    with providing(identity, grant) as provider:
        runner = TestRunner(InvokeHttp({"HTTP URL": api.url, **properties}, services={"tokens": provider}))
        try:
            yield runner
        finally:
            runner.stop()


def authorizations(server: LoopbackServer) -> list[str | None]:
    return [asked.header("Authorization") for asked in server.asked]


def test_the_token_goes_with_each_request() -> None:
    with (
        LoopbackServer(answer(b"data")) as api,
        LoopbackServer(tokens("a.b-c~d+e/f=")) as identity,
        asking(api, identity, PROVIDER) as runner,
    ):
        runner.trigger(b"")
        [response] = runner.trigger(b"")["Response"]

    assert response.content == b"data"
    assert authorizations(api) == ["Bearer a.b-c~d+e/f="] * 2
    assert len(identity.asked) == 1


def test_a_token_that_was_refused_is_replaced_and_the_request_sent_again() -> None:
    with (
        LoopbackServer(UNAUTHORIZED, answer(b"data")) as api,
        LoopbackServer(tokens("a1", refresh_token="r1"), tokens("a2", refresh_token="r2")) as identity,
        asking(api, identity, {**ON_401, "HTTP Method": "POST"}, REFRESH) as runner,
    ):
        triggered = runner.trigger(b"content")

    [response] = triggered["Response"]
    assert response.content == b"data"
    assert len(triggered["Original"]) == 1
    assert authorizations(api) == ["Bearer a1", "Bearer a2"]
    assert [asked.body for asked in api.asked] == [b"content"] * 2


def test_a_401_is_an_answer_where_tokens_are_replaced_when_they_expire_only() -> None:
    with (
        LoopbackServer(UNAUTHORIZED) as api,
        LoopbackServer(tokens()) as identity,
        asking(api, identity, PROVIDER) as runner,
    ):
        [request] = runner.trigger(b"")["No Retry"]

    assert request.attributes["invokehttp.status.code"] == "401"
    assert len(identity.asked) == len(api.asked) == 1


def test_a_new_token_that_is_refused_too_is_an_answer_and_no_reason_to_go_on() -> None:
    with (
        LoopbackServer(UNAUTHORIZED) as api,
        LoopbackServer(tokens("a1"), tokens("a2"), tokens("a3")) as identity,
        asking(api, identity, ON_401) as runner,
    ):
        for _ in range(3):
            triggered = runner.trigger(b"")

    assert len(triggered["No Retry"]) == 1
    assert len(identity.asked) == 2
    assert authorizations(api) == ["Bearer a1", "Bearer a2", "Bearer a2", "Bearer a2"]


def test_another_server_never_gets_the_token() -> None:
    with (
        LoopbackServer(UNAUTHORIZED) as other,
        LoopbackServer(redirect(other.url)) as api,
        LoopbackServer(tokens()) as identity,
        asking(api, identity, ON_401) as runner,
    ):
        triggered = runner.trigger(b"")

    assert len(triggered["No Retry"]) == 1
    assert authorizations(other) == [None]
    assert len(identity.asked) == 1


def test_a_redirect_on_the_same_server_keeps_the_token() -> None:
    with (
        LoopbackServer(redirect("/there"), answer()) as api,
        LoopbackServer(tokens()) as identity,
        asking(api, identity, PROVIDER) as runner,
    ):
        runner.trigger(b"")

    assert authorizations(api) == ["Bearer a1"] * 2


def test_without_a_token_nothing_is_asked_and_the_flowfile_fails() -> None:
    with (
        LoopbackServer(answer()) as api,
        LoopbackServer(refusal("invalid_grant")) as identity,
        asking(api, identity, PROVIDER, REFRESH) as runner,
    ):
        triggered = runner.trigger(b"")

    [request] = triggered["Failure"]
    assert request.penalized
    assert "invalid_grant: authorize the app again" in request.attributes[MESSAGE]
    assert request.attributes["invokehttp.java.exception.class"].endswith("ProcessException")
    assert api.asked == []


def test_a_token_that_can_not_be_kept_stops_the_engine_and_is_no_failure_of_the_flowfile() -> None:
    disk = Disk()
    disk.error = RepositoryError("no space left on device")
    with LoopbackServer(answer()) as api, LoopbackServer(tokens()) as identity:
        with providing(identity, REFRESH, disk) as provider:
            runner = TestRunner(InvokeHttp({"HTTP URL": api.url, **PROVIDER}, services={"tokens": provider}))
            with pytest.raises(RepositoryError):
                runner.trigger(b"")
            runner.stop()

        assert api.asked == identity.asked == []


@pytest.mark.parametrize("header", ["Authorization", "authorization", "Request Username", "Request Password"])
def test_two_ways_to_say_who_asks_are_refused(header: str) -> None:
    provider = OAuth2AccessTokenProvider({"Authorization Server URL": "https://localhost/", **CREDENTIALS})
    properties = {"HTTP URL": "http://localhost/", **PROVIDER, header: "x"}

    with pytest.raises(PropertyError, match="Request OAuth2 Access Token Provider"):
        InvokeHttp(properties, services={"tokens": provider}).check()


def test_an_attribute_that_is_sent_as_a_header_does_not_get_before_the_token() -> None:
    with (
        LoopbackServer(answer()) as api,
        LoopbackServer(tokens()) as identity,
        asking(api, identity, {**PROVIDER, "Request Header Attributes Pattern": "Authorization"}) as runner,
    ):
        runner.trigger(b"", Authorization="Basic x")

    assert authorizations(api) == ["Bearer a1"]
