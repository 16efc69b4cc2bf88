"""The JSON Schema of flow files, from the declarations: editors complete and check from it."""

import re
from collections.abc import Iterable

from flowrun.configurable import Configurable
from flowrun.flow.schema_shape import PARAMETER, SCALAR, Schema, flow_shape
from flowrun.manual import summary
from flowrun.processor import Processor
from flowrun.property import Declaration
from flowrun.service import ControllerService


def flow_schema(processors: Iterable[type[Processor]], services: Iterable[type[ControllerService]] = ()) -> Schema:
    """The schema (draft 2020-12) of a flow file that may use these types."""
    schema = flow_shape()
    _add_types(schema["$defs"]["processor"], list(processors))
    _add_types(schema["$defs"]["controller_service"], list(services))
    return schema


def _add_types(part: Schema, known: list[type[Configurable]]) -> None:
    """Let an editor offer the types, and check the properties of those it knows."""
    names = [{"const": kind.__name__, "description": summary(kind)} for kind in known]
    other = {"type": "string", "description": "A plug-in's type, or NiFi's full class name."}
    part["properties"]["type"] = {
        "description": part["properties"]["type"]["description"],
        "anyOf": [*names, other],
    }
    if known:
        part["allOf"] = [_for_type(kind) for kind in known]


def _for_type(kind: type[Configurable]) -> Schema:
    spellings = "|".join(re.escape(name) for name in (kind.__name__, *kind.former_types))
    of_this_type = {"type": {"pattern": rf"^(.*\.)?({spellings})$"}}
    then: Schema = {"properties": {"properties": _properties(kind)}}
    if _needed(kind):
        then["required"] = ["properties"]
    if kind.declarations.dynamic is None:
        then["properties"]["dynamic"] = {"maxProperties": 0}
    if issubclass(kind, Processor) and not kind.takes_rules:
        then["properties"]["rules"] = {"maxItems": 0}
    return {"if": {"properties": of_this_type, "required": ["type"]}, "then": then}


def _properties(kind: type[Configurable]) -> Schema:
    """The schema of `properties:` under this type."""
    properties = {
        name: _property(declaration, name)
        for declaration in kind.declarations.properties
        for name in (declaration.name, *declaration.former_names)
    }
    shape: Schema = {"type": "object", "description": summary(kind), "properties": properties}
    dynamic = kind.declarations.dynamic
    if dynamic is None:
        shape["additionalProperties"] = False
    else:
        shape["additionalProperties"] = {**SCALAR, "description": dynamic.description}
    if _needed(kind):
        shape["allOf"] = [_given(declaration) for declaration in _needed(kind)]
    return shape


def _needed(kind: type[Configurable]) -> list[Declaration]:
    return [d for d in kind.declarations.properties if d.must_be_given and not d.only_with]


def _given(declaration: Declaration) -> Schema:
    """The property is there, by one of its names."""
    ways = [{"required": [name]} for name in (declaration.name, *declaration.former_names)]
    return {"anyOf": ways} if len(ways) > 1 else ways[0]


def _property(declaration: Declaration, name: str) -> Schema:
    described: Schema = {"description": declaration.description, **SCALAR}
    if declaration.labels and declaration.scope is None:
        described["anyOf"] = [{"enum": _choices(declaration)}, PARAMETER]
    if isinstance(declaration.default, str):
        described["default"] = declaration.default
    if name != declaration.name:
        described["deprecated"] = True
        described["description"] = f"A former name of '{declaration.name}'. {declaration.description}"
    return described


def _choices(declaration: Declaration) -> list[str | bool | int]:
    """The allowed values as YAML may give them: `true` unquoted is a boolean to an editor, `1` a number."""
    texts = dict.fromkeys((*declaration.labels, *declaration.labels.values()))
    words = {"true": True, "false": False}
    flags = [words[text.lower()] for text in texts if text.lower() in words]
    return [*texts, *dict.fromkeys(flags), *(int(text) for text in texts if text.isascii() and text.isdigit())]
