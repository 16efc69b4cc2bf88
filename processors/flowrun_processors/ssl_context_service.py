"""SslContextService. Source: NiFi's `PEMEncodedSSLContextProvider` and `StandardSSLContextService`."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowrun import ControllerService, Property, PropertyProblem, non_empty, path

if TYPE_CHECKING:
    import ssl

_PEM_START = "-----BEGIN "
_KEY_STORES = (
    (re.compile(rb"\xfe\xed\xfe\xed"), "a Java key store (JKS)"),
    (re.compile(rb"\xce\xce\xce\xce"), "a Java key store (JCEKS)"),
    (re.compile(rb"\x30[\x80-\x84]"), "binary (PKCS12 or DER)"),
)
_CONVERT = (
    "flowrun reads PEM files. Convert a key store: keytool -importkeystore -srckeystore STORE.jks -destkeystore "
    "STORE.p12 -deststoretype PKCS12 (for JKS), then openssl pkcs12 -in STORE.p12 -out STORE.pem"
)


def certificates(text: str) -> str | Path:
    """Certificates as they stand, in PEM, or the file that holds them."""
    return text if _PEM_START in text else path(text)


def _key_store(name: str, *former_names: str, sensitive: bool = False) -> Property[str | None]:
    """A property of NiFi's key stores, which says what to do instead."""
    description = "NiFi's, for Java key stores."
    return Property(
        name,
        str,
        description,
        default=None,
        former_names=former_names,
        sensitive=sensitive,
        unsupported=f"{_CONVERT} and name it under 'Certificate Chain Location', or 'Certificate Authorities'",
    )


class CertificateError(Exception):
    """A file of certificates, or of a key, can't be used; `name` is the property that names it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"'{name}': {message}")
        self.name = name
        self.message = message


class SslContextService(ControllerService):
    """Whom to trust over TLS, and which certificate to show.

    One service serves any number of processors, and other services, such as an OAuth2AccessTokenProvider. It takes PEM
    files, as `openssl` writes them; NiFi's Java key stores are refused, with the commands that convert them.
    """

    tags = ("tls", "ssl", "certificate", "pem", "https", "mutual tls")
    former_types = ("StandardSSLContextService",)
    example = """\
partner-tls:
  type: SslContextService
  properties:
    Certificate Authorities: certificates/partner-authorities.pem
    Certificate Chain Location: certificates/client.pem
    Private Key Location: certificates/client-key.pem
    Private Key Passphrase: "#{key_passphrase}"
"""

    authorities = Property(
        "Certificate Authorities",
        certificates,
        "A PEM file of the authorities that are trusted, in place of the machine's; or the PEM text itself.",
        default=None,
    )
    chain = Property(
        "Certificate Chain Location",
        path,
        "A PEM file with the certificate that is shown to servers that ask for one, and the chain after it.",
        default=None,
        reaches="read",
    )
    key = Property(
        "Private Key Location",
        path,
        "A PEM file with the certificate's private key, if that is not in the certificate's own file.",
        default=None,
        reaches="read",
    )
    passphrase = Property(
        "Private Key Passphrase", non_empty, "What the private key is encrypted with.", default=None, sensitive=True
    )
    oldest_version = Property(
        "TLS Protocol",
        str,
        "The oldest version of TLS that is spoken; TLS is the same as TLSv1.2.",
        default="TLS",
        allowed=("TLS", "TLSv1.2", "TLSv1.3"),
        former_names=("SSL Protocol",),
    )
    key_store = _key_store("Keystore Filename")
    key_store_type = _key_store("Keystore Type")
    key_store_password = _key_store("Keystore Password", sensitive=True)
    key_password = _key_store("Key Password", "key-password", sensitive=True)
    trust_store = _key_store("Truststore Filename")
    trust_store_type = _key_store("Truststore Type")
    trust_store_password = _key_store("Truststore Password", sensitive=True)

    def validate(self) -> Iterable[str | PropertyProblem]:
        """Whether the certificates are there, and fit each other."""
        for name, value in (("Private Key Location", self.key), ("Private Key Passphrase", self.passphrase)):
            if value is not None and self.chain is None:
                yield PropertyProblem("it needs a 'Certificate Chain Location'", name)
                return
        try:
            self.new_context()
        except CertificateError as error:
            yield PropertyProblem(error.message, error.name, about_the_world=True)

    def new_context(self) -> "ssl.SSLContext":
        """A TLS context for a client, which may change it. Raises CertificateError; its message tells no secret."""
        import ssl  # 10 ms, which only flows with this service pay

        from flowrun_processors.http_client.trust import machine_context

        if self.authorities is None:
            context = machine_context()
        else:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            _trust(context, self.authorities)
        newest_only = self.oldest_version == "TLSv1.3"
        context.minimum_version = ssl.TLSVersion.TLSv1_3 if newest_only else ssl.TLSVersion.TLSv1_2
        if self.chain is not None:
            _show(context, self.chain, self.key, self.passphrase)
        return context


def _trust(context: "ssl.SSLContext", authorities: str | Path) -> None:
    name = "Certificate Authorities"
    text = authorities if isinstance(authorities, str) else _read(name, authorities)
    try:
        context.load_verify_locations(cadata=text.encode("ascii", "ignore").decode())  # comments may be in any language
    except (OSError, ValueError) as error:
        raise CertificateError(name, f"expected certificates in PEM: {_reason(error)}") from error


def _show(context: "ssl.SSLContext", chain: Path, key: Path | None, passphrase: str | None) -> None:
    chain_name, key_name = "Certificate Chain Location", "Private Key Location"
    if "-----BEGIN CERTIFICATE" not in _read(chain_name, chain):
        raise CertificateError(chain_name, f"there is no certificate in {chain}")
    if "PRIVATE KEY-----" not in (_read(chain_name, chain) if key is None else _read(key_name, key)):
        where, name = (f"{chain}; name its file with '{key_name}'", chain_name) if key is None else (key, key_name)
        raise CertificateError(name, f"there is no private key in {where}")
    given = passphrase or ""  # never none: OpenSSL would ask for it on the terminal
    try:
        context.load_cert_chain(chain, key, lambda: given)
    except (OSError, ValueError) as error:
        message = f"certificate and key can't be used: {_reason(error)}"
        if "MISMATCH" in str(error):
            message = "the private key is not the one of the certificate"
        elif _is_encrypted(key or chain):
            message = f"'Private Key Passphrase' is {'wrong' if passphrase else 'missing'}, or the key is damaged"
        raise CertificateError(key_name if key else chain_name, message) from error


def _is_encrypted(file: Path) -> bool:
    return "ENCRYPTED" in _read("Private Key Location", file)


def _read(name: str, file: Path) -> str:
    """A PEM file's text. Raises CertificateError."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CertificateError(name, f"{file} can't be read: {error.strerror}") from error
    for start, kind in _KEY_STORES:
        if start.match(data):
            raise CertificateError(name, f"{file} is {kind}, not PEM. {_CONVERT}")
    return data.decode("utf-8", "replace")


def _reason(error: Any) -> str:
    return getattr(error, "reason", None) or type(error).__name__
