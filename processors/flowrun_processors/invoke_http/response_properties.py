"""The properties and relationships of InvokeHttp that say what becomes of the answer."""

from collections.abc import Iterable

from flowrun import (
    ExpressionProperty,
    Property,
    PropertyProblem,
    Relationship,
    boolean,
    data_size,
    duration,
    positive_integer,
)
from flowrun.errors import Severity
from flowrun_processors.http_client.headers import unsendable
from flowrun_processors.invoke_http.property_types import FORM_FIELD
from flowrun_processors.invoke_http.request_properties import RequestProperties


class ResponseProperties(RequestProperties):
    """Where the answer goes, and what is kept of it."""

    body_attribute = ExpressionProperty(
        "Response Body Attribute Name",
        str,
        "Put the answer's body into an attribute of that name, on the request flowfile, instead of a new flowfile.",
        default=None,
        former_names=("Put Response Body In Attribute",),
    )
    body_attribute_size = Property(
        "Response Body Attribute Size",
        positive_integer,
        "Bytes of the body that go into the attribute; the rest is cut off.",
        default="256",
        only_with={"Response Body Attribute Name": ()},
        former_names=("Max Length To Put In Attribute",),
    )
    body_ignored = Property(
        "Response Body Ignored",
        boolean,
        "Do without the answer's body: response flowfiles are empty.",
        default="false",
        allowed=("true", "false"),
        former_names=("ignore-response-content", "Ignore response's content"),
    )
    size_limit = Property(
        "Response Size Limit",
        data_size,
        "The largest body that is taken, decompressed; a larger one ends in Failure. flowrun's own; NiFi has no limit.",
        default="1 GB",
    )
    cache_enabled = Property(
        "Response Cache Enabled",
        boolean,
        "Keep answers as HTTP allows it (Cache-Control, ETag, …), in memory, as long as the processor runs.",
        default="false",
        allowed=("true", "false"),
        former_names=("use-etag", "Use HTTP ETag"),
    )
    cache_size = Property(
        "Response Cache Size",
        data_size,
        "The most that is kept.",
        default="10MB",
        only_with={"Response Cache Enabled": ("true",)},
        former_names=("etag-max-cache-size", "Maximum ETag Cache Size"),
    )
    cookie_strategy = Property(
        "Response Cookie Strategy",
        str,
        "ACCEPT_ALL keeps cookies, in memory, and sends them back. DISABLED ignores them.",
        default="DISABLED",
        allowed=("DISABLED", "ACCEPT_ALL"),
        former_names=("cookie-strategy", "Cookie Strategy"),
    )
    generation_required = Property(
        "Response Generation Required",
        boolean,
        "Give a response flowfile whatever the status, and also if the body goes to an attribute.",
        default="false",
        required=False,
        allowed=("true", "false"),
        former_names=("Always Output Response",),
    )
    naming_strategy = Property(
        "Response FlowFile Naming Strategy",
        str,
        "URL_PATH names the response flowfile of a GET after the last part of the URL's path. RANDOM: it keeps the "
        "request flowfile's filename, or has a new one.",
        default="RANDOM",
        allowed=("RANDOM", "URL_PATH"),
        former_names=("flow-file-naming-strategy", "FlowFile Naming Strategy"),
    )
    header_attributes_enabled = Property(
        "Response Header Request Attributes Enabled",
        boolean,
        "Put the answer's headers on the request flowfile, too.",
        default="false",
        required=False,
        allowed=("true", "false"),
        former_names=("Add Response Headers to Request",),
    )
    header_attributes_prefix = ExpressionProperty(
        "Response Header Request Attributes Prefix",
        str,
        "What those attributes' names begin with, such as `response.`.",
        default=None,
        only_with={"Response Header Request Attributes Enabled": ("true",)},
    )
    redirects_enabled = Property(
        "Response Redirects Enabled",
        boolean,
        "Follow redirects, 20 at most.",
        default="True",
        allowed=("True", "False"),
        former_names=("Follow Redirects",),
    )
    retry_after_limit = Property(
        "Response Retry-After Limit",
        duration,
        "Above zero, 429 and 503 with a header Retry-After go to Retry, penalized for as long as the server asks, and "
        "for no longer than this. flowrun's own; with 0 sec they are treated as in NiFi.",
        default="0 sec",
    )

    original = Relationship("Original", "The request flowfile, after a status of 2xx.")
    response = Relationship("Response", "A new flowfile with the answer.")
    retry = Relationship("Retry", "The request flowfile, penalized, after a status of 5xx: another time may do.")
    no_retry = Relationship("No Retry", "The request flowfile, after any other status (1xx, 3xx, 4xx).")
    failure = Relationship("Failure", "The request flowfile, penalized: there was no answer.")

    def validate(self) -> Iterable[str | PropertyProblem]:
        """NiFi's `customValidate`; a multipart name counts here even where its own condition is not met."""
        name = "Request Multipart Form-Data Name"
        is_named = name in self.configuration.texts
        has_fields = any(field.startswith(FORM_FIELD) for field in self.configuration.dynamic_names)
        if has_fields and self.body_enabled and not is_named:
            yield f"'{name}' is required beside form fields, unless 'Request Body Enabled' is false"
        if is_named and not self.body_enabled:
            yield PropertyProblem("it can't be set while 'Request Body Enabled' is false", name)
        yield from self._two_ways_to_authorize()
        yield from self._doubts()
        for filled in ("Request User-Agent", "Response Header Request Attributes Prefix"):
            if self.configuration.texts.get(filled) == "":
                yield PropertyProblem("expected a value that is not empty", filled)

    def _two_ways_to_authorize(self) -> Iterable[PropertyProblem]:
        if self.token_provider is None:
            return
        for name in ("Request Username", "Request Password"):
            if name in self.configuration.texts:
                yield PropertyProblem("it can't be set beside 'Request OAuth2 Access Token Provider'", name)
        for name in self.configuration.dynamic_names:
            if name.lower() == "authorization":
                yield PropertyProblem("'Request OAuth2 Access Token Provider' sends this header", name)

    def _doubts(self) -> Iterable[PropertyProblem]:
        """Headers that will not be sent as they stand, seen before the start where their values are fixed."""
        for name, value in self.fields.items():
            if name.startswith(FORM_FIELD):
                continue
            if name.lower() in ("content-length", "transfer-encoding"):
                message = "it is left out: where the body ends follows from the body"
                yield PropertyProblem(message, name, severity=Severity.WARNING)
            elif value.expression.is_constant and unsendable(value.evaluate()):
                message = "its value holds a character that no header may hold: requests with it will fail"
                yield PropertyProblem(message, name, severity=Severity.WARNING)
