"""The properties of InvokeHttp that say what is sent."""

from flowrun import DynamicExpressionProperties, ExpressionProperty, Property, boolean
from flowrun_processors.invoke_http.connection_properties import ConnectionProperties
from flowrun_processors.invoke_http.property_types import attribute_pattern, header_or_form_field

_WITH_BODY = {"HTTP Method": ("PATCH", "POST", "PUT")}


class RequestProperties(ConnectionProperties):
    """Headers and body of a request."""

    penalizes_no_retry = Property(
        "Request Failure Penalization Enabled",
        boolean,
        "Penalize flowfiles that go to No Retry as well.",
        default="false",
        required=False,
        allowed=("true", "false"),
        former_names=('Penalize on "No Retry"',),
    )
    body_enabled = Property(
        "Request Body Enabled",
        boolean,
        "Send the content as the request's body.",
        default="true",
        required=False,
        allowed=("true", "false"),
        only_with=_WITH_BODY,
        former_names=("send-message-body", "Send Message Body"),
    )
    multipart_name = ExpressionProperty(
        "Request Multipart Form-Data Name",
        str,
        "Send the content as a field of that name in a form (multipart/form-data).",
        default=None,
        only_with={"Request Body Enabled": ("true",)},
        former_names=("form-body-form-name", "FlowFile Form Data Name"),
    )
    multipart_filename_enabled = Property(
        "Request Multipart Form-Data Filename Enabled",
        boolean,
        "Send the attribute `filename` along with the form's field.",
        default="true",
        required=False,
        allowed=("true", "false"),
        only_with={"Request Multipart Form-Data Name": ()},
        former_names=("set-form-filename", "Set FlowFile Form Data File Name"),
    )
    chunked_enabled = Property(
        "Request Chunked Transfer-Encoding Enabled",
        boolean,
        "Send the content in chunks, without a Content-Length.",
        default="false",
        allowed=("true", "false"),
        only_with=_WITH_BODY,
        former_names=("Use Chunked Encoding",),
    )
    content_encoding = Property(
        "Request Content-Encoding",
        str,
        "Compress the body on its way (GZIP); it is sent in chunks then.",
        default="DISABLED",
        allowed=("DISABLED", "GZIP"),
        only_with=_WITH_BODY,
        former_names=("Content-Encoding",),
    )
    content_type = ExpressionProperty(
        "Request Content-Type",
        str,
        "The media type of the content. If it comes out blank, application/octet-stream is sent; if it is no media "
        "type, none is.",
        default="${mime.type}",
        only_with=_WITH_BODY,
        former_names=("Content-Type",),
    )
    date_enabled = Property(
        "Request Date Header Enabled",
        boolean,
        "Send the header Date.",
        default="True",
        allowed=("True", "False"),
        former_names=("Include Date Header",),
    )
    header_attributes = Property(
        "Request Header Attributes Pattern",
        attribute_pattern,
        "A regular expression: attributes whose whole name matches are sent as headers, but for `path` and what this "
        "processor itself wrote.",
        default=None,
        former_names=("Attributes to Send",),
    )
    user_agent = ExpressionProperty(
        "Request User-Agent",
        str,
        "The header User-Agent, which is sent empty without this property.",
        default=None,
        former_names=("Useragent",),
    )
    fields = DynamicExpressionProperties(
        str,
        "a request header; or `post:form:NAME`, a field of that name in a form",
        "the header's value, or the field's",
        name=header_or_form_field,
    )
