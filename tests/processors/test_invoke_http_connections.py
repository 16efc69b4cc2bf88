"""InvokeHttp's connections: kept, shared, closed, secured."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.processors.invoke_http_kit import Answer, LoopbackServer, answer, invoke, invoking

from flowrun.testing import TestRunner
from flowrun_processors.http_client.trust import trusted_certificates
from flowrun_processors.invoke_http import InvokeHttp

CERTIFICATE = Path(__file__).with_name("invoke_http_localhost.pem")


class SecureServer(LoopbackServer):
    """The same, over TLS; the name `localhost` is in its certificate, the address is not."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__(*answers)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)
        self.url = self.url.replace("http://127.0.0.1", "https://localhost")

    def secure(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True)


@pytest.fixture
def _trusting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    trusted_certificates.cache_clear()
    yield
    trusted_certificates.cache_clear()


def test_a_connection_is_used_again() -> None:
    with LoopbackServer(answer(b"x")) as server, invoking({"HTTP URL": server.url}) as runner:
        for _ in range(3):
            runner.trigger(b"")

    assert server.connections == 1


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"Response Body Ignored": "true"}, answer(b"x" * 10_000)),
        ({"Response Body Attribute Name": "body"}, answer(b"x" * 10_000)),
        ({"Response Redirects Enabled": "False"}, answer(b"x", status=302, reason="x", headers={"Location": "/"})),
    ],
)
def test_a_connection_is_used_again_after_a_body_that_nobody_wanted(properties: dict[str, str], said: bytes) -> None:
    with LoopbackServer(said) as server, invoking({"HTTP URL": server.url, **properties}) as runner:
        for _ in range(3):
            runner.trigger(b"")

    assert server.connections == 1


def test_no_connection_is_kept_if_none_may_be_idle() -> None:
    with (
        LoopbackServer(answer(b"x")) as server,
        invoking({"HTTP URL": server.url, "Socket Idle Connections": "0"}) as runner,
    ):
        for _ in range(3):
            runner.trigger(b"")

    assert server.connections == 3


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_kept_connection_that_the_server_closed_is_not_used(method: str) -> None:
    with LoopbackServer(answer(b"x")) as server, invoking({"HTTP URL": server.url, "HTTP Method": method}) as runner:
        runner.trigger(b"")
        server.drop_connections()
        triggered = runner.trigger(b"")

    assert len(triggered["Original"]) == 1


def drop_the_second(method: str) -> tuple[LoopbackServer, dict[str, str]]:
    return LoopbackServer(answer(b"x"), lambda _: None, answer(b"again")), {"HTTP Method": method}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_request_on_a_kept_connection_that_breaks_is_sent_again_on_another(method: str) -> None:
    server, properties = drop_the_second(method)
    with server, invoking({"HTTP URL": server.url, **properties}) as runner:
        runner.trigger(b"1")
        [response] = runner.trigger(b"2")["Response"]

    assert response.content == b"again"
    assert len(server.asked) == 3


@pytest.mark.parametrize("method", ["POST", "PATCH", "PURGE"])
def test_other_methods_are_never_sent_again(method: str) -> None:
    server, properties = drop_the_second(method)
    with server, invoking({"HTTP URL": server.url, **properties}) as runner:
        runner.trigger(b"1")
        triggered = runner.trigger(b"2")

    assert len(triggered["Failure"]) == 1
    assert len(server.asked) == 2


def test_a_request_on_a_new_connection_that_breaks_is_not_sent_again() -> None:
    with LoopbackServer(lambda _: None) as server:
        triggered = invoke(server.url)

    assert len(triggered["Failure"]) == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize(("idle", "opened"), [("5", 8 + 3), ("8", 8), ("0", 16)])
def test_many_threads_share_one_processor_and_its_connections(idle: str, opened: int) -> None:
    contents: list[bytes] = []
    with LoopbackServer(answer(b"met"), together=8) as server:
        processor = InvokeHttp({"HTTP URL": server.url, "HTTP Method": "POST", "Socket Idle Connections": idle})
        runners = [TestRunner(processor, has_input=True) for _ in range(8)]
        processor.on_scheduled()
        for _ in range(2):
            in_parallel(runners, lambda runner: contents.extend(o.content for o in runner.trigger(b"q")["Response"]))
        processor.on_stopped()

    assert contents == [b"met"] * 16
    assert server.connections == opened


def in_parallel(runners: list[TestRunner], work: Callable[[TestRunner], None]) -> None:
    threads = [threading.Thread(target=work, args=(runner,)) for runner in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


@pytest.mark.usefixtures("_trusting")
def test_https_with_a_trusted_certificate() -> None:
    with SecureServer(answer(b"safe")) as server:
        triggered = invoke(server.url, {"Response Header Request Attributes Enabled": "true"})

    [original], [response] = triggered["Original"], triggered["Response"]
    assert response.content == b"safe"
    assert response.attributes["invokehttp.remote.dn"] == "CN=localhost,O=Example\\, Ltd,C=GB"
    assert original.attributes["invokehttp.remote.dn"] == response.attributes["invokehttp.remote.dn"]


def test_https_with_a_certificate_that_nobody_trusts() -> None:
    with SecureServer(answer(b"safe")) as server:
        [request] = invoke(server.url)["Failure"]

    assert request.attributes["invokehttp.java.exception.class"] == "javax.net.ssl.SSLHandshakeException"
    assert "the certificate of localhost is not trusted" in request.attributes["invokehttp.java.exception.message"]
    assert server.asked == []


@pytest.mark.usefixtures("_trusting")
def test_https_with_a_certificate_for_somebody_else() -> None:
    with SecureServer(answer(b"safe")) as server:
        [request] = invoke(server.url.replace("localhost", "127.0.0.1"))["Failure"]

    assert request.attributes["invokehttp.java.exception.class"] == "javax.net.ssl.SSLHandshakeException"


def test_https_to_a_server_that_speaks_plain_http() -> None:
    with LoopbackServer(answer()) as server:
        [request] = invoke(server.url.replace("http:", "https:"), {"Connection Timeout": "500 ms"})["Failure"]

    assert request.attributes["invokehttp.java.exception.class"].startswith("java")


def test_proxies_of_the_environment_are_not_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with LoopbackServer(answer()) as server:
        triggered = invoke(server.url)

    assert len(triggered["Original"]) == 1


def test_httpx_is_loaded_when_the_processor_starts_and_not_before() -> None:
    code = (
        "import sys; from flowrun_processors.invoke_http import InvokeHttp; processor = InvokeHttp({'HTTP URL': 'http://h/'});"
        "assert not {'httpx', 'httpcore', 'ssl'} & set(sys.modules);"
        "processor.on_scheduled(); assert 'httpx' in sys.modules; processor.on_stopped()"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
