"""ProxyConfigurationService. Source: NiFi's `StandardProxyConfigurationService`."""

from collections.abc import Iterable

from flowrun import ControllerService, ExpressionProperty, Property, PropertyProblem
from flowrun_processors.environment_values import unfit_values
from flowrun_processors.http_client.basic_authentication import basic_password, basic_user
from flowrun_processors.http_client.host import canonical_host
from flowrun_processors.http_client.proxy import Proxy

_NO_SOCKS = "flowrun does not speak SOCKS; use an HTTP proxy"


def proxy_host(text: str) -> str:
    """The name or address of a host, in ASCII."""
    host = canonical_host(text.strip())
    if host is None:
        raise ValueError(f"expected the name or address of a host, found {text!r}")
    return host


def port_number(text: str) -> int:
    """The number of a port."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 9 and 0 < int(digits) < 65536):
        raise ValueError(f"expected a port from 1 to 65535, found {text!r}")
    return int(digits)


class ProxyConfigurationService(ControllerService):
    """A proxy that processors share.

    https requests go through a tunnel (CONNECT), http requests by absolute URL. User and password are sent with the
    first request already. Proxy variables of the environment are not heeded, with this service or without it.
    """

    tags = ("proxy", "http", "https", "connect")
    former_types = ("StandardProxyConfigurationService",)
    example = """\
company-proxy:
  type: ProxyConfigurationService
  properties:
    Proxy Type: HTTP
    Proxy Server Host: proxy.example.org
    Proxy Server Port: 3128
    Proxy User Name: flowrun
    Proxy User Password: "#{proxy_password}"
"""

    kind = Property(
        "Proxy Type",
        str,
        "DIRECT: no proxy at all. SOCKS is refused.",
        default="DIRECT",
        allowed=("DIRECT", "HTTP", "SOCKS"),
        former_names=("proxy-type",),
    )
    socks_version = Property(
        "SOCKS Version",
        str,
        "NiFi's.",
        default=None,
        former_names=("socks-version",),
        unsupported=_NO_SOCKS,
    )
    host = ExpressionProperty(
        "Proxy Server Host",
        proxy_host,
        "The proxy's name or address.",
        default=None,
        scope="environment",
        former_names=("proxy-server-host",),
        reaches="connect",
    )
    port = ExpressionProperty(
        "Proxy Server Port",
        port_number,
        "The proxy's port.",
        default=None,
        scope="environment",
        former_names=("proxy-server-port",),
    )
    user = ExpressionProperty(
        "Proxy User Name",
        basic_user,
        "Who asks, if the proxy wants to know.",
        default=None,
        scope="environment",
        former_names=("proxy-user-name",),
    )
    password = ExpressionProperty(
        "Proxy User Password",
        basic_password,
        "The user's password.",
        default=None,
        scope="environment",
        sensitive=True,
        former_names=("proxy-user-password",),
    )

    def validate(self) -> Iterable[str | PropertyProblem]:
        """NiFi's `customValidate`."""
        if self.kind == "SOCKS":
            yield PropertyProblem(_NO_SOCKS, "Proxy Type")
        if self.kind == "HTTP":
            for name, value in (("Proxy Server Host", self.host), ("Proxy Server Port", self.port)):
                if value is None:
                    yield f"ProxyConfigurationService needs the property '{name}', unless 'Proxy Type' is DIRECT"
            yield from unfit_values(self)

    @property
    def proxy(self) -> Proxy | None:
        """The proxy to use; None: no proxy."""
        if self.kind != "HTTP" or self.host is None or self.port is None:
            return None
        user = self.user.evaluate() if self.user is not None else None
        password = self.password.evaluate() if self.password is not None else ""
        return Proxy(self.host.evaluate(), self.port.evaluate(), user, password)
