"""Basic authentication: a user and a password that any server, or proxy, can be sent. Source: NiFi's InvokeHTTP."""

from base64 import b64encode


def basic_user(text: str) -> str:
    """A name that Basic authentication can send: Latin-1, without a colon."""
    if ":" in text:
        raise ValueError("expected a user name without a colon")
    return basic_password(text)


def basic_password(text: str) -> str:
    """A password that Basic authentication can send: Latin-1, without control characters."""
    if not text or not all(" " <= character <= "~" or "\x80" <= character <= "\xff" for character in text):
        raise ValueError("expected one or more Latin-1 characters, none of them a control character")
    return text


def basic_credentials(user: str, password: str) -> bytes:
    """The value of an Authorization header for these two, which are Latin-1."""
    return b"Basic " + b64encode(f"{user}:{password}".encode("latin-1"))
