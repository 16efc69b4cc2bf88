"""A JSON Schema: where it comes from, and what it finds wrong with a document."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from flowrun import EvaluationError
from flowrun.dialect.json_text import JsonValue, read_json
from flowrun.errors import PropertyError

from .finding import describe

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

DRAFTS = {
    "DRAFT_4": "Draft 4",
    "DRAFT_6": "Draft 6",
    "DRAFT_7": "Draft 7",
    "DRAFT_2019_09": "Draft 2019-09",
    "DRAFT_2020_12": "Draft 2020-12",
}
_CLASSES = {
    "DRAFT_4": "Draft4Validator",
    "DRAFT_6": "Draft6Validator",
    "DRAFT_7": "Draft7Validator",
    "DRAFT_2019_09": "Draft201909Validator",
    "DRAFT_2020_12": "Draft202012Validator",
}
_FORMAT_IS_A_RULE = ("Draft3Validator", "Draft4Validator", "Draft6Validator", "Draft7Validator")
_REFERENCES = ("$ref", "$dynamicRef")


SchemaDocument: TypeAlias = "dict[str, JsonValue] | bool"


@dataclass(frozen=True, slots=True)
class SchemaSource:
    """Where a schema is: its text, or a file that holds it."""

    text: str | None = None
    file: Path | None = None

    def read(self) -> SchemaDocument:
        """The schema as JSON. Raises PropertyError."""
        try:
            text = self.file.read_text("utf-8") if self.file is not None else self.text or ""
            return _read(text)
        except OSError as error:
            raise PropertyError(f"'JSON Schema': the file {self.file} can't be read: {error.strerror}") from error
        except ValueError as error:
            raise PropertyError(f"'JSON Schema': {self.file or 'the text'}: {error}") from error


def schema_source(text: str) -> SchemaSource:
    """A schema's text, or the path of its file. Raises ValueError with what was expected."""
    stripped = text.strip()
    if not stripped:
        raise ValueError("expected a JSON Schema, or the path of a file that holds one")
    if stripped[0] in "{[" or stripped in ("true", "false"):
        _read(stripped)
        return SchemaSource(text=stripped)
    if "://" in stripped or stripped.startswith("file:") or "\0" in stripped:
        raise ValueError("expected the schema itself or the path of a file; no address is read")
    return SchemaSource(file=Path(stripped))


def _read(text: str) -> SchemaDocument:
    try:
        schema = read_json(text, trailing=False)
    except EvaluationError as error:
        raise ValueError(f"the schema is {error}") from error
    if not isinstance(schema, dict | bool):
        raise ValueError("a JSON Schema is an object, or true or false")
    return schema


class Schema:
    """A checked schema; any number of threads may use it."""

    def __init__(self, validator: "Validator") -> None:
        self._validator = validator

    def findings(self, document: JsonValue, *, maximum: int) -> list[str]:
        """What is wrong with a document, in words that quote nothing of it but names; empty: it is valid."""
        errors = islice(self._validator.iter_errors(document), maximum + 1)
        found = list(dict.fromkeys(describe(error) for error in errors))
        return [*found[:maximum], "and more"] if len(found) > maximum else found


def load_schema(source: SchemaSource, draft: str) -> Schema:
    """The schema, ready for use; its own `$schema` counts before `draft`, as in NiFi. Raises PropertyError."""
    import jsonschema  # costs 0.1 sec, which only a flow that runs has to pay
    from jsonschema.validators import validator_for
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    document = source.read()
    try:
        validator_class: Any = validator_for(document, default=getattr(jsonschema, _CLASSES[draft]))
        validator_class.check_schema(document, format_checker=validator_class.FORMAT_CHECKER)
        for reference in _unknown_references(document, validator_class, REGISTRY):
            raise PropertyError(f"'JSON Schema': '{reference}' refers to nothing within the schema")
    except PropertyError:
        raise
    except jsonschema.SchemaError as error:
        raise PropertyError(f"'JSON Schema': not a schema of this draft: {error.json_path}: {error.message}") from error
    except Exception as error:
        raise PropertyError(f"'JSON Schema': can't be used: {type(error).__name__}: {error}") from error
    formats = validator_class.FORMAT_CHECKER if validator_class.__name__ in _FORMAT_IS_A_RULE else None
    # Without a registry of its own the library would fetch what it does not know from the network.
    return Schema(validator_class(document, registry=REGISTRY, format_checker=formats))


def _unknown_references(document: SchemaDocument, validator_class: Any, registry: Any) -> Iterator[str]:
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import specification_with

    specification = specification_with(validator_class.ID_OF(validator_class.META_SCHEMA))
    resource = specification.create_resource(document)
    waiting = [(resource, registry.resolver_with_root(resource))]
    while waiting:
        resource, resolver = waiting.pop()
        waiting.extend((inner, resolver.in_subresource(inner)) for inner in resource.subresources())
        contents = resource.contents if isinstance(resource.contents, dict) else {}
        for keyword in _REFERENCES:
            reference = contents.get(keyword)
            try:
                if isinstance(reference, str):
                    resolver.lookup(reference)
            except Unresolvable:
                yield str(reference)
