"""The properties of InvokeHttp that say whom to ask, how long to wait, and as whom."""

from flowrun import ExpressionProperty, Processor, Property, ServiceProperty, boolean, duration, natural_number
from flowrun_processors.durations import positive_duration
from flowrun_processors.http_client.basic_authentication import basic_password, basic_user
from flowrun_processors.invoke_http.property_types import web_address
from flowrun_processors.oauth2_access_token_provider import OAuth2AccessTokenProvider
from flowrun_processors.proxy_configuration_service import ProxyConfigurationService
from flowrun_processors.ssl_context_service import SslContextService


class ConnectionProperties(Processor):
    """Where requests go, and on which terms."""

    method = ExpressionProperty(
        "HTTP Method",
        str,
        "The request's method, in any case: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, or one of your own. Only "
        "POST, PUT and PATCH have a body.",
        default="GET",
    )
    url = ExpressionProperty(
        "HTTP URL",
        web_address,
        "The URL to request, of http or https. It is sent as it stands: encode what needs it, such as "
        "`${name:urlEncode()}`. Blanks and characters that no URL may hold are encoded, a fragment is left out.",
        former_names=("Remote URL",),
        reaches="connect",
    )
    http2_disabled = Property(
        "HTTP/2 Disabled",
        boolean,
        "Do without HTTP/2. Else it is spoken over TLS where the server chooses it, if the extra `http2` is installed "
        "(`flowrun-engine[http2]`); a connection serves one request at a time all the same.",
        default="False",
        allowed=("True", "False"),
        former_names=("disable-http2", "Disable HTTP/2"),
    )
    ssl_context_service = ServiceProperty(
        "SSL Context Service",
        SslContextService,
        "Certificates of one's own. Without it, the machine's certification authorities are trusted; the environment "
        "variable SSL_CERT_FILE names others.",
        default=None,
    )
    connection_timeout = Property(
        "Connection Timeout",
        duration,
        "How long to wait for a connection; 0 sec: as long as the request may take.",
        default="5 secs",
        former_names=("Socket Connect Timeout",),
    )
    read_timeout = Property(
        "Socket Read Timeout",
        duration,
        "How long the server may be silent; 0 sec: as long as the request may take.",
        default="15 secs",
        former_names=("Read Timeout",),
    )
    write_timeout = Property(
        "Socket Write Timeout",
        duration,
        "How long the server may take nothing of the request's body; 0 sec: as long as the request may take.",
        default="15 secs",
    )
    idle_timeout = Property(
        "Socket Idle Timeout",
        positive_duration,
        "How long an unused connection is kept open.",
        default="5 mins",
        former_names=("idle-timeout", "Idle Timeout"),
    )
    idle_connections = Property(
        "Socket Idle Connections",
        natural_number,
        "How many unused connections are kept open.",
        default="5",
        former_names=("max-idle-connections", "Max Idle Connections"),
    )
    request_timeout = Property(
        "Request Timeout",
        positive_duration,
        "How long one flowfile's request may take in all: connecting, redirects, and the last byte of the answer. "
        "flowrun's own; NiFi waits for ever for a server that sends a byte now and then.",
        default="10 min",
    )
    proxy_service = ServiceProperty(
        "Proxy Configuration Service",
        ProxyConfigurationService,
        "A proxy. Proxy variables of the environment are not heeded.",
        default=None,
        former_names=("proxy-configuration-service",),
    )
    token_provider = ServiceProperty(
        "Request OAuth2 Access Token Provider",
        OAuth2AccessTokenProvider,
        "Where the access token comes from that is sent as `Authorization: Bearer`, to the URL's own server only.",
        default=None,
        former_names=("oauth2-access-token-provider", "OAuth2 Access Token provider"),
    )
    token_refresh_strategy = Property(
        "OAuth2 Access Token Refresh Strategy",
        str,
        "When to ask for a new access token: when it has expired; or also when the server answers 401, and then the "
        "request is sent once more with the new one. Within a minute, a second 401 is taken for an answer.",
        default="ON_TOKEN_EXPIRATION",
        required=False,
        allowed=("ON_TOKEN_EXPIRATION", "ON_UNAUTHORIZED_RESPONSE"),
        only_with={"Request OAuth2 Access Token Provider": ()},
    )
    username = Property(
        "Request Username",
        basic_user,
        "The user for Basic authentication, which is sent with the first request already.",
        default=None,
        former_names=("Basic Authentication Username",),
    )
    password = Property(
        "Request Password",
        basic_password,
        "The user's password.",
        default=None,
        sensitive=True,
        former_names=("Basic Authentication Password",),
    )
    digest_enabled = Property(
        "Request Digest Authentication Enabled",
        boolean,
        "Use Digest instead of Basic authentication: only once the server has asked for it.",
        default="false",
        allowed=("true", "false"),
        only_with={"Request Username": ()},
        former_names=("Digest Authentication", "Use Digest Authentication"),
    )
