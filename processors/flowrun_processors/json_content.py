"""The content of a flowfile as JSON, for the processors that look into it."""

import re

from flowrun import EvaluationError, FlowFile, ProcessSession
from flowrun.dialect.json_text import JsonValue, read_json

_PLACE = re.compile(r"line [0-9]+, column [0-9]+")


class NotJsonError(EvaluationError):
    """A content that is no JSON, or has too long a string; the message never quotes the content."""


def read_json_content(session: ProcessSession, flowfile: FlowFile, *, maximum_string_length: int) -> JsonValue:
    """The first JSON value of the content; what follows it is ignored, as in NiFi. Raises NotJsonError."""
    content = session.read(flowfile)
    if not content:
        raise NotJsonError("the content is empty, where JSON was expected")
    try:
        return read_json(content, maximum_string_length=maximum_string_length)
    except EvaluationError as error:
        # The reader's own message shows what it found there, which may be a secret.
        message = str(error)
        place = _PLACE.search(message)
    if place is None:
        raise NotJsonError(
            f"the content is not JSON that can be read, or a string has over {maximum_string_length:,} characters"
        )
    raise NotJsonError(f"the content is not JSON: what stands at {place[0]} can't stand there")
