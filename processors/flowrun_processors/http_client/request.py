"""A request, ready to be sent, and sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowrun_processors.http_client.body import Body
from flowrun_processors.http_client.headers import RawField, has, without
from flowrun_processors.http_client.url import Url


@dataclass(frozen=True, slots=True)
class Request:
    """What goes to a server.

    `fields` are all headers, in order. `gunzips`: this processor asked for gzip by itself, so it decodes the answer.
    """

    method: str
    url: Url
    fields: Sequence[RawField]
    body: Body | None = None
    gunzips: bool = False

    def has(self, name: bytes) -> bool:
        """Whether it has a header of this name, which is in lower case."""
        return has(self.fields, name)

    def value(self, name: bytes) -> str:
        """The values of that header, whose name is in lower case, joined with `, `; empty if there is none."""
        return ", ".join(value.decode("latin-1") for known, value in self.fields if known.lower() == name)

    def with_field(self, name: bytes, value: bytes) -> "Request":
        """With this header in the place of any others of its name."""
        return replace(self, fields=[*without(self.fields, name.lower()), (name, value)])
