"""EvaluateJsonPath: values out of a JSON document."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flowrun import (
    DynamicProperties,
    FlowFile,
    Level,
    Processor,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    data_size,
    non_blank,
)
from flowrun.dialect.json_text import JsonValue, print_json, print_scalar
from flowrun.dialect.jsonpath import Absence, JsonPath
from flowrun_processors.json_content import NotJsonError, read_json_content

_NULL_TEXTS = {"empty string": "", "the string 'null'": "null"}


def json_path(text: str) -> JsonPath:
    """A JsonPath as Jayway reads it. Raises ExpressionError, or ValueError where it is blank."""
    return JsonPath.compile(non_blank(text))


class NoScalarError(Exception):
    """A path that leads to an object or a list, where one value is wanted."""


class EvaluateJsonPath(Processor):
    """Take values out of a JSON document, into attributes or as the new content.

    Each dynamic property is a path. A path that could give several values (`*`, `..`, a filter, a slice, several
    indexes) always gives a list, even of one value or none: for an attribute that needs Return Type `json`.

    Strings come without quotes. Whole numbers keep every digit, other numbers look as Java prints them: `2.50` becomes
    `2.5`, `0.00001` becomes `1.0E-5`.

    As in NiFi, a function that can't work on what it is given (`max()` of nothing) fails the flowfile's unit of work:
    it goes back to its queue.
    """

    blocking = False
    tags = ("JSON", "evaluate", "JsonPath", "extract", "attributes")
    writes: ClassVar[Mapping[str, str]] = {
        "(name of the property)": "What the path leads to, with destination flowfile-attribute."
    }
    example = """\
extract-tokens:
  type: EvaluateJsonPath
  properties:
    Destination: flowfile-attribute
    access_token: $.access_token
    refresh_token: $.refresh_token
"""

    destination = Property(
        "Destination",
        str,
        "Whether the values become attributes, or the one value becomes the content.",
        default="flowfile-content",
        allowed=("flowfile-content", "flowfile-attribute"),
    )
    return_type = Property(
        "Return Type",
        str,
        "With `scalar` an object or a list goes to `failure`; `auto-detect` is `scalar` for attributes, `json` for the "
        "content.",
        default="auto-detect",
        allowed=("auto-detect", "json", "scalar"),
    )
    path_not_found = Property(
        "Path Not Found Behavior",
        str,
        "What a path that leads nowhere does: `ignore` makes the attribute empty, `warn` does too and says so, `skip` "
        "leaves the attribute alone.",
        default="ignore",
        allowed=("warn", "ignore", "skip"),
        only_with={"Destination": ("flowfile-attribute",)},
    )
    null_value = Property(
        "Null Value Representation",
        str,
        "What a JSON null becomes.",
        default="empty string",
        allowed=tuple(_NULL_TEXTS),
    )
    maximum_string_length = Property(
        "Max String Length",
        data_size,
        "A document with a string of more characters goes to `failure`.",
        default="20 MB",
    )
    paths = DynamicProperties(
        json_path,
        "the attribute to set; ignored with destination flowfile-content",
        "A JsonPath; expressions are not evaluated in it.",
        name=non_blank,
    )

    matched = Relationship("matched", "The paths were evaluated; for attributes also if some led nowhere.")
    unmatched = Relationship(
        "unmatched", "The path of destination flowfile-content leads nowhere; nothing was changed."
    )
    failure = Relationship(
        "failure", "The content is not JSON, or not a scalar where one is wanted; nothing was changed."
    )

    def validate(self) -> Iterable[PropertyProblem]:
        """The content can be the value of one path only."""
        if self.destination == "flowfile-content" and len(self.paths) != 1:
            found = ", ".join(f"'{name}'" for name in self.paths) or "none"
            yield PropertyProblem(
                f"with 'Destination: flowfile-content' there must be exactly one path, found {found}", "Destination"
            )

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        try:
            document = self._read(session, flowfile)
            if self.destination == "flowfile-content":
                self._to_content(session, flowfile, document)
            else:
                self._to_attributes(session, flowfile, document)
        except (NotJsonError, NoScalarError) as error:
            session.transfer(flowfile, self.failure, cause=str(error))

    def _read(self, session: ProcessSession, flowfile: FlowFile) -> JsonValue:
        document = read_json_content(session, flowfile, maximum_string_length=self.maximum_string_length)
        if document is None:
            raise NotJsonError("the content is a bare null, in which no path leads anywhere")
        return document

    def _to_content(self, session: ProcessSession, flowfile: FlowFile, document: JsonValue) -> None:
        [(name, path)] = self.paths.items()
        value = path.read(document)
        if isinstance(value, Absence):
            session.transfer(flowfile, self.unmatched, cause=f"the path of '{name}' leads nowhere")
            return
        content = self._text(name, value).encode("utf-8", "replace")
        session.transfer(session.write(flowfile, content), self.matched)

    def _to_attributes(self, session: ProcessSession, flowfile: FlowFile, document: JsonValue) -> None:
        attributes: dict[str, str] = {}
        for name, path in self.paths.items():
            value = path.read(document)
            if not isinstance(value, Absence):
                attributes[name] = self._text(name, value)
            elif self.path_not_found != "skip":
                attributes[name] = ""
                if self.path_not_found == "warn":
                    session.say(Level.WARNING, f"the path of '{name}' leads nowhere; the attribute is empty", flowfile)
        if attributes:
            flowfile = session.put_attributes(flowfile, attributes)
        session.transfer(flowfile, self.matched)

    def _text(self, name: str, value: JsonValue) -> str:
        if not isinstance(value, dict | list):
            return print_scalar(value, null=_NULL_TEXTS[self.null_value])
        if self.return_type == "scalar" or (self.return_type, self.destination) == (
            "auto-detect",
            "flowfile-attribute",
        ):
            kind = "an object" if isinstance(value, dict) else "a list"
            raise NoScalarError(f"the path of '{name}' leads to {kind}; 'Return Type: json' takes it")
        return print_json(value)
