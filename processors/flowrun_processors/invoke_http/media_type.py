"""Media types as NiFi's HTTP client reads them: strictly, and kept to the letter. Source: OkHttp's `MediaType`."""

import re
from contextlib import suppress
from functools import lru_cache
from typing import Final

from flowrun.dialect.character_sets import Encoding, encoding

_TOKEN: Final = r"[a-zA-Z0-9\-!#$%&'*+.^_`{|}~]+"
_PARAMETER: Final = rf";\s*(?:({_TOKEN})=(?:({_TOKEN})|\"([^\"]*)\"))?"
_MEDIA_TYPE: Final = re.compile(rf"{_TOKEN}/{_TOKEN}(?:{_PARAMETER})*", re.ASCII)
_PARAMETERS: Final = re.compile(_PARAMETER, re.ASCII)


def is_media_type(text: str) -> bool:
    """Whether the text is a media type, with or without parameters."""
    return _MEDIA_TYPE.fullmatch(text) is not None


@lru_cache(maxsize=256)
def _encoding_of(text: str) -> Encoding:
    """The character set that a media type names; UTF-8 if it names none that is known."""
    if is_media_type(text):
        for name, token, quoted in _PARAMETERS.findall(text):
            if name.lower() == "charset":
                with suppress(ValueError):
                    return encoding(token.strip("'") if token else quoted)
                break
    return encoding("utf-8")


def decode_body(data: bytes, media_type: str) -> str:
    """Bytes of a body as text, in the media type's character set; what can't be decoded becomes U+FFFD."""
    return _encoding_of(media_type).decode(data)
