"""ProxyConfigurationService: requests by a proxy, http forwarded and https through a tunnel."""

from collections.abc import Mapping

import pytest
from tests.processors.invoke_http_kit import LoopbackServer, answer
from tests.processors.oauth2_kit import CREDENTIALS, form, providing, token, tokens
from tests.processors.proxy_kit import ProxyServer
from tests.processors.tls_kit import Certificates, TlsServer

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.invoke_http import InvokeHttp
from flowrun_processors.proxy_configuration_service import ProxyConfigurationService
from flowrun_processors.ssl_context_service import SslContextService

MESSAGE = "invokehttp.java.exception.message"
USER = {"Proxy User Name": "flow", "Proxy User Password": "pa:ss\xe9"}


def ask(
    url: str, proxy: Mapping[str, str], certificates: Certificates | None = None, content: bytes = b""
) -> Triggered:
    """One POST by a proxy."""
    services = {"proxy": ProxyConfigurationService(proxy), "tls": SslContextService()}
    if certificates is not None:
        services["tls"] = SslContextService({"Certificate Authorities": str(certificates.authority.file)})
    properties = {
        "HTTP URL": url,
        "HTTP Method": "POST",
        "Proxy Configuration Service": "proxy",
        "SSL Context Service": "tls",
    }
    runner = TestRunner(InvokeHttp(properties, services=services))
    try:
        return runner.trigger(content)
    finally:
        runner.stop()


def test_http_is_forwarded_by_absolute_url() -> None:
    with LoopbackServer(answer(b"data")) as server, ProxyServer() as proxy:
        [response] = ask(f"{server.url}/a?b=c", proxy.properties, content=b"content")["Response"]

    assert response.content == b"data"
    assert proxy.lines == [f"POST {server.url}/a?b=c HTTP/1.1"]
    assert server.asked[0].target == "/a?b=c"
    assert server.asked[0].body == b"content"
    assert server.asked[0].header("Host") == server.authority


def test_https_goes_through_a_tunnel(certificates: Certificates) -> None:
    with TlsServer(certificates, answer(b"data")) as server, ProxyServer() as proxy:
        [response] = ask(server.url, proxy.properties, certificates, b"content")["Response"]

    assert response.content == b"data"
    assert response.attributes["invokehttp.remote.dn"] == "CN=localhost"
    assert proxy.lines == [f"CONNECT {server.url.removeprefix('https://')} HTTP/1.1"]
    assert server.asked[0].body == b"content"


def test_a_tunnel_is_kept_and_used_again(certificates: Certificates) -> None:
    authorities = {"Certificate Authorities": str(certificates.authority.file)}
    with TlsServer(certificates, answer(b"data")) as server, ProxyServer() as proxy:
        services = {"proxy": ProxyConfigurationService(proxy.properties), "tls": SslContextService(authorities)}
        properties = {"Proxy Configuration Service": "proxy", "SSL Context Service": "tls"}
        runner = TestRunner(InvokeHttp({"HTTP URL": server.url, **properties}, services=services))
        for _ in range(3):
            runner.trigger(b"")
        runner.stop()

    assert len(server.asked) == 3
    assert len(proxy.lines) == 1


def test_user_and_password_go_to_the_proxy_and_no_further(certificates: Certificates) -> None:
    with (
        LoopbackServer(answer()) as plain,
        TlsServer(certificates, answer()) as secure,
        ProxyServer("flow", "pa:ss\xe9") as proxy,
    ):
        for server in (plain, secure):
            triggered = ask(server.url, proxy.properties | USER, certificates)
            assert len(triggered["Original"]) == 1
            assert server.asked[0].header("Proxy-Authorization") is None

    assert all("proxy-authorization" in headers for headers in proxy.headers)


def test_a_proxy_that_wants_another_user(certificates: Certificates) -> None:
    with LoopbackServer(answer()) as plain, TlsServer(certificates, answer()) as secure, ProxyServer("flow") as proxy:
        [forwarded] = ask(plain.url, proxy.properties | USER)["No Retry"]
        [tunnelled] = ask(secure.url, proxy.properties | USER, certificates)["Failure"]

    assert forwarded.attributes["invokehttp.status.code"] == "407"
    assert "asks for a user and a password, or for others than it was sent (407)" in tunnelled.attributes[MESSAGE]
    assert "pa:ss" not in tunnelled.attributes[MESSAGE]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", "refused a connection to localhost"),
        (b"HTTP/1.1 502 No\r\n\r\n", "it answered 502"),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", "speaks where localhost"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "is no HTTP"),
        (b"", "is empty"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * (1 << 17), "is no HTTP"),
    ],
)
def test_a_proxy_that_opens_no_tunnel(certificates: Certificates, said: bytes, message: str) -> None:
    with TlsServer(certificates, answer()) as server, ProxyServer(refuses=said) as proxy:
        [request] = ask(server.url, proxy.properties, certificates)["Failure"]

    assert request.attributes["invokehttp.java.exception.class"] == "java.io.IOException"
    assert message in request.attributes[MESSAGE]
    assert server.asked == []


