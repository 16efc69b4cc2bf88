"""How long OAuth2AccessTokenProvider uses a token, and how it comes by the next one."""

import math
import time

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer
from tests.processors.oauth2_kit import (
    CREDENTIALS,
    PASSWORD,
    REFRESH,
    Clock,
    Disk,
    form,
    providing,
    refusal,
    token,
    tokens,
)

from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.oauth2_access_token_provider.tokens import read_tokens


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def refreshes(server: LoopbackServer) -> list[str]:
    """The refresh tokens that came in."""
    return [form(asked)["refresh_token"] for asked in server.asked]


def test_a_token_is_used_until_its_end_less_the_window(clock: Clock) -> None:
    with (
        LoopbackServer(tokens("a1", expires_in=1800), tokens("a2")) as server,
        providing(server, CREDENTIALS | {"Refresh Window": "5 min"}) as provider,
    ):
        seen = []
        for moment in (0, 1499, 1501):
            clock.now = 1_000_000.0 + moment
            seen.append(token(provider))

    assert seen == ["a1", "a1", "a2"]
    assert len(server.asked) == 2


def test_a_window_longer_than_a_token_s_life_leaves_it_half_of_it(clock: Clock) -> None:
    with (
        LoopbackServer(tokens("a1", expires_in=10), tokens("a2")) as server,
        providing(server, CREDENTIALS | {"Refresh Window": "1 h"}) as provider,
    ):
        token(provider)
        clock.now += 4.9
        before = token(provider)
        clock.now += 0.2
        after = token(provider)

    assert (before, after) == ("a1", "a2")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (b"60", 60),
        (b'"60"', 60),
        (b"0.5", 0.5),
        (b"0", 0),
        (b"-5", 300),
        (b"null", 300),
        (b"true", 300),
        (b'"soon"', 300),
        (b"NaN", 300),
        (b"1e999", 315_360_000),
        (b"1" + b"0" * 400, 315_360_000),
    ],
)
def test_every_way_to_write_a_lifetime_is_understood(said: bytes, seconds: float) -> None:
    found = read_tokens(b'{"access_token": "a1", "expires_in": ' + said + b"}", 1000.0)

    assert found is not None
    assert math.isclose(found.expires_at - 1000.0, seconds)


def test_without_a_lifetime_a_token_counts_for_five_minutes(clock: Clock) -> None:
    with LoopbackServer(tokens("a1", expires_in=None), tokens("a2")) as server, providing(server, CREDENTIALS) as used:
        token(used)
        clock.now += 299
        before = token(used)
        clock.now += 2
        after = token(used)

    assert (before, after) == ("a1", "a2")


def test_the_rotated_refresh_token_brings_the_next_tokens() -> None:
    answers = (tokens("a1", refresh_token="r1", expires_in=0), tokens("a2", refresh_token="r2", expires_in=0))
    with LoopbackServer(*answers) as server, providing(server, REFRESH) as provider:
        for _ in range(3):
            token(provider)

    assert refreshes(server) == ["first", "r1", "r2"]


@pytest.mark.parametrize("absent", [None, " ", 7])
def test_a_refresh_token_that_is_not_rotated_stays(absent: object) -> None:
    with LoopbackServer(tokens(refresh_token=absent, expires_in=0)) as server, providing(server, REFRESH) as provider:
        token(provider)
        token(provider)

    assert refreshes(server) == ["first", "first"]


def test_a_failure_is_no_end_the_next_task_asks_again() -> None:
    with LoopbackServer(answer(status=500, reason="No"), tokens()) as server, providing(server, REFRESH) as provider:
        with pytest.raises(RequestError):
            token(provider)

        assert token(provider) == "a1"


