"""Bodies of answers: whole, compressed, cut short, or too large."""

import gzip
import socket

import pytest
from tests.processors.invoke_http_kit import Conversation, LoopbackServer, answer, invoke, invoking

CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
CHUNKS_CUT_SHORT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"


def send(data: bytes) -> Conversation:
    def say(connection: socket.socket) -> None:
        connection.sendall(data)

    return say


def test_gzip_that_was_not_asked_for_by_the_flow_is_undone() -> None:
    body = b"line\n" * 200_000
    with LoopbackServer(answer(gzip.compress(body), headers={"Content-Encoding": "GZip", "X-A": "1"})) as server:
        [response] = invoke(server.url)["Response"]

    assert response.content == body
    assert response.attributes["X-A"] == "1"
    assert "Content-Encoding" not in response.attributes
    assert "Content-Length" not in response.attributes


def test_several_gzip_members_are_one_body() -> None:
    zipped = gzip.compress(b"one ") + gzip.compress(b"two")
    with LoopbackServer(answer(zipped, headers={"Content-Encoding": "gzip"})) as server:
        [response] = invoke(server.url)["Response"]

    assert response.content == b"one two"


@pytest.mark.parametrize("zipped", [gzip.compress(b"x" * 1000, mtime=0)[:-6], b"no gzip at all"])
def test_gzip_that_is_none_or_has_no_end_is_a_failure(zipped: bytes) -> None:
    with LoopbackServer(answer(zipped, headers={"Content-Encoding": "gzip"})) as server:
        triggered = invoke(server.url)

    assert len(triggered["Failure"]) == 1
    assert triggered["Response"] == []


@pytest.mark.parametrize("said", [CUT_SHORT, CHUNKS_CUT_SHORT])
@pytest.mark.parametrize("properties", [{}, {"Response Body Attribute Name": "body"}])
def test_a_body_that_is_cut_short_is_a_failure(said: bytes, properties: dict[str, str]) -> None:
    with LoopbackServer(send(said)) as server:
        triggered = invoke(server.url, properties, content=b"question")

    [request] = triggered["Failure"]
    assert request.content == b"question"
    assert request.penalized
    assert request.attributes["invokehttp.java.exception.class"] == "java.io.IOException"
    assert "invokehttp.status.code" not in request.attributes
    assert triggered["Response"] == triggered["Original"] == []


def test_a_large_answer_arrives_whole() -> None:
    body = bytes(range(256)) * 4096 * 5
    with LoopbackServer(answer(body)) as server:
        [response] = invoke(server.url)["Response"]

    assert response.content == body


@pytest.mark.parametrize(
    "said",
    [
        answer(b"x" * 5000),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + b"x" * 5000 + b"\r\n0\r\n\r\n",
        answer(gzip.compress(b"x" * 5_000_000), headers={"Content-Encoding": "gzip"}),
    ],
)
def test_an_answer_over_the_limit_is_a_failure_that_keeps_none_of_it(said: bytes) -> None:
    with LoopbackServer(said) as server, invoking({"HTTP URL": server.url, "Response Size Limit": "4 KB"}) as runner:
        triggered = runner.trigger(b"question")

        [request] = triggered["Failure"]
        assert "Response Size Limit (4 KB)" in request.attributes["invokehttp.java.exception.message"]
        assert triggered["Response"] == []
        assert runner.contents_held <= 1


def test_an_answer_of_just_the_limit_is_taken() -> None:
    with LoopbackServer(answer(b"x" * 4096)) as server:
        [response] = invoke(server.url, {"Response Size Limit": "4 KB"})["Response"]

    assert len(response.content) == 4096
