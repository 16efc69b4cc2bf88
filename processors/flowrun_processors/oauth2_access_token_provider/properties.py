"""The properties of OAuth2AccessTokenProvider, and what follows from them for each request."""

from collections.abc import Callable, Iterable
from typing import Final

from flowrun import (
    ControllerService,
    DynamicExpressionProperties,
    ExpressionProperty,
    Property,
    PropertyProblem,
    ServiceProperty,
    duration,
    non_blank,
    non_empty,
)
from flowrun.errors import Severity
from flowrun_processors.durations import positive_duration
from flowrun_processors.environment_values import unfit_values
from flowrun_processors.http_client.basic_authentication import basic_credentials, basic_password, basic_user
from flowrun_processors.http_client.headers import RawField
from flowrun_processors.http_client.url import Url, parse_url
from flowrun_processors.proxy_configuration_service import ProxyConfigurationService
from flowrun_processors.ssl_context_service import SslContextService

_FORM_FIELD: Final = "FORM."
_OWN_FIELDS: Final = frozenset(("grant_type", "refresh_token", "username", "password", "client_secret"))
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))


def server_url(text: str) -> Url:
    """A URL of http or https."""
    try:
        return parse_url(text)
    except ValueError as error:
        raise ValueError(f"expected a URL such as https://identity.example.org/token: {error}") from None


def token(text: str) -> str:
    """A token, without white space around it."""
    return non_blank(text).strip()


def form_field(name: str) -> str:
    """`FORM.` and the name of a field that no property of its own sets."""
    if not name.startswith(_FORM_FIELD) or name == _FORM_FIELD:
        raise ValueError(f"expected '{_FORM_FIELD}' and the name of a form field")
    if name.removeprefix(_FORM_FIELD) in _OWN_FIELDS:
        raise ValueError("there is a property for it")
    return name


class ProviderProperties(ControllerService):
    """Whom to ask for tokens, as whom, and for which."""

    url = ExpressionProperty(
        "Authorization Server URL",
        server_url,
        "The token endpoint of the identity server.",
        scope="environment",
        former_names=("authorization-server-url",),
        reaches="connect",
    )
    client_authentication = Property(
        "Client Authentication Strategy",
        str,
        "How client id and secret are sent: in the form, or by HTTP Basic (which RFC 6749 recommends), as they stand.",
        default="REQUEST_BODY",
        allowed=("REQUEST_BODY", "BASIC_AUTHENTICATION"),
        former_names=("client-authentication-strategy",),
    )
    grant = Property(
        "Grant Type",
        str,
        "What tokens are asked for with: a user's password, the client's own credentials, or a refresh token.",
        default="password",
        allowed={
            "password": "User Password",
            "client_credentials": "Client Credentials",
            "refresh_token": "Refresh Token",
        },
        former_names=("grant-type",),
    )
    username = ExpressionProperty(
        "Username",
        non_blank,
        "The user.",
        scope="environment",
        only_with={"Grant Type": ("password",)},
        former_names=("service-user-name",),
    )
    password = Property(
        "Password",
        non_blank,
        "The user's password.",
        sensitive=True,
        only_with={"Grant Type": ("password",)},
        former_names=("service-password",),
    )
    refresh_token = ExpressionProperty(
        "Refresh Token",
        token,
        "The first refresh token. Those that come in its place are kept in the state directory, and used as long as "
        "this value stays the same.",
        scope="environment",
        sensitive=True,
        only_with={"Grant Type": ("refresh_token",)},
        former_names=("refresh-token",),
    )
    client_id = ExpressionProperty(
        "Client ID",
        non_blank,
        "The client, as the identity server knows it.",
        default=None,
        scope="environment",
        former_names=("client-id",),
    )
    client_secret = Property(
        "Client secret",
        non_blank,
        "The client's secret.",
        sensitive=True,
        only_with={"Client ID": ()},
        former_names=("client-secret",),
    )
    scope = Property(
        "Scope",
        non_empty,
        "What the tokens are to be good for: words with blanks between them.",
        default=None,
        former_names=("scope",),
    )
    resource = Property(
        "Resource", non_empty, "The URI of what they are for (RFC 8707).", default=None, former_names=("resource",)
    )
    audience = Property(
        "Audience", non_empty, "Whom they are for (RFC 8693).", default=None, former_names=("audience",)
    )
    refresh_window = Property(
        "Refresh Window",
        duration,
        "How long before its end an access token is replaced.",
        default="0 s",
        former_names=("refresh-window",),
    )
    request_timeout = Property(
        "Request Timeout",
        positive_duration,
        "How long one request for tokens may take. An answer that comes later is lost, and with it a refresh token. "
        "flowrun's own.",
        default="1 min",
    )
    ssl_context_service = ServiceProperty(
        "SSL Context Service",
        SslContextService,
        "Certificates of one's own.",
        default=None,
        former_names=("ssl-context-service",),
    )
    protocols = Property(
        "HTTP Protocols",
        str,
        "HTTP/2, where the server chooses it, is spoken if the extra `http2` is installed.",
        default="H2_HTTP_1_1",
        allowed={"HTTP_1_1": "http/1.1", "H2_HTTP_1_1": "h2 http/1.1"},
    )
    proxy_service = ServiceProperty(
        "Proxy Configuration Service",
        ProxyConfigurationService,
        "A proxy. Proxy variables of the environment are not heeded.",
        default=None,
        former_names=("proxy-configuration-service",),
    )
    form_fields = DynamicExpressionProperties(
        str,
        "`FORM.NAME`, a further field of that name in requests for tokens",
        "the field's value",
        scope="environment",
        name=form_field,
    )

    def validate(self) -> Iterable[str | PropertyProblem]:
        """NiFi's `customValidate`, and what would only be found when a token is asked for."""
        if self.grant == "client_credentials" and self.client_id is None:
            yield "'Client ID' is required with the grant type client_credentials"
        unfit = list(unfit_values(self))
        yield from unfit
        if unfit:
            return
        if self.client_id is not None and self.client_authentication == "BASIC_AUTHENTICATION":
            yield from _unsendable("Client ID", basic_user, self.client_id.evaluate())
            yield from _unsendable("Client secret", basic_password, self.client_secret or "")
        url = self.url.evaluate()
        if url.scheme == "http" and url.host not in _LOOPBACK:
            message = "client secret and tokens would go over the network for everybody to read; use https"
            yield PropertyProblem(message, "Authorization Server URL", severity=Severity.WARNING)

    def form(self) -> dict[str, str]:
        """The fields of every request's form, beside those of the grant."""
        form: dict[str, str] = {}
        if self.client_id is not None and self.client_authentication == "REQUEST_BODY":
            form |= {"client_id": self.client_id.evaluate(), "client_secret": self.client_secret or ""}
        for name, value in (("scope", self.scope), ("resource", self.resource), ("audience", self.audience)):
            if value is not None:
                form[name] = value
        return form | {name.removeprefix(_FORM_FIELD): value.evaluate() for name, value in self.form_fields.items()}

    def authorization(self) -> list[RawField]:
        """The header of every request that says which client asks, unless the form does."""
        if self.client_id is None or self.client_authentication == "REQUEST_BODY":
            return []
        return [(b"Authorization", basic_credentials(self.client_id.evaluate(), self.client_secret or ""))]


def _unsendable(name: str, check: Callable[[str], object], text: str) -> Iterable[PropertyProblem]:
    try:
        check(text)
    except ValueError as error:
        yield PropertyProblem(f"with BASIC_AUTHENTICATION: {error}", name)
