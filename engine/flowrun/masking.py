"""Keeps secrets out of whatever a person looks at: sensitive attributes by name, and their values in messages."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote_plus

from flowrun.flowfile import FlowFile

MASK = "********"
SHORTEST_SECRET = 4
"""Shorter values are not looked for in messages: they would blot out ordinary words."""
_SHORTEST_BEGINNING = 8


class Masking:
    """What must not be seen in one flow: the names of sensitive attributes, and the values of sensitive parameters."""

    def __init__(self, attributes: Iterable[str] = (), secrets: Iterable[str] = ()) -> None:
        self.attributes = frozenset(attributes)
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def is_sensitive(self, attribute: str) -> bool:
        """Whether the attribute's value must not be seen."""
        return attribute in self.attributes

    def attributes_of(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """The attributes as a person may see them."""
        return {name: MASK if name in self.attributes else self.message(v) for name, v in attributes.items()}

    def message(self, text: str, flowfile: FlowFile | None = None) -> str:
        """The text without secrets, and without this flowfile's sensitive values, however they are spelled."""
        secrets = [*self._secrets, *(self._values(flowfile) if flowfile is not None else ())]
        spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
        for spelling in sorted(spellings, key=len, reverse=True):  # one may be a part of another
            text = _without_beginning(text.replace(spelling, MASK), spelling)
        return text

    def _values(self, flowfile: FlowFile) -> Iterator[str]:
        for name in self.attributes:
            value = flowfile.attributes.get(name, "")
            if len(value) >= SHORTEST_SECRET:
                yield value


@lru_cache(maxsize=64)
def _spellings(secret: str) -> frozenset[str]:
    """A secret as it is and as it travels: a server that refuses a request may repeat what it was sent."""
    data = secret.encode("utf-8", "surrogatepass")
    url_encoded = (quote(data, safe=""), quote_plus(data), quote_plus(data, safe="*").replace("~", "%7E"))
    found = (secret, unquote_plus(secret), *url_encoded, *_within_base64(data))
    return frozenset(spelling for spelling in found if len(spelling) >= SHORTEST_SECRET)


def _without_beginning(text: str, secret: str) -> str:
    """The text without the beginning of a secret at its end: whatever the text comes from may have been cut off."""
    beginning = secret[:_SHORTEST_BEGINNING]
    start = text.find(beginning, max(0, len(text) - len(secret)))
    while start >= 0 and not secret.startswith(text[start:]):
        start = text.find(beginning, start + 1)
    return text if start < 0 else text[:start] + MASK


def _within_base64(data: bytes) -> Iterator[str]:
    """The characters that stand for it wherever it begins in what was encoded, as in `user:password`."""
    for before in range(3):
        first, end = -(-before * 4 // 3), (before + len(data)) * 4 // 3
        yield b64encode(bytes(before) + data)[first:end].decode("ascii")


NO_MASKING = Masking()
