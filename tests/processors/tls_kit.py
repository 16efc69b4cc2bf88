"""Certificates made for the tests, and servers that show and ask for them."""

import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.processors.invoke_http_kit import Answer, LoopbackServer

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
PASSPHRASE = "open sesame"


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key, in two files."""

    chain: Path
    key: Path

    @property
    def both(self) -> Path:
        """Both in one file."""
        file = self.chain.with_suffix(".both.pem")
        file.write_bytes(self.chain.read_bytes() + self.key.read_bytes())
        return file


class Authority:
    """A certification authority; its certificate is `file`."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self.file, self._key = folder / f"{name}.pem", folder / f"{name}-key.pem"
        subject = ("-days", "30", "-subj", f"/CN={name}")
        openssl("req", "-x509", *NEW_KEY, "-nodes", *subject, "-keyout", self._key, "-out", self.file)

    def issue(self, name: str, *, passphrase: str | None = None) -> Certificate:
        """A certificate for `localhost`, 127.0.0.1 and whatever calls itself so."""
        chain, key, request = (self._folder / f"{name}{end}" for end in (".pem", "-key.pem", ".csr"))
        extensions = self._folder / "extensions"
        extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        secrecy = ("-passout", f"pass:{passphrase}") if passphrase else ("-nodes",)
        openssl("req", *NEW_KEY, *secrecy, "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        signer = ("-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", "30")
        openssl("x509", "-req", "-in", request, *signer, "-extfile", extensions, "-out", chain)
        return Certificate(chain, key)


@dataclass(frozen=True)
class Certificates:
    """What the tests of a session share."""

    authority: Authority
    server: Certificate
    client: Certificate
    encrypted_client: Certificate


def make_certificates(folder: Path) -> Certificates:
    authority = Authority(folder, "authority")
    return Certificates(
        authority,
        authority.issue("localhost"),
        authority.issue("client"),
        authority.issue("encrypted", passphrase=PASSPHRASE),
    )


class TlsServer(LoopbackServer):
    """A server with a certificate; with `asks`, for clients that have one of the same authority."""

    def __init__(self, certificates: Certificates, *answers: Answer, asks: bool = False) -> None:
        super().__init__(*answers)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificates.server.chain, certificates.server.key)
        self.tls.load_verify_locations(certificates.authority.file)
        if asks:
            self.tls.verify_mode = ssl.CERT_REQUIRED
        self.url = self.url.replace("http://127.0.0.1", "https://localhost")

    def secure(self, connection: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(connection, server_side=True)
