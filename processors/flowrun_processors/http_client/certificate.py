"""Whom a TLS certificate names, as Java writes it: `CN=example.org,O=Example,C=GB` (RFC 2253)."""

from typing import Any, Final

_SHORT_NAMES: Final = {
    "commonName": "CN",
    "countryName": "C",
    "stateOrProvinceName": "ST",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "streetAddress": "STREET",
    "domainComponent": "DC",
    "userId": "UID",
}


def subject_of(connection: Any) -> str | None:
    """The distinguished name in a TLS peer's certificate, innermost part first, as Java writes it; None without TLS."""
    certificate = connection.getpeercert() if connection is not None else None
    if not certificate:
        return None
    parts = [pair for group in reversed(certificate.get("subject", ())) for pair in group]
    return ",".join(f"{_SHORT_NAMES.get(name, name)}={_escaped(value)}" for name, value in parts)


def _escaped(value: str) -> str:
    escaped = "".join(f"\\{character}" if character in ',+"\\<>;' else character for character in value)
    return f"\\{escaped}" if escaped.startswith((" ", "#")) else escaped
