"""Media types as NiFi's HTTP client reads them: strictly, and kept to the letter. Source: OkHttp's `MediaType`."""

import re
from functools import lru_cache
from typing import Final

_TOKEN: Final = r"[a-zA-Z0-9\-!#$%&'*+.^_`{|}~]+"
_PARAMETER: Final = rf";\s*(?:({_TOKEN})=(?:({_TOKEN})|\"([^\"]*)\"))?"
_MEDIA_TYPE: Final = re.compile(rf"{_TOKEN}/{_TOKEN}(?:{_PARAMETER})*", re.ASCII)
_PARAMETERS: Final = re.compile(_PARAMETER, re.ASCII)


def is_media_type(text: str) -> bool:
    """Whether the text is a media type, with or without parameters."""
    return _MEDIA_TYPE.fullmatch(text) is not None


@lru_cache(maxsize=256)
def character_set_of(text: str) -> str:
    """The character set that a media type names, as Python calls it; UTF-8 if it names none that is known."""
    if not is_media_type(text):
        return "utf-8"
    for name, token, quoted in _PARAMETERS.findall(text):
        if name.lower() == "charset":
            return _known(token.strip("'") if token else quoted)
    return "utf-8"


def _known(name: str) -> str:
    try:
        b"".decode(name)
        return name
    except (LookupError, ValueError):
        return "utf-8"


def decode_body(data: bytes, media_type: str) -> str:
    """Bytes of a body as text, in the media type's character set; what can't be decoded becomes U+FFFD."""
    try:
        return data.decode(character_set_of(media_type), "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")
