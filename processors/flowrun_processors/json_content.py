"""The content of a flowfile as JSON, for the processors that look into it."""

from flowrun import EvaluationError, FlowFile, ProcessSession
from flowrun.dialect.json_text import JsonError, JsonValue, read_json


class NotJsonError(EvaluationError):
    """A content that is no JSON, or has too long a string; the message never quotes the content."""


def read_json_content(session: ProcessSession, flowfile: FlowFile, *, maximum_string_length: int) -> JsonValue:
    """The first JSON value of the content; what follows it is ignored, as in NiFi. Raises NotJsonError."""
    content = session.read(flowfile)
    if not content:
        raise NotJsonError("the content is empty, where JSON was expected")
    try:
        return read_json(content, maximum_string_length=maximum_string_length)
    except JsonError as error:
        expected, place = error.expected, f"line {error.line}, column {error.column}"
    # Out of the handler, so that the reader's own error, which shows what it found there, is not even the context.
    if expected:
        raise NotJsonError(f"the content is not JSON: {place}: expected {expected}")
    raise NotJsonError(
        f"the content is not JSON that can be read, or a string has over {maximum_string_length:,} characters"
    )