def test_while_no_new_token_is_to_be_had_the_old_one_is_used_as_long_as_it_is_good(clock: Clock) -> None:
    down = answer(status=503, reason="No")
    with (
        LoopbackServer(tokens("a1", expires_in=100), down) as server,
        providing(server, CREDENTIALS | {"Refresh Window": "40 s"}) as provider,
    ):
        token(provider)
        clock.now += 70
        seen = [token(provider) for _ in range(5)]
        asked = len(server.asked)
        clock.now += 40
        with pytest.raises(RequestError, match="answered 503"):
            token(provider)

    assert seen == ["a1"] * 5
    assert asked == 2


def test_invalid_grant_ends_the_asking_and_a_person_hears_of_it_once() -> None:
    disk = Disk()
    with LoopbackServer(refusal("invalid_grant")) as server, providing(server, REFRESH, disk) as provider:
        messages = set()
        for _ in range(3):
            with pytest.raises(RequestError) as caught:
                token(provider)
            messages.add(caught.value.message)

    [message] = messages
    assert "invalid_grant: authorize the app again, and set 'Refresh Token' to the new one" in message
    assert "not asked again before the flow is restarted" in message
    assert disk.said == [message]
    assert len(server.asked) == 1


def test_after_invalid_grant_a_restart_asks_again() -> None:
    disk = Disk()
    with LoopbackServer(refusal("invalid_grant"), tokens()) as server:
        with providing(server, REFRESH, disk) as provider, pytest.raises(RequestError):
            token(provider)
        with providing(server, REFRESH, disk) as provider:
            assert token(provider) == "a1"


def test_after_another_refusal_the_server_is_left_alone_for_a_minute(clock: Clock) -> None:
    with LoopbackServer(refusal("invalid_client", 401), tokens()) as server, providing(server, CREDENTIALS) as provider:
        for _ in range(3):
            with pytest.raises(RequestError, match="invalid_client"):
                token(provider)
            clock.now += 19
        asked = len(server.asked)
        clock.now += 10
        seen = token(provider)

    assert asked == 1
    assert seen == "a1"


def test_a_user_s_tokens_are_refreshed_and_the_password_is_for_when_that_fails() -> None:
    answers = (
        tokens("a1", refresh_token="r1", expires_in=0),
        tokens("a2", refresh_token="r2", expires_in=0),
        refusal("invalid_grant"),
        tokens("a3"),
    )
    with LoopbackServer(*answers) as server, providing(server, PASSWORD) as provider:
        seen = [token(provider) for _ in range(3)]

    assert seen == ["a1", "a2", "a3"]
    grants = [form(asked)["grant_type"] for asked in server.asked]
    assert grants == ["password", "refresh_token", "refresh_token", "password"]


def test_a_wrong_password_is_not_tried_again() -> None:
    disk = Disk()
    with LoopbackServer(refusal("invalid_grant")) as server, providing(server, PASSWORD, disk) as provider:
        for _ in range(2):
            with pytest.raises(RequestError, match="correct 'Username' and 'Password'"):
                token(provider)

    assert len(server.asked) == len(disk.said) == 1


def test_a_refused_token_is_replaced_once_a_minute(clock: Clock) -> None:
    with (
        LoopbackServer(tokens("a1"), tokens("a2"), tokens("a3")) as server,
        providing(server, CREDENTIALS) as provider,
    ):
        deadline = time.monotonic() + 10
        token(provider)
        seen = [provider.replacement("a1", deadline), provider.replacement("a2", deadline)]
        clock.now += 61
        seen.append(provider.replacement("a2", deadline + 61))

    assert seen == ["a2", None, "a3"]
    assert len(server.asked) == 3


def test_a_refused_token_is_not_used_again_though_there_was_no_other_at_once() -> None:
    answers = tokens("a1"), answer(status=503, reason="No"), tokens("a2")
    with LoopbackServer(*answers) as server, providing(server, CREDENTIALS) as provider:
        token(provider)
        with pytest.raises(RequestError, match="answered 503"):
            provider.replacement("a1", time.monotonic() + 10)

        assert token(provider) == "a2"
