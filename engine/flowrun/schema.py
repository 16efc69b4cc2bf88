"""The JSON Schema of flow files, from the declarations: editors complete and check from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flowrun.flow.schema_shape import flow_shape
from flowrun.manual import summary
from flowrun.processor import Processor
from flowrun.property import Declaration

_SCALAR = ["string", "number", "boolean"]


def flow_schema(processors: Iterable[type[Processor]]) -> dict[str, Any]:
    """The schema (draft 2020-12) of a flow file that may use these processor types."""
    known = list(processors)
    schema = flow_shape()
    processor = schema["$defs"]["processor"]
    processor["properties"]["type"] = {
        "anyOf": [
            {"enum": [p.__name__ for p in known]},
            {"type": "string", "description": "A plug-in's type, or NiFi's full class name."},
        ],
        "description": "Which processor type this is.",
    }
    processor["allOf"] = [_for_type(p) for p in known]
    return schema


def _for_type(processor: type[Processor]) -> dict[str, Any]:
    properties = {
        name: _property(declaration, name)
        for declaration in processor.declarations.properties
        for name in (declaration.name, *declaration.former_names)
    }
    shape: dict[str, Any] = {"type": "object", "properties": properties, "description": summary(processor)}
    dynamic = processor.declarations.dynamic
    if dynamic is None:
        shape["additionalProperties"] = False
    else:
        shape["additionalProperties"] = {"type": _SCALAR, "description": dynamic.description}
    names = [processor.__name__, *processor.former_types]
    return {
        "if": {"properties": {"type": {"enum": names}}, "required": ["type"]},
        "then": {"properties": {"properties": shape}},
    }


def _property(declaration: Declaration, name: str) -> Mapping[str, Any]:
    described: dict[str, Any] = {"type": _SCALAR, "description": declaration.description}
    if declaration.labels and declaration.scope is None:
        described["anyOf"] = [{"enum": _choices(declaration)}, {"type": "string", "pattern": r"#\{"}]
    if isinstance(declaration.default, str):
        described["default"] = declaration.default
    if name != declaration.name:
        described["deprecated"] = True
        described["description"] = f"A former name of '{declaration.name}'. {declaration.description}"
    return described


def _choices(declaration: Declaration) -> list[str | bool]:
    """The allowed values as YAML may give them: `true` unquoted is a boolean to an editor."""
    texts = dict.fromkeys((*declaration.labels, *declaration.labels.values()))
    words = {"true": True, "false": False}
    return [*texts, *(words[text.lower()] for text in texts if text.lower() in words)]