def test_a_proxy_that_is_not_there() -> None:
    with ProxyServer() as proxy:
        gone = proxy.properties
    [request] = ask("https://localhost/", gone)["Failure"]

    assert request.attributes["invokehttp.java.exception.class"] == "java.net.ConnectException"
    assert f"127.0.0.1:{proxy.port}" in request.attributes[MESSAGE]


def test_the_host_s_name_is_left_to_the_proxy() -> None:
    with LoopbackServer(answer()) as server, ProxyServer() as proxy:
        proxy._connect = lambda host, port: type(proxy)._connect(proxy, "127.0.0.1", int(server.authority[10:]))  # type: ignore[method-assign]
        triggered = ask("http://host.that.only.the.proxy.knows/", proxy.properties)

    assert len(triggered["Original"]) == 1


def test_direct_is_no_proxy() -> None:
    with LoopbackServer(answer()) as server, ProxyServer() as proxy:
        triggered = ask(server.url, proxy.properties | {"Proxy Type": "DIRECT"})

    assert len(triggered["Original"]) == 1
    assert proxy.lines == []


def test_tokens_are_asked_for_by_the_proxy_too() -> None:
    with LoopbackServer(tokens()) as identity, ProxyServer() as proxy:
        service = ProxyConfigurationService(proxy.properties)
        properties = CREDENTIALS | {"Proxy Configuration Service": "proxy"}
        with providing(identity, properties, proxy=service) as provider:
            assert token(provider) == "a1"

    assert proxy.lines == [f"POST {identity.url}/token HTTP/1.1"]
    assert form(identity.asked[0])["grant_type"] == "client_credentials"


def test_tokens_are_asked_for_with_certificates_of_ones_own(certificates: Certificates) -> None:
    client = certificates.client
    service = SslContextService(
        {
            "Certificate Authorities": str(certificates.authority.file),
            "Certificate Chain Location": str(client.chain),
            "Private Key Location": str(client.key),
        }
    )
    with TlsServer(certificates, tokens(), asks=True) as identity:
        properties = CREDENTIALS | {"SSL Context Service": "tls"}
        with providing(identity, properties, tls=service) as provider:
            assert token(provider) == "a1"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Proxy Type": "HTTP"}, "needs the property 'Proxy Server Host'"),
        ({"Proxy Type": "HTTP", "Proxy Server Host": "h"}, "needs the property 'Proxy Server Port'"),
        ({"Proxy Type": "SOCKS", "Proxy Server Host": "h"}, "flowrun does not speak SOCKS; use an HTTP proxy"),
        ({"SOCKS Version": "SOCKS5"}, "flowrun does not speak SOCKS; use an HTTP proxy"),
        ({"Proxy Server Host": "http://h/"}, "expected the name or address of a host"),
        ({"Proxy Server Port": "65536"}, "expected a port from 1 to 65535"),
        ({"Proxy User Name": "a:b"}, "expected a user name without a colon"),
        ({"Proxy User Password": "日本"}, "'Proxy User Password': the value does not fit"),
        ({"Proxy Type": "HTTP", "Proxy Server Host": "h", "Proxy Server Port": "${NONE}"}, "expected a port"),
    ],
)
def test_mistakes_are_found_before_the_start(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError) as caught:
        ProxyConfigurationService(properties).check()

    assert message in str(caught.value)


def test_names_of_nifi_1_are_understood_and_the_environment_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY_OF_TEST", "Proxy.Example.org")
    service = ProxyConfigurationService(
        {"proxy-type": "HTTP", "proxy-server-host": "${PROXY_OF_TEST}", "proxy-server-port": "3128"}
    )

    service.check()
    assert service.proxy is not None
    assert service.proxy.authority == "proxy.example.org:3128"
