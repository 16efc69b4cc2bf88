"""A proxy, as its users see it."""

from dataclasses import dataclass, field

from flowrun_processors.http_client.basic_authentication import basic_credentials
from flowrun_processors.http_client.headers import RawField


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy: https goes through a tunnel (CONNECT), http by absolute URLs. Without a user it wants none.

    User and password are Latin-1.
    """

    host: str
    port: int
    user: str | None = None
    password: str = field(default="", repr=False)

    @property
    def authority(self) -> str:
        """Host and port, for people."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authorization(self) -> list[RawField]:
        """The header that says who asks; none without a user."""
        if self.user is None:
            return []
        return [(b"Proxy-Authorization", basic_credentials(self.user, self.password))]
