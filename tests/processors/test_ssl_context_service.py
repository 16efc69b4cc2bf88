"""SslContextService: whom to trust, and what to show."""

import ssl
from pathlib import Path

import pytest
from tests.processors.invoke_http_kit import answer
from tests.processors.tls_kit import PASSPHRASE, Authority, Certificates, TlsServer

from flowrun.errors import PropertyError, Severity
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.invoke_http import InvokeHttp
from flowrun_processors.ssl_context_service import SslContextService

MESSAGE = "invokehttp.java.exception.message"


def ask(server: TlsServer, properties: dict[str, str]) -> Triggered:
    """One request with such a service."""
    service = SslContextService(properties)
    service.check()
    processor = InvokeHttp({"HTTP URL": server.url, "SSL Context Service": "tls"}, services={"tls": service})
    runner = TestRunner(processor)
    try:
        return runner.trigger(b"")
    finally:
        runner.stop()


def trusting(certificates: Certificates) -> dict[str, str]:
    return {"Certificate Authorities": str(certificates.authority.file)}


def showing(certificates: Certificates) -> dict[str, str]:
    client = certificates.client
    return {"Certificate Chain Location": str(client.chain), "Private Key Location": str(client.key)}


def problems(properties: dict[str, str]) -> list[str]:
    return [problem.message for problem in SslContextService(properties).problems]


def test_a_server_of_ones_own_authority_is_trusted(certificates: Certificates) -> None:
    with TlsServer(certificates, answer(b"safe")) as server:
        [response] = ask(server, trusting(certificates))["Response"]

    assert response.content == b"safe"
    assert response.attributes["invokehttp.remote.dn"] == "CN=localhost"


def test_authorities_may_stand_in_the_property_itself(certificates: Certificates) -> None:
    with TlsServer(certificates, answer(b"safe")) as server:
        triggered = ask(server, {"Certificate Authorities": certificates.authority.file.read_text()})

    assert len(triggered["Response"]) == 1


def test_comments_around_certificates_are_no_hindrance(certificates: Certificates, tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    file.write_bytes(b"0 s:CN=\xff\xe9\n" + "Autorit\xe9 日本\n".encode() + certificates.authority.file.read_bytes())
    with TlsServer(certificates, answer()) as server:
        triggered = ask(server, {"Certificate Authorities": str(file)})

    assert len(triggered["Response"]) == 1


def test_a_server_of_another_authority_is_not_trusted(certificates: Certificates, tmp_path: Path) -> None:
    with TlsServer(certificates, answer()) as server:
        [request] = ask(server, {"Certificate Authorities": str(Authority(tmp_path, "another").file)})["Failure"]

    assert "the certificate of localhost is not trusted" in request.attributes[MESSAGE]


def test_without_authorities_the_machine_s_are_trusted(certificates: Certificates) -> None:
    with TlsServer(certificates, answer()) as server:
        [request] = ask(server, {})["Failure"]

    assert "is not trusted" in request.attributes[MESSAGE]


def test_a_server_that_asks_is_shown_the_certificate(certificates: Certificates) -> None:
    with TlsServer(certificates, answer(b"known"), asks=True) as server:
        [response] = ask(server, trusting(certificates) | showing(certificates))["Response"]

    assert response.content == b"known"


def test_certificate_and_key_may_be_in_one_file(certificates: Certificates) -> None:
    both = {"Certificate Chain Location": str(certificates.client.both)}
    with TlsServer(certificates, answer(b"known"), asks=True) as server:
        triggered = ask(server, trusting(certificates) | both)

    assert len(triggered["Response"]) == 1


def test_an_encrypted_key_is_opened_with_its_passphrase(certificates: Certificates) -> None:
    properties = {
        "Certificate Chain Location": str(certificates.encrypted_client.chain),
        "Private Key Location": str(certificates.encrypted_client.key),
        "Private Key Passphrase": PASSPHRASE,
    }
    with TlsServer(certificates, answer(), asks=True) as server:
        triggered = ask(server, trusting(certificates) | properties)

    assert len(triggered["Response"]) == 1


def test_a_server_that_asks_refuses_whoever_shows_nothing(certificates: Certificates) -> None:
    with TlsServer(certificates, answer(), asks=True) as server:
        triggered = ask(server, trusting(certificates))

    assert len(triggered["Failure"]) == 1
    assert server.asked == []


def test_a_server_that_is_too_old_is_refused(certificates: Certificates) -> None:
    with TlsServer(certificates, answer()) as server:
        server.tls.maximum_version = ssl.TLSVersion.TLSv1_2
        old = ask(server, {**trusting(certificates), "TLS Protocol": "TLSv1.2"})
        new = ask(server, {**trusting(certificates), "TLS Protocol": "TLSv1.3"})

    assert len(old["Response"]) == 1
    assert len(new["Failure"]) == 1


@pytest.mark.parametrize("passphrase", [{}, {"Private Key Passphrase": "shut sesame"}])
def test_an_encrypted_key_without_its_passphrase_is_refused(
    certificates: Certificates, passphrase: dict[str, str]
) -> None:
    files = {
        "Certificate Chain Location": str(certificates.encrypted_client.chain),
        "Private Key Location": str(certificates.encrypted_client.key),
    }

    [message] = problems(files | passphrase)

    state = "wrong" if passphrase else "missing"
    assert message == f"'Private Key Passphrase' is {state}, or the key is damaged"


def test_a_key_of_another_certificate_is_refused(certificates: Certificates) -> None:
    [message] = problems(
        {
            "Certificate Chain Location": str(certificates.client.chain),
            "Private Key Location": str(certificates.server.key),
        }
    )

    assert message == "the private key is not the one of the certificate"


def test_a_certificate_without_its_key_is_refused(certificates: Certificates) -> None:
    [message] = problems({"Certificate Chain Location": str(certificates.client.chain)})

    assert "there is no private key in" in message
    assert "name its file with 'Private Key Location'" in message


def test_a_key_without_its_certificate_is_refused(certificates: Certificates) -> None:
    [problem] = SslContextService({"Private Key Location": str(certificates.client.key)}).problems

    assert problem.name == "Private Key Location"
    assert "needs a 'Certificate Chain Location'" in problem.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xfe\xed\xfe\xed\x00\x00", "is a Java key store (JKS), not PEM"),
        (b"\x30\x82\x04\x00", "is binary (PKCS12 or DER), not PEM"),
        (b"hello", "expected certificates in PEM"),
        (b"", "expected certificates in PEM"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "expected certificates in PEM"),
    ],
)
def test_files_that_are_no_certificates_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "authorities"
    file.write_bytes(content)

    for name in ("Certificate Authorities", "Certificate Chain Location"):
        [problem] = SslContextService({name: str(file)}).problems
        assert problem.name == name
        assert said in problem.message or name == "Certificate Chain Location"


def test_a_missing_file_stops_a_run_but_not_a_check(tmp_path: Path) -> None:
    [problem] = SslContextService({"Certificate Authorities": str(tmp_path / "none.pem")}).problems

    assert "none.pem can't be read: No such file or directory" in problem.message
    assert problem.about_the_world
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize("name", ["Keystore Filename", "Truststore Filename", "Keystore Password", "key-password"])
def test_key_stores_are_refused_with_the_way_to_convert_them(name: str) -> None:
    with pytest.raises(PropertyError, match=r"openssl pkcs12 -in STORE\.p12 -out STORE\.pem") as caught:
        SslContextService({name: "geheim"}).check()

    assert "geheim" not in str(caught.value)
