"""What OAuth2AccessTokenProvider asks of an identity server, and what it makes of the answers."""

import json
import socket
import time
from base64 import b64decode

import pytest
from tests.processors.invoke_http_kit import Answer, LoopbackServer, answer, hang_up, redirect
from tests.processors.oauth2_kit import CREDENTIALS, PASSWORD, REFRESH, form, providing, refusal, token, tokens

from flowrun.errors import PropertyError, Severity
from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.oauth2_access_token_provider import OAuth2AccessTokenProvider

URL = {"Authorization Server URL": "https://localhost/token"}


def half_an_answer(connection: socket.socket) -> None:
    """Announce more than comes."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"access_token": "a1"')


def silence(connection: socket.socket) -> None:
    """Say nothing until the client has gone."""
    connection.recv(1)


@pytest.mark.parametrize(
    ("properties", "grant"),
    [
        (REFRESH, {"grant_type": "refresh_token", "refresh_token": "first"}),
        (CREDENTIALS, {"grant_type": "client_credentials"}),
        (PASSWORD, {"grant_type": "password", "username": "ada", "password": "open sesame"}),
    ],
)
def test_each_grant_has_its_form(properties: dict[str, str], grant: dict[str, str]) -> None:
    with LoopbackServer(tokens()) as server, providing(server, properties) as provider:
        assert token(provider) == "a1"

    [asked] = server.asked
    client = {"client_id": "client", "client_secret": "client-secret"} if "Client ID" in properties else {}
    assert form(asked) == grant | client
    assert (asked.method, asked.target) == ("POST", "/token")
    assert asked.header("Content-Type") == "application/x-www-form-urlencoded"
    assert asked.header("Accept") == "application/json"
    assert asked.header("Authorization") is None


def test_client_credentials_go_by_basic_authentication_as_they_stand() -> None:
    properties = REFRESH | {"Client Authentication Strategy": "BASIC_AUTHENTICATION", "Client secret": "a:b+c/d="}
    with LoopbackServer(tokens()) as server, providing(server, properties) as provider:
        token(provider)

    [asked] = server.asked
    assert form(asked) == {"grant_type": "refresh_token", "refresh_token": "first"}
    assert b64decode((asked.header("Authorization") or "").removeprefix("Basic ")) == b"client:a:b+c/d="


def test_further_fields_go_with_every_request() -> None:
    more = {"Scope": "read write", "Resource": "https://r.example/?a=b&c", "Audience": "é", "FORM.account_id": "42"}
    with LoopbackServer(tokens(expires_in=0)) as server, providing(server, REFRESH | more) as provider:
        token(provider)
        token(provider)

    for asked in server.asked:
        wanted = {"scope": "read write", "resource": "https://r.example/?a=b&c", "audience": "é", "account_id": "42"}
        assert form(asked).items() >= wanted.items()


def test_values_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_TOKEN", " from/the=environment\n")
    with (
        LoopbackServer(tokens()) as server,
        providing(server, REFRESH | {"Refresh Token": "${FIRST_TOKEN}"}) as provider,
    ):
        token(provider)

    assert form(server.asked[0])["refresh_token"] == "from/the=environment"


def test_each_request_has_a_connection_of_its_own() -> None:
    with LoopbackServer(tokens(expires_in=0)) as server, providing(server, CREDENTIALS) as provider:
        token(provider)
        token(provider)

    assert server.connections == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (answer(b"<html>Sign in</html>"), "holds no tokens"),
        (answer(b'{"access_token": "a1", "error": "temporarily_unavailable"}'), "holds no tokens"),
        (answer(b'{"access_token": "eyJ'), "holds no tokens"),
        (answer(b'{"access_token": " "}'), "holds no tokens"),
        (answer(b'{"access_token": 7}'), "holds no tokens"),
        (answer(json.dumps({"access_token": "a\r\nX: 1"}).encode()), "holds no tokens"),
        (answer(b'["a1"]'), "holds no tokens"),
        (answer(b"[" * 100_000), "holds no tokens"),
        (answer(b"\xff\xfe"), "holds no tokens"),
        (answer(b""), "holds no tokens"),
        (answer(status=204, reason="No Content"), "answered 204, but its answer holds no tokens"),
        (answer(b'{"access_token": "a1", "padding": "' + b"x" * (1 << 20) + b'"}'), "far too large"),
        (answer(status=500, reason="No"), "answered 500"),
        (answer(status=429, reason="No"), "answered 429"),
        (redirect("/elsewhere"), "redirects (302); correct 'Authorization Server URL'"),
        (answer(status=404, reason="No"), "refused: 404"),
        (refusal("invalid_client", 401), "refused: 401 invalid_client; correct 'Client ID', 'Client secret'"),
        (refusal("invalid_scope"), "refused: 400 invalid_scope; correct 'Scope'"),
        (refusal("<script>"), "refused: 400"),
        (hang_up, "closed the connection without an answer"),
        (half_an_answer, "was cut short"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no HTTP"),
    ],
)
def test_an_answer_without_tokens_is_an_error_that_says_why(said: Answer, reason: str) -> None:
    with (
        LoopbackServer(said) as server,
        providing(server, REFRESH) as provider,
        pytest.raises(RequestError) as caught,
    ):
        token(provider)

    assert caught.value.message.startswith("no access token: ")
    assert reason in caught.value.message
    assert len(server.asked) == 1
    for secret in ("first", "client-secret", "script", "a1"):
        assert secret not in caught.value.message


def test_a_server_that_does_not_answer_is_given_up_after_a_while() -> None:
    with (
        LoopbackServer(silence) as server,
        providing(server, REFRESH | {"Request Timeout": "200 ms"}) as provider,
        pytest.raises(RequestError) as caught,
    ):
        token(provider)

    assert caught.value.java_class == "java.net.SocketTimeoutException"


def test_time_that_the_asker_has_left_does_not_cut_a_request_for_tokens_short() -> None:
    with LoopbackServer(tokens()) as server, providing(server, REFRESH) as provider:
        assert provider.access_token(time.monotonic() - 1) == "a1"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Grant Type": "client_credentials"}, "'Client ID' is required with the grant type client_credentials"),
        ({"Grant Type": "refresh_token"}, "needs the property 'Refresh Token'"),
        ({"Grant Type": "refresh_token", "Refresh Token": " "}, "'Refresh Token': the value does not fit"),
        ({}, "needs the property 'Username'"),
        ({**PASSWORD, "Client ID": "x"}, "needs the property 'Client secret'"),
        ({**CREDENTIALS, "Grant Type": "authorization_code"}, "expected one of password, client_credentials"),
        ({**CREDENTIALS, "Authorization Server URL": "ftp://h/"}, "expected a URL such as https://"),
        ({**CREDENTIALS, "Authorization Server URL": "${NOBODY_SET_THIS}"}, "expected a URL such as https://"),
        ({**CREDENTIALS, "HTTP Protocols": "H2"}, "expected one of HTTP_1_1, H2_HTTP_1_1"),
        ({**CREDENTIALS, "FORM.refresh_token": "x"}, "there is a property for it"),
        ({**CREDENTIALS, "account": "x"}, "expected 'FORM.' and the name of a form field"),
    ],
)
def test_mistakes_are_found_before_the_start(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError) as caught:
        OAuth2AccessTokenProvider(URL | properties).check()

    assert message in str(caught.value)


@pytest.mark.parametrize("properties", [{"Client ID": "a:b"}, {"Client secret": "日本"}])
def test_what_basic_authentication_can_not_send_is_found_before_the_start(properties: dict[str, str]) -> None:
    basic = {"Client Authentication Strategy": "BASIC_AUTHENTICATION"}

    OAuth2AccessTokenProvider(URL | CREDENTIALS | properties).check()
    with pytest.raises(PropertyError, match="with BASIC_AUTHENTICATION: expected"):
        OAuth2AccessTokenProvider(URL | CREDENTIALS | properties | basic).check()


@pytest.mark.parametrize(("url", "warnings"), [("http://h.example/", 1), ("http://localhost/", 0), ("https://h/", 0)])
def test_secrets_over_an_open_network_draw_a_warning(url: str, warnings: int) -> None:
    provider = OAuth2AccessTokenProvider({**CREDENTIALS, "Authorization Server URL": url})

    assert [problem.severity for problem in provider.problems] == [Severity.WARNING] * warnings


def test_names_and_labels_of_nifi_are_understood() -> None:
    provider = OAuth2AccessTokenProvider(
        {"authorization-server-url": "https://h/", "grant-type": "Client Credentials", "client-id": "c",
         "client-secret": "s", "HTTP Protocols": "h2 http/1.1"}
    )  # fmt: skip

    provider.check()
    assert provider.grant == "client_credentials"
