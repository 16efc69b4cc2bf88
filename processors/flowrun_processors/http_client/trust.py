"""Whom TLS connections trust when the flow does not say: the machine's certification authorities."""

import ssl
from functools import cache

import certifi


def machine_context() -> ssl.SSLContext:
    """A new context for clients that trusts the machine's authorities; certifi's if the machine has none.

    OpenSSL itself heeds SSL_CERT_FILE and SSL_CERT_DIR.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not any((paths.cafile, paths.capath)):
        context.load_verify_locations(certifi.where())
    return context


@cache
def trusted_certificates(http2: bool) -> ssl.SSLContext:
    """The machine's authorities, loaded once for all clients that offer HTTP/2, and once for all that do not.

    A context holds what is offered, so that these two can't share one.
    """
    return machine_context()
