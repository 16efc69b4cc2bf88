"""InvokeHttp has no answer: every error ends in Failure, says why, and tells no secret."""

import logging
import re
import select
import socket
import time
from collections.abc import Mapping

import pytest
from tests.processors.invoke_http_kit import Answer, Conversation, LoopbackServer, answer, hang_up, invoke, redirect

from flowrun.testing import Triggered

CLASS = "invokehttp.java.exception.class"
MESSAGE = "invokehttp.java.exception.message"
GARBAGE = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"


def closed_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"


def drip(pieces: bytes, pause: float) -> Conversation:
    """Send one byte after the other, with pauses, until the client has gone."""

    def talk(connection: socket.socket) -> None:
        for byte in pieces:
            connection.sendall(bytes([byte]))
            if select.select([connection], [], [], pause)[0]:
                return

    return talk


def silence(connection: socket.socket) -> None:
    """Say nothing until the client has gone."""
    connection.recv(1)


def failure(triggered: Triggered) -> Mapping[str, str]:
    [request] = triggered["Failure"]
    assert request.penalized
    assert "invokehttp.status.code" not in request.attributes
    assert triggered["Original"] == triggered["Response"] == triggered["Retry"] == triggered["No Retry"] == []
    assert not triggered.failed
    return request.attributes


def test_a_port_on_which_nobody_listens() -> None:
    attributes = failure(invoke(closed_url()))

    assert attributes[CLASS] == "java.net.ConnectException"
    assert "127.0.0.1" in attributes[MESSAGE]


def test_a_host_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    attributes = failure(invoke("http://host.example/"))

    assert attributes[CLASS] == "java.net.UnknownHostException"
    assert attributes[MESSAGE] == "the host 'host.example' is not known"


def test_a_host_whose_name_can_be_none() -> None:
    attributes = failure(invoke(f"http://{'x' * 64}.example/"))

    assert attributes[CLASS] == "java.net.UnknownHostException"


@pytest.mark.parametrize(
    "url", ["nonsense", "", "ftp://host/", "http://", "http://a b/", "http://h:0/", "http://[::1", "://"]
)
def test_a_url_that_is_none(url: str) -> None:
    attributes = failure(invoke("${u}", u=url))

    assert attributes[CLASS] == "java.lang.IllegalArgumentException"


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\nX: 1", "É"])
def test_a_method_that_is_none(method: str) -> None:
    with LoopbackServer(answer()) as server:
        attributes = failure(invoke(server.url, {"HTTP Method": "${verb}"}, verb=method))

    assert attributes[CLASS] == "java.lang.IllegalArgumentException"
    assert server.asked == []


@pytest.mark.parametrize("value", ["one\r\nX-Evil: 1", "one\ntwo", "\x00", "日本", "caf\xe9", "\x7f"])
def test_a_header_value_that_can_not_be_sent(value: str) -> None:
    with LoopbackServer(answer()) as server:
        attributes = failure(invoke(server.url, {"X-Name": "${value}"}, value=value))

    assert server.asked == []
    assert attributes[CLASS] == "java.lang.IllegalArgumentException"
    assert attributes[MESSAGE].startswith("the header 'X-Name' holds a character that can't be sent: U+")


def test_an_attribute_whose_name_can_be_no_header() -> None:
    with LoopbackServer(answer()) as server:
        attributes = failure(
            invoke(server.url, {"Request Header Attributes Pattern": "order.*"}, b"", **{"order id": "7"})
        )

    assert attributes[CLASS] == "java.lang.IllegalArgumentException"


def test_an_expression_that_has_no_value() -> None:
    attributes = failure(invoke("http://127.0.0.1/${when:toDate('yyyy')}", when="secret"))

    assert "secret" not in attributes[MESSAGE]


@pytest.mark.parametrize(
    ("said", "java_class"),
    [
        (hang_up, "java.io.IOException"),
        (drip(b"HTTP/1.1 200 O", 0), "java.io.IOException"),
        (GARBAGE, "java.net.ProtocolException"),
        (answer(headers={"X-A": "x" * 200_000}), "java.net.ProtocolException"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "java.net.ProtocolException"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "java.net.ProtocolException"),
    ],
)
def test_a_server_that_does_not_speak_http(said: Answer, java_class: str) -> None:
    with LoopbackServer(said) as server:
        attributes = failure(invoke(server.url))

    assert attributes[CLASS] == java_class


