"""What OAuth2AccessTokenProvider keeps: rotated refresh tokens, on the disk before anything is used."""

from collections.abc import Mapping

import pytest
from tests.processors.invoke_http_kit import Asked, LoopbackServer, answer
from tests.processors.oauth2_kit import (
    CREDENTIALS,
    PASSWORD,
    REFRESH,
    Disk,
    form,
    providing,
    token,
    tokens,
)

from flowrun.errors import RepositoryError
from flowrun_processors.http_client.request_error import RequestError


def refresh_token_of(asked: Asked) -> str:
    return form(asked)["refresh_token"]


def test_after_a_restart_the_newest_refresh_token_is_used() -> None:
    disk = Disk()
    answers = tokens("a1", refresh_token="r1", expires_in=0), tokens("a2", refresh_token="r2", expires_in=0)
    with LoopbackServer(*answers) as server:
        for _ in range(3):
            with providing(server, REFRESH, disk) as provider:
                token(provider)

    assert [refresh_token_of(asked) for asked in server.asked] == ["first", "r1", "r2"]


def test_after_a_restart_a_token_that_is_still_good_is_used_and_nobody_is_asked() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1")) as server:
        for _ in range(2):
            with providing(server, REFRESH, disk) as provider:
                assert token(provider) == "a1"

    assert len(server.asked) == 1


def test_another_configured_token_begins_anew() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1"), tokens("a2", refresh_token="r2")) as server:
        with providing(server, REFRESH, disk) as provider:
            token(provider)
        with providing(server, REFRESH | {"Refresh Token": "second"}, disk) as provider:
            seen = token(provider)

    assert seen == "a2"
    assert [refresh_token_of(asked) for asked in server.asked] == ["first", "second"]
    assert disk.state["refresh_token"] == "r2"


def test_a_configured_token_that_was_refused_does_not_cost_the_one_before() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1", expires_in=0), answer(status=500), tokens("a2")) as server:
        with providing(server, REFRESH, disk) as provider:
            token(provider)
        with providing(server, REFRESH | {"Refresh Token": "typo"}, disk) as provider, pytest.raises(RequestError):
            token(provider)
        with providing(server, REFRESH, disk) as provider:
            token(provider)

    assert [refresh_token_of(asked) for asked in server.asked] == ["first", "typo", "r1"]


def test_an_access_token_got_with_another_scope_is_not_used_but_its_refresh_token_is() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1"), tokens("a2", refresh_token="r2")) as server:
        with providing(server, REFRESH | {"Scope": "read"}, disk) as provider:
            token(provider)
        with providing(server, REFRESH | {"Scope": "read write"}, disk) as provider:
            seen = token(provider)

    assert seen == "a2"
    assert [refresh_token_of(asked) for asked in server.asked] == ["first", "r1"]


def test_what_was_given_away_is_on_the_disk() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1")) as server, providing(server, REFRESH, disk) as provider:
        assert token(provider) == "a1"

    assert disk.state["refresh_token"] == "r1"
    assert disk.state["access_token"] == "a1"


class DiskThatFillsUp(Disk):
    """Takes so many saves, and then none until there is room."""

    room = 1

    def _save(self, values: Mapping[str, str]) -> None:
        self.error = None if self.saves < self.room else RepositoryError("no space left on device")
        super()._save(values)


def test_a_token_that_can_not_be_kept_is_not_given_away_and_not_forgotten() -> None:
    disk = DiskThatFillsUp()
    with LoopbackServer(tokens("a1", refresh_token="r1")) as server, providing(server, REFRESH, disk) as provider:
        for _ in range(2):
            with pytest.raises(RepositoryError):
                token(provider)
        disk.room = 2

        assert token(provider) == "a1"

    assert len(server.asked) == 1
    assert disk.state["refresh_token"] == "r1"


def test_a_disk_that_takes_nothing_is_found_out_before_a_token_is_spent() -> None:
    disk = Disk()
    disk.error = RepositoryError("no space left on device")
    with LoopbackServer(tokens()) as server, providing(server, REFRESH, disk) as provider:
        with pytest.raises(RepositoryError):
            token(provider)

        assert server.asked == []


def test_the_configured_token_is_kept_as_a_hash_only() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1")) as server, providing(server, REFRESH, disk) as provider:
        token(provider)

    assert "first" not in "".join(disk.state.values())
    assert "client-secret" not in "".join(disk.state.values())


@pytest.mark.parametrize("properties", [CREDENTIALS, PASSWORD])
def test_other_grants_keep_nothing(properties: dict[str, str]) -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1")) as server, providing(server, properties, disk) as provider:
        token(provider)

    assert disk.saves == 0


def test_state_that_makes_no_sense_costs_a_request_and_no_more() -> None:
    disk = Disk()
    with LoopbackServer(tokens("a1", refresh_token="r1"), tokens("a2")) as server:
        with providing(server, REFRESH, disk) as provider:
            token(provider)
        disk.state = {**disk.state, "expires_at": "soon"}
        with providing(server, REFRESH, disk) as provider:
            seen = token(provider)

    assert seen == "a2"
