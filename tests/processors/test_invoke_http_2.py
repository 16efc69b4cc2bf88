"""InvokeHttp over HTTP/2, where the server chooses it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import h2.connection
import pytest
from tests.processors.http2_kit import Http2Answer, Http2Server
from tests.processors.invoke_http_kit import answer
from tests.processors.tls_kit import Certificates

from flowrun.testing import TestRunner
from flowrun_processors.http_client import client
from flowrun_processors.invoke_http import InvokeHttp
from flowrun_processors.ssl_context_service import SslContextService

MESSAGE = "invokehttp.java.exception.message"
OK = (200, [("content-type", "text/plain"), ("x-two", "1"), ("x-two", "2")], b"data")
BY_11 = (answer(b"old"),)


def processor(server: Http2Server, certificates: Certificates, properties: Mapping[str, str]) -> InvokeHttp:
    service = SslContextService({"Certificate Authorities": str(certificates.authority.file)})
    return InvokeHttp(
        {"HTTP URL": f"{server.url}/a?b=c", "SSL Context Service": "tls", **properties}, services={"tls": service}
    )


@contextmanager
def asking(
    server: Http2Server, certificates: Certificates, properties: Mapping[str, str] | None = None
) -> Iterator[TestRunner]:
    runner = TestRunner(processor(server, certificates, properties or {}))
    try:
        yield runner
    finally:
        runner.stop()


def test_a_server_that_speaks_it_is_asked_by_it(certificates: Certificates) -> None:
    with Http2Server(certificates, OK) as server, asking(server, certificates) as runner:
        triggered = runner.trigger(b"")

    [response] = triggered["Response"]
    assert server.protocols == ["h2"]
    assert response.content == b"data"
    assert (
        response.attributes.items()
        >= {
            "invokehttp.status.code": "200",
            "invokehttp.status.message": "",
            "invokehttp.remote.dn": "CN=localhost",
            "mime.type": "text/plain",
            "x-two": "1, 2",
        }.items()
    )
    [asked] = server.asked
    assert dict(asked.fields).items() >= {":method": "GET", ":path": "/a?b=c", ":scheme": "https"}.items()
    assert asked.header(":authority") == server.url.removeprefix("https://")
    assert not {"host", "connection", "keep-alive", "transfer-encoding"} & asked.names


@pytest.mark.parametrize("chunked", ["true", "false"])
@pytest.mark.parametrize("size", [0, 7, 300_000])
def test_bodies_are_sent_and_received_whole(certificates: Certificates, chunked: str, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    properties = {"HTTP Method": "POST", "Request Chunked Transfer-Encoding Enabled": chunked}
    with Http2Server(certificates, (200, [], content[:size])) as server:
        with asking(server, certificates, properties) as runner:
            [response] = runner.trigger(content[:size])["Response"]

        assert server.asked[0].body == content[:size]
        assert response.content == content[:size]


def test_a_connection_is_used_again(certificates: Certificates) -> None:
    with Http2Server(certificates, OK) as server, asking(server, certificates) as runner:
        for _ in range(3):
            assert len(runner.trigger(b"")["Response"]) == 1

    assert server.connections == 1


def test_it_can_be_done_without(certificates: Certificates) -> None:
    with Http2Server(certificates, OK, answers=BY_11) as server:
        with asking(server, certificates, {"HTTP/2 Disabled": "True"}) as runner:
            [response] = runner.trigger(b"")["Response"]

        assert response.content == b"old"
        assert server.protocols == ["http/1.1"]


def test_without_the_library_for_it_http_1_1_is_spoken(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "find_spec", lambda _: None)
    with Http2Server(certificates, OK, answers=BY_11) as server, asking(server, certificates) as runner:
        [response] = runner.trigger(b"")["Response"]

    assert response.content == b"old"
    assert server.protocols == ["http/1.1"]


def test_a_kept_connection_that_the_server_closed_is_not_used(certificates: Certificates) -> None:
    with (
        Http2Server(certificates, OK) as server,
        asking(server, certificates, {"HTTP Method": "POST"}) as runner,
    ):
        runner.trigger(b"1")
        server.drop_connections()
        triggered = runner.trigger(b"2")

    assert len(triggered["Original"]) == 1
    assert [asked.body for asked in server.asked] == [b"1", b"2"]


def test_a_connection_whose_answer_nobody_wanted_does_not_disturb_the_next(certificates: Certificates) -> None:
    large: Http2Answer = (200, [], b"x" * 1_000_000)
    with (
        Http2Server(certificates, large, OK) as server,
        asking(server, certificates, {"Response Size Limit": "100 KB"}) as runner,
    ):
        first = runner.trigger(b"")
        [second] = runner.trigger(b"")["Response"]

    assert len(first["Failure"]) == 1
    assert second.content == b"data"


def test_no_connection_is_kept_if_none_may_be_idle(certificates: Certificates) -> None:
    with (
        Http2Server(certificates, OK) as server,
        asking(server, certificates, {"Socket Idle Connections": "0"}) as runner,
    ):
        for _ in range(3):
            assert len(runner.trigger(b"")["Response"]) == 1

    assert server.connections == 3


def reset(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.reset_stream(stream, 2)


def go_away(connection: h2.connection.H2Connection, stream: int) -> None:
    connection.close_connection(last_stream_id=stream)


def leave_unread(connection: h2.connection.H2Connection, stream: int) -> None:
    """Say that this request was not looked at: it may be sent anew, whatever its method."""
    connection.close_connection(last_stream_id=1)


@pytest.mark.parametrize(
    ("talk", "message"), [(reset, "gave the request up before it had answered"), (go_away, "without an answer")]
)
def test_a_server_that_gives_up_is_a_failure(certificates: Certificates, talk: object, message: str) -> None:
    assert callable(talk)
    with (
        Http2Server(certificates, talk) as server,
        asking(server, certificates, {"HTTP Method": "POST"}) as runner,
    ):
        [request] = runner.trigger(b"")["Failure"]

    assert message in request.attributes[MESSAGE]
    assert len(server.asked) == 1


def test_a_request_that_the_server_has_not_looked_at_is_sent_again(certificates: Certificates) -> None:
    with (
        Http2Server(certificates, OK, leave_unread, OK) as server,
        asking(server, certificates, {"HTTP Method": "POST"}) as runner,
    ):
        runner.trigger(b"1")
        triggered = runner.trigger(b"2")

    assert len(triggered["Response"]) == 1
    assert [asked.body for asked in server.asked] == [b"1", b"2", b"2"]


def test_a_request_that_takes_too_long_takes_no_other_with_it(certificates: Certificates) -> None:
    slow = threading.Event()

    def silence(connection: h2.connection.H2Connection, stream: int) -> None:
        slow.set()

    outcomes: dict[str, int] = {}
    with Http2Server(certificates, silence, OK) as server:
        shared = processor(server, certificates, {"Socket Read Timeout": "400 ms"})
        runners = [TestRunner(shared) for _ in range(2)]
        shared.on_scheduled()

        def late() -> None:
            outcomes["late"] = len(runners[0].trigger(b"")["Failure"])

        thread = threading.Thread(target=late)
        thread.start()
        assert slow.wait(10)
        outcomes["others"] = sum(len(runners[1].trigger(b"")["Response"]) for _ in range(20))
        thread.join(10)
        shared.on_stopped()

    assert outcomes == {"late": 1, "others": 20}
    assert server.connections == 2


def test_a_server_that_breaks_off_in_the_middle_is_a_failure(certificates: Certificates) -> None:
    def half(connection: h2.connection.H2Connection, stream: int) -> None:
        connection.send_headers(stream, [(":status", "200")])
        connection.send_data(stream, b"half")
        connection.reset_stream(stream, 2)

    with Http2Server(certificates, half, OK) as server, asking(server, certificates) as runner:
        first = runner.trigger(b"")
        second = runner.trigger(b"")

    assert len(first["Failure"]) == len(second["Response"]) == 1
    assert first["Response"] == []


def test_plain_http_is_never_http_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        first: list[bytes] = []

        def serve() -> None:
            connection, _ = listener.accept()
            first.append(connection.recv(100))
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        runner = TestRunner(InvokeHttp({"HTTP URL": f"http://127.0.0.1:{listener.getsockname()[1]}/"}))
        runner.trigger(b"")
        runner.stop()
        thread.join(10)

    assert first[0].startswith(b"GET / HTTP/1.1\r\n")
