"""ValidateJson: a JSON document against a JSON Schema."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flowrun import (
    ExpressionProperty,
    FlowFile,
    Processor,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    data_size,
)
from flowrun.errors import Severity
from flowrun_processors.json_content import NotJsonError, read_json_content

from .schema import DRAFTS, load_schema, schema_source

_ERRORS = "json.validation.errors"
_MAXIMUM_FINDINGS = 20
_CONTENT = "SCHEMA_CONTENT_PROPERTY"
_NAME = "SCHEMA_NAME_PROPERTY"
_NO_REGISTRY = "there is no schema registry in flowrun; put the schema into 'JSON Schema'"


def access_strategy(text: str) -> str:
    """The one way to get at a schema that works. Raises ValueError for the other."""
    if text != _CONTENT:
        raise ValueError(f"{_NO_REGISTRY} and take 'JSON Schema Property' here")
    return text


class ValidateJson(Processor):
    """Check that the content is JSON that fits a JSON Schema.

    The content's first JSON value counts, and what follows it is ignored, as in NiFi. Contents that are no JSON, empty
    ones among them, go to `failure`.

    Differs from NiFi on purpose: `json.validation.errors` says where and which rule was broken, and quotes no value of
    the document, since that may be a secret; it holds the first 20 findings. Empty contents are no JSON, where NiFi
    finds them valid unless the schema names a type. Comments are no JSON. JSON Schema may hold expressions, which see
    the environment; a schema that is a file is read when the processor starts. No schema is fetched from an address,
    neither this one nor one that it refers to. Regular expressions in schemas are Python's.
    """

    blocking = False
    tags = ("JSON", "schema", "validation")
    writes: ClassVar[Mapping[str, str]] = {_ERRORS: "What is wrong with an invalid document."}
    example = """\
check-tokens:
  type: ValidateJson
  properties:
    JSON Schema: |
      {
        "type": "object",
        "required": ["access_token", "refresh_token"],
        "properties": {
          "access_token": {"type": "string", "minLength": 1},
          "refresh_token": {"type": "string", "minLength": 1}
        }
      }
"""

    schema_access_strategy = Property(
        "Schema Access Strategy",
        access_strategy,
        "Where the schema comes from: the property JSON Schema. The other way of NiFi needs a schema registry.",
        default=_CONTENT,
        allowed={_NAME: "Schema Name Property", _CONTENT: "JSON Schema Property"},
    )
    schema_name = Property(
        "Schema Name",
        str,
        "The name of the schema in a registry.",
        default=None,
        only_with={"Schema Access Strategy": (_NAME,)},
        unsupported=_NO_REGISTRY,
    )
    schema_registry = Property(
        "JSON Schema Registry",
        str,
        "The registry that has the schema.",
        default=None,
        only_with={"Schema Access Strategy": (_NAME,)},
        unsupported=_NO_REGISTRY,
    )
    json_schema = ExpressionProperty(
        "JSON Schema",
        schema_source,
        "The schema itself, or the path of the file that holds it.",
        scope="environment",
        only_with={"Schema Access Strategy": (_CONTENT,)},
    )
    schema_version = Property(
        "JSON Schema Version",
        str,
        "The draft that the schema is written in, unless it says so itself with `$schema`. Up to Draft 7 `format` is "
        "a rule, later it is a remark.",
        default="DRAFT_2020_12",
        allowed=DRAFTS,
        only_with={"Schema Access Strategy": (_CONTENT,)},
        former_names=("Schema Version",),
    )
    maximum_string_length = Property(
        "Max String Length",
        data_size,
        "A document with a string of more characters goes to `failure`.",
        default="20 MB",
    )

    valid = Relationship("valid", "The document fits the schema.")
    invalid = Relationship("invalid", "The document does not fit the schema.")
    failure = Relationship("failure", "The content is not JSON, or could not be checked.")

    def validate(self) -> Iterable[PropertyProblem]:
        """A file that is not there yet may be there when the processor starts."""
        if self.json_schema.expression.is_constant:
            file = self.json_schema.evaluate().file
            if file is not None and not file.is_file():
                yield PropertyProblem(f"there is no file {file} yet", "JSON Schema", severity=Severity.WARNING)

    def on_scheduled(self) -> None:
        """Read and check the schema. Raises PropertyError."""
        self._schema = load_schema(self.json_schema.evaluate(), self.schema_version)

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        try:
            document = read_json_content(session, flowfile, maximum_string_length=self.maximum_string_length)
        except NotJsonError as error:
            session.transfer(flowfile, self.failure, cause=str(error))
            return
        try:
            findings = self._schema.findings(document, maximum=_MAXIMUM_FINDINGS)
        except Exception as error:  # noqa: BLE001 as in NiFi, what the library can't check is this content's failure
            session.transfer(flowfile, self.failure, cause=f"the check could not be made ({type(error).__name__})")
            return
        if not findings:
            session.transfer(flowfile, self.valid)
            return
        text = "; ".join(findings)
        session.transfer(session.put_attribute(flowfile, _ERRORS, text), self.invalid, cause=text)
