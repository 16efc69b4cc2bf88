"""URIs as Java's `java.net.URI` puts them together: seven parts, quoted where need be, then checked as a whole."""

import re

from flowrun.errors import EvaluationError
from flowrun.expression.functions.java_text import shown, utf8

_UNRESERVED = "A-Za-z0-9_.!~*'()\\-"
_USER = _UNRESERVED + ";:&=+$,"
_PATH = _UNRESERVED + ":@&=+$,;/"
_ANY = _UNRESERVED + ";/?:@&=+$,\\[\\]"

# Blanks and control characters beyond ASCII are quoted; letters beyond it stand as they are.
_BLANK = "\x80-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_OTHER = f"%[0-9A-Fa-f]{{2}}|[^\x00-\x7f{_BLANK}]"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TOP_LABEL = "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_AUTHORITY = re.compile(
    rf"""(?: (?:[{_USER}]|{_OTHER})* @ )?
    (?: \[ (?P<ipv6> [0-9A-Fa-f:.]+ ) (?: % [A-Za-z0-9_.]+ )? \] | {_IPV4} | (?: {_LABEL} \. )* {_TOP_LABEL} \.? )
    (?: : [0-9]* )?""",
    re.VERBOSE,
)
_HIERARCHICAL = re.compile(
    rf"""(?: // (?P<authority> [^/?\#]* ) )?
    (?: [{_PATH}] | {_OTHER} )*
    (?: \? (?: [{_ANY}] | {_OTHER} )* )?
    (?: \# (?: [{_ANY}] | {_OTHER} )* )?""",
    re.VERBOSE,
)
_OPAQUE = re.compile(
    rf"""(?: [{_ANY}] | {_OTHER} )+ (?: \# (?: [{_ANY}] | {_OTHER} )* )?""",
    re.VERBOSE,
)
_HAS_SCHEME = re.compile("[^/?#:]*:")
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
_PORT = re.compile("[+-]?[0-9]{1,10}")


def uri(
    scheme: str | None,
    user: str | None,
    host: str | None,
    port: str | None,
    path: str | None,
    query: str | None,
    fragment: str | None,
) -> str:
    """The URI of the parts, null leaving one out and port -1 being none. Raises EvaluationError where it is none."""
    number = _port(port)
    if scheme is not None and path and not path.startswith("/"):
        raise EvaluationError(f"getUri(): beside a scheme the path must start with /, found {shown(path)}")
    written = "" if scheme is None else f"{scheme}:"
    if host is not None:
        at = "" if user is None else f"{_quoted(user, _USER)}@"
        brackets = ":" in host and not host.startswith("[") and not host.endswith("]")
        written += f"//{at}{f'[{host}]' if brackets else host}{'' if number == -1 else f':{number}'}"
    written += _quoted(path or "", _PATH)
    written += "" if query is None else f"?{_quoted(query, _ANY)}"
    written += "" if fragment is None else f"#{_quoted(fragment, _ANY)}"
    if not _is_uri(written):
        raise EvaluationError(f"getUri(): the parts make no URI: {shown(written)}")
    return written


def _port(text: str | None) -> int:
    found = _PORT.fullmatch(text) if text is not None else None
    number = int(found[0]) if found else 1 << 31
    if not -(1 << 31) <= number < 1 << 31:
        raise EvaluationError(f"getUri(): expected a whole number or -1 as the port, found {shown(text)}")
    return number


def _quoted(text: str, kept: str) -> str:
    def quote(found: re.Match[str]) -> str:
        return "".join(f"%{octet:02X}" for octet in utf8(found[0]))

    return re.sub(f"[^{kept}\x80-\U0010ffff]|[{_BLANK}]", quote, text)


def _is_uri(text: str) -> bool:
    start = 0
    if _HAS_SCHEME.match(text):
        scheme = _SCHEME.match(text)
        if scheme is None:
            return False
        start = scheme.end()
        if not text.startswith("/", start):
            return _OPAQUE.fullmatch(text, start) is not None
    found = _HIERARCHICAL.fullmatch(text, start)
    if found is None:
        return False
    authority = found["authority"]
    if not authority:
        return authority is None or found.end("authority") < len(text)
    return _is_server(authority)


def _is_server(authority: str) -> bool:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or found["ipv6"] is None:
        return found is not None
    from ipaddress import IPv6Address  # costs an import, for a rare form of host

    try:
        IPv6Address(found["ipv6"])
    except ValueError:
        return False
    return True
