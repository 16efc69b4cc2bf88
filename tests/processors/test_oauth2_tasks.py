"""Many tasks, one OAuth2AccessTokenProvider: one of them asks, the others wait for what it gets."""

import socket
import sys
import threading
import time
from collections.abc import Callable

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer
from tests.processors.oauth2_kit import (
    CREDENTIALS,
    REFRESH,
    providing,
    token,
    tokens,
)

from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.oauth2_access_token_provider import OAuth2AccessTokenProvider


def failure_of(provider: OAuth2AccessTokenProvider) -> str:
    with pytest.raises(RequestError) as caught:
        token(provider)
    return caught.value.message


def waiting_for_a_turn() -> list[str]:
    """The threads that wait for another's request."""
    frames = [frame for frame in sys._current_frames().values() if frame.f_code.co_name == "_taking_turns"]
    return [frame.f_code.co_name for frame in frames]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.001)


def in_parallel(count: int, work: Callable[[], str]) -> list[str]:
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(work())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return seen


def test_many_tasks_wait_for_one_request() -> None:
    with LoopbackServer(tokens()) as server, providing(server, REFRESH) as provider:
        seen = in_parallel(8, lambda: token(provider))

    assert seen == ["a1"] * 8
    assert len(server.asked) == 1


def test_those_who_waited_share_the_failure() -> None:
    released = threading.Event()

    def slow_failure(connection: socket.socket) -> None:
        released.wait(10)
        connection.sendall(answer(status=503, reason="No"))

    with LoopbackServer(slow_failure) as server, providing(server, REFRESH) as provider:
        seen: list[str] = []
        threads = [threading.Thread(target=lambda: seen.append(failure_of(provider))) for _ in range(5)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(server.asked) == 1 and len(waiting_for_a_turn()) == 4)
        released.set()
        for thread in threads:
            thread.join(10)

    assert all("answered 503" in message for message in seen)
    assert (len(seen), len(server.asked)) == (5, 1)


def test_who_has_no_time_left_does_not_wait_for_another_s_request() -> None:
    held = threading.Event()

    def slow(connection: socket.socket) -> None:
        held.wait(10)
        connection.sendall(tokens())

    with LoopbackServer(slow) as server, providing(server, REFRESH) as provider:
        first = threading.Thread(target=token, args=(provider,))
        first.start()
        wait_for(lambda: len(server.asked) == 1)
        with pytest.raises(RequestError, match="another task is still waiting for one"):
            provider.access_token(time.monotonic() + 0.01)
        held.set()
        first.join(10)


def test_a_token_that_somebody_has_replaced_already_is_not_replaced_again() -> None:
    with LoopbackServer(tokens("a1"), tokens("a2")) as server, providing(server, CREDENTIALS) as provider:
        token(provider)
        seen = in_parallel(6, lambda: provider.replacement("a1", time.monotonic() + 10) or "")

    assert seen == ["a2"] * 6
    assert len(server.asked) == 2


def test_who_waited_while_a_refused_token_was_replaced_in_vain_is_not_given_it() -> None:
    released = threading.Event()

    def slow_failure(connection: socket.socket) -> None:
        released.wait(10)
        connection.sendall(answer(status=503, reason="No"))

    with (
        LoopbackServer(tokens("a1"), slow_failure) as server,
        providing(server, CREDENTIALS) as provider,
    ):
        token(provider)
        seen: list[str] = []

        def replace() -> None:
            with pytest.raises(RequestError):
                provider.replacement("a1", time.monotonic() + 10)

        threads = [threading.Thread(target=replace)]
        threads[0].start()
        wait_for(lambda: len(server.asked) == 2)
        threads += [threading.Thread(target=lambda: seen.append(failure_of(provider))) for _ in range(3)]
        for thread in threads[1:]:
            thread.start()
        wait_for(lambda: len(waiting_for_a_turn()) == 3)
        released.set()
        for thread in threads:
            thread.join(10)

    assert len(seen) == 3
    assert len(server.asked) == 2