@pytest.mark.parametrize("properties", [{"Socket Read Timeout": "50 ms"}, {"Request Timeout": "50 ms"}])
@pytest.mark.parametrize("said", [silence, drip(b"HTTP/1.1 200 OK\r\n", 0.2)])
def test_a_server_that_is_silent(properties: dict[str, str], said: Conversation) -> None:
    with LoopbackServer(said) as server:
        attributes = failure(invoke(server.url, properties))

    assert attributes[CLASS] == "java.net.SocketTimeoutException"


@pytest.mark.parametrize(
    "said",
    [
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000, 0.02),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000, 0.02),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1000, 0.02),
    ],
)
@pytest.mark.parametrize("properties", [{}, {"Response Body Attribute Name": "body"}])
def test_a_server_that_sends_a_byte_now_and_then_is_left_after_the_request_timeout(
    said: Conversation, properties: dict[str, str]
) -> None:
    with LoopbackServer(said) as server:
        start = time.monotonic()
        attributes = failure(invoke(server.url, {**properties, "Request Timeout": "200 ms"}))

    assert time.monotonic() - start < 2
    assert attributes[CLASS] == "java.net.SocketTimeoutException"
    assert "Request Timeout" in attributes[MESSAGE]


def test_the_request_timeout_counts_across_redirects() -> None:
    def slowly(connection: socket.socket) -> None:
        select.select([], [], [], 0.05)
        connection.sendall(redirect("/again"))

    with LoopbackServer(slowly) as server:
        attributes = failure(invoke(server.url, {"Request Timeout": "180 ms"}))

    assert "Request Timeout" in attributes[MESSAGE]
    assert 2 <= len(server.asked) <= 4


def test_a_server_that_takes_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        properties = {"HTTP Method": "PUT", "Socket Write Timeout": "100 ms"}
        attributes = failure(invoke(url, properties, b"x" * 20_000_000))

    assert attributes[CLASS] == "java.net.SocketTimeoutException"
    assert "Socket Write Timeout" in attributes[MESSAGE]


def test_a_server_that_answers_before_it_has_read_the_body_is_heard() -> None:
    def refuse(connection: socket.socket) -> None:
        connection.sendall(answer(b"too large", status=413, reason="Too Large", headers={"Connection": "close"}))

    with LoopbackServer(refuse) as server:
        triggered = invoke(server.url, {"HTTP Method": "PUT"}, b"x")

    assert triggered["No Retry"][0].attributes["invokehttp.response.body"] == "too large"


SECRETS = ("hunter2", "t0ken", "s3cret", "c00kie", "p4ssword", "b0dy")


@pytest.mark.parametrize(
    "said",
    [
        hang_up,
        GARBAGE,
        silence,
        answer(b"b0dy", status=500, reason="x"),
        redirect("http://u:s3cret@127.0.0.1:1/?t0ken"),
    ],
)
def test_no_secret_is_told_to_anybody(said: Answer, caplog: pytest.LogCaptureFixture) -> None:
    properties = {
        "HTTP Method": "POST",
        "Authorization": "Bearer t0ken",
        "Cookie": "c00kie=1",
        "Request Password": "p4ssword",
        "Request Username": "user",
        "Socket Read Timeout": "50 ms",
    }
    with caplog.at_level(logging.DEBUG), LoopbackServer(said) as server:
        url = server.url.replace("http://", "http://user:hunter2@") + "/path?key=s3cret"
        triggered = invoke(url, properties, b"b0dy")

    told = " ".join(str(bulletin) for bulletin in triggered.bulletins)
    attributes = [out.attributes.get(MESSAGE, "") for outputs in triggered.values() for out in outputs]
    for text in (told, caplog.text, *attributes):
        assert not re.search("|".join(SECRETS), text)


@pytest.mark.parametrize("url", ["http://user:hunter2@h:99999/", "hunter2", f"http://{'x' * 64}/?s3cret"])
def test_a_url_that_fails_is_not_repeated_with_its_secrets(url: str) -> None:
    triggered = invoke("${u}", u=url)

    told = " ".join([*map(str, triggered.bulletins), failure(triggered)[MESSAGE]])
    assert not re.search("|".join(SECRETS), told)


def test_after_a_failure_the_next_flowfile_is_asked_for() -> None:
    with LoopbackServer(hang_up, answer(b"fine")) as server:
        failure(invoke(server.url))
        [response] = invoke(server.url)["Response"]

    assert response.content == b"fine"
