"""GenerateFlowFile: flowfiles out of nothing, to try a flow or to start one by the clock."""

import os
import string
from collections.abc import Iterable, Mapping
from typing import ClassVar

from flowrun import (
    DynamicExpressionProperties,
    ExpressionProperty,
    Input,
    Processor,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    boolean,
    character_set,
    data_size,
    non_blank,
    non_empty,
    positive_integer,
)
from flowrun.expression import Expression

_LETTERS = (string.ascii_letters + string.digits + "!@#$%^&*()-_=+/?.,';:\"<>\n\t ").encode()
_BYTE_TO_LETTER = bytes(_LETTERS[byte % len(_LETTERS)] for byte in range(256))


def _check_not_empty(expression: Expression) -> None:
    if not expression.text:
        raise ValueError("expected a text that is not empty; leave the property out for random content")


class GenerateFlowFile(Processor):
    """Make flowfiles with random or given content.

    As in NiFi, random content that need not be unique is made once, when the processor starts, and expressions are
    evaluated once for each batch.
    """

    input = Input.FORBIDDEN
    blocking = False
    default_schedule = "1 min"
    tags = ("test", "random", "generate", "load")
    writes: ClassVar[Mapping[str, str]] = {"mime.type": "The property Mime Type, if it is set."}
    example = """\
make-greeting:
  type: GenerateFlowFile
  schedule: {every: 10 sec}
  properties:
    Custom Text: Hello, world!
    filename: hello.txt
"""

    file_size = ExpressionProperty("File Size", data_size, "Size of random content.", default="0B", scope="environment")
    batch_size = Property("Batch Size", positive_integer, "How many flowfiles to make at each trigger.", default="1")
    data_format = Property(
        "Data Format",
        str,
        "Whether random content is text (ASCII) or any bytes.",
        default="Text",
        allowed=("Binary", "Text"),
    )
    unique = Property(
        "Unique FlowFiles",
        boolean,
        "Whether each flowfile gets random content of its own, which costs more.",
        default="false",
        allowed=("true", "false"),
    )
    custom_text = ExpressionProperty(
        "Custom Text",
        str,
        "The content, instead of a random one: needs the data format Text, and flowfiles that are not unique.",
        default=None,
        scope="environment",
        check=_check_not_empty,
        former_names=("generate-ff-custom-text",),
    )
    encoding = Property(
        "Character Set",
        character_set,
        "How Custom Text becomes bytes.",
        default="UTF-8",
        former_names=("character-set",),
    )
    mime_type = Property(
        "Mime Type", non_empty, "Value for the attribute `mime.type`.", default=None, former_names=("mime-type",)
    )
    attributes = DynamicExpressionProperties(
        str, "attribute to set", "Text with expressions.", scope="environment", name=non_blank
    )

    success = Relationship("success", "Every flowfile that was made.")

    _shared_content = b""

    def validate(self) -> Iterable[PropertyProblem]:
        if self.custom_text is not None and (self.unique or self.data_format != "Text"):
            yield PropertyProblem(
                "'Custom Text' needs 'Data Format: Text' and 'Unique FlowFiles: false'", "Custom Text"
            )

    def on_scheduled(self) -> None:
        if not self.unique and self.custom_text is None:
            self._shared_content = self._random_content()

    def on_trigger(self, session: ProcessSession) -> None:
        attributes = {name: value.evaluate() for name, value in self.attributes.items()}
        if self.mime_type is not None:
            attributes["mime.type"] = self.mime_type
        content = self._common_content()
        for _ in range(self.batch_size):
            own = self._random_content() if self.unique else content
            session.transfer(session.create(attributes=attributes, content=own), self.success)

    def _common_content(self) -> bytes:
        if self.custom_text is None:
            return self._shared_content
        return self.custom_text.evaluate().encode(self.encoding, "replace")

    def _random_content(self) -> bytes:
        content = os.urandom(self.file_size.evaluate())
        return content if self.data_format == "Binary" else content.translate(_BYTE_TO_LETTER)
