"""What the texts of InvokeHttp's properties may mean. Source: NiFi's `StandardValidators` and `URLValidator`."""

import re
from typing import TYPE_CHECKING, Final

from flowrun import regular_expression
from flowrun_processors.http_client.headers import is_header_name
from flowrun_processors.http_client.request_error import RequestError
from flowrun_processors.http_client.url import parse_url

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

FORM_FIELD: Final = "post:form"
_TRIMMED: Final = "".join(map(chr, range(33)))
_OTHER_SCHEMES: Final = re.compile(r"(?:ftp|file|jar|jmod|jrt|mailto):.", re.IGNORECASE)
_PROXY_NAMES: Final = re.compile(r"Proxy (?:Type|Host|Port|Username|Password)|invokehttp-proxy-.+")


def trimmed(text: str) -> str:
    """Without the blanks and control characters at both ends: Java's `trim`."""
    return text.strip(_TRIMMED)


def web_address(text: str) -> str:
    """A URL. Those of other schemes than http and https are taken too, as in NiFi, and fail when they are requested."""
    text = trimmed(text)
    if _OTHER_SCHEMES.match(text):
        return text
    try:
        parse_url(text)
    except RequestError as failure:
        raise ValueError(f"expected a URL such as https://example.org/path: {failure.message}") from None
    return text


def attribute_pattern(text: str) -> "JavaPattern":
    """A regular expression for whole names of attributes."""
    return regular_expression(trimmed(text))


def header_or_form_field(name: str) -> str:
    """The name of a header, or `post:form:` and the name of a field."""
    if name.startswith(FORM_FIELD):
        if not name.startswith(FORM_FIELD + ":"):
            raise ValueError(f"expected '{FORM_FIELD}:' and the name of a form field")
        return name
    if _PROXY_NAMES.fullmatch(name):
        raise ValueError("name a proxy with 'Proxy Configuration Service'")
    if not is_header_name(name):
        raise ValueError("it is no name of an HTTP header: letters, digits and !#$%&'*+-.^_`|~ only")
    return name
