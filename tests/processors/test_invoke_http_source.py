"""InvokeHttp without a connection coming in; and servers that ask to be left alone."""

import time

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer, invoke, invoking, poll

from flowrun.retry import RetryPolicy
from flowrun.testing import TestRunner
from flowrun_processors.invoke_http import InvokeHttp
from flowrun_processors.invoke_http.http_date import format_http_date

LIMIT = {"Response Retry-After Limit": "1 min"}


def test_each_trigger_sends_one_request() -> None:
    with LoopbackServer(answer(b"polled")) as server, invoking({"HTTP URL": server.url}, has_input=False) as runner:
        outputs = runner.trigger(times=2)["Response"]

    assert [output.content for output in outputs] == [b"polled"] * 2
    assert len(server.asked) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_methods_with_a_body_send_nothing(method: str) -> None:
    with LoopbackServer(answer()) as server:
        triggered = poll(server.url, {"HTTP Method": method})

    assert server.asked == []
    assert not any(triggered.values())


def test_with_an_attribute_for_the_body_an_empty_flowfile_takes_it() -> None:
    with LoopbackServer(answer(b"polled")) as server:
        triggered = poll(server.url, {"Response Body Attribute Name": "body"})

    [original] = triggered["Original"]
    assert original.attributes["body"] == "polled"
    assert original.content == b""
    assert triggered["Response"] == []


def test_another_status_yields_and_leaves_nothing() -> None:
    with LoopbackServer(answer(b"no", status=404, reason="x")) as server:
        triggered = poll(server.url)

    assert triggered.yielded
    assert not any(triggered.values())


def test_another_status_can_leave_a_response() -> None:
    with LoopbackServer(answer(b"no", status=404, reason="x")) as server:
        triggered = poll(server.url, {"Response Generation Required": "true"})

    assert triggered.yielded
    assert triggered["Response"][0].content == b"no"


def test_an_error_is_told_and_yields() -> None:
    with LoopbackServer(lambda _: None) as server:
        triggered = poll(server.url)

    assert triggered.yielded
    assert not any(triggered.values())
    assert "without an answer" in triggered.bulletins[0].message


def test_a_connection_without_flowfiles_means_nothing_to_do() -> None:
    with LoopbackServer(answer()) as server, invoking({"HTTP URL": server.url}) as runner:
        triggered = runner.trigger()

    assert server.asked == []
    assert not any(triggered.values())


def retry_after(value: str, status: int = 429) -> bytes:
    date = format_http_date(1_000_000_000)
    return answer(b"wait", status=status, reason="x", headers={"Retry-After": value, "Date": date})


def penalty(said: bytes, properties: dict[str, str]) -> float:
    """Seconds that a flowfile waits before it is tried again."""
    with LoopbackServer(said) as server:
        processor = InvokeHttp({"HTTP URL": server.url, **properties})
        runner = TestRunner(processor, penalty_duration=0, retry=RetryPolicy(frozenset({"Retry"})))
        runner.trigger(b"question")
        runner.stop()
    [placement] = runner.placements
    return placement.penalized_until - runner.clock.now()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        ("3600", 60),
        (format_http_date(1_000_000_007), 7),
        (format_http_date(1_000_009_000), 60),
    ],
)
def test_a_server_that_asks_to_wait_is_left_alone_for_that_long(status: int, value: str, seconds: float) -> None:
    assert penalty(retry_after(value, status), LIMIT) == seconds


@pytest.mark.parametrize(
    ("said", "properties"),
    [
        (retry_after("5"), {}),
        (retry_after("soon"), LIMIT),
        (answer(b"wait", status=429, reason="x"), LIMIT),
        (retry_after("5", 403), LIMIT),
    ],
)
def test_otherwise_429_and_others_go_to_no_retry_as_in_nifi(said: bytes, properties: dict[str, str]) -> None:
    with LoopbackServer(said) as server:
        triggered = invoke(server.url, properties)

    assert len(triggered["No Retry"]) == 1
    assert triggered["Retry"] == []


def test_a_date_counts_from_now_if_the_server_does_not_say_what_time_it_is() -> None:
    said = answer(b"wait", status=429, reason="x", headers={"Retry-After": format_http_date(int(time.time()) + 30)})

    assert 25 < penalty(said, LIMIT) <= 30
