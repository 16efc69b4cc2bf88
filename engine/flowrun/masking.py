"""Keeps secrets out of whatever a person looks at: sensitive attributes by name, and their values in messages."""

from collections.abc import Iterable, Mapping

from flowrun.flowfile import FlowFile

MASK = "********"
SHORTEST_SECRET = 4
"""Shorter values are not looked for in messages: they would blot out ordinary words."""


class Masking:
    """What must not be seen in one flow: the names of sensitive attributes, and the values of sensitive parameters."""

    def __init__(self, attributes: Iterable[str] = (), secrets: Iterable[str] = ()) -> None:
        self.attributes = frozenset(attributes)
        self._secrets = sorted((s for s in secrets if len(s) >= SHORTEST_SECRET), key=len, reverse=True)

    def is_sensitive(self, attribute: str) -> bool:
        """Whether the attribute's value must not be seen."""
        return attribute in self.attributes

    def attributes_of(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """The attributes as a person may see them."""
        return {name: MASK if name in self.attributes else self.message(v) for name, v in attributes.items()}

    def message(self, text: str, flowfile: FlowFile | None = None) -> str:
        """The text without secrets, and without this flowfile's sensitive values."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        if flowfile is not None:
            for name in self.attributes:
                value = flowfile.attributes.get(name, "")
                if len(value) >= SHORTEST_SECRET:
                    text = text.replace(value, MASK)
        return text


NO_MASKING = Masking()
