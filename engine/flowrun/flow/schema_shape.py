"""The shape of a flow file as a JSON Schema, from the keys that the loader takes; processor types are added above."""

from typing import Any

from flowrun.flow.keys import (
    BACK_PRESSURE_KEYS,
    CONNECTION_KEYS,
    FLOW_KEYS,
    PARAMETER_KEYS,
    PROCESSOR_KEYS,
    RETRY_KEYS,
    SCHEDULE_KEYS,
    Keys,
)
from flowrun.flow.yaml_nodes import MappingNode, SequenceNode

_SCALAR = {"type": ["string", "number", "boolean"]}
_NAMES = {"type": "array", "items": {"type": "string"}}
_TEXTS = {"type": "object", "additionalProperties": _SCALAR}
_SCHEMA_ID = "https://flowrun.example/flow.schema.json"


def flow_shape() -> dict[str, Any]:
    """The schema (draft 2020-12), with `processor`, `connection` and `parameter` under `$defs`."""
    flow = _object(FLOW_KEYS, required=("flow", "processors"))
    flow["properties"] |= {
        "flow": {
            "type": "string",
            "pattern": "^[a-z0-9-]{1,100}$",
            "description": "Names state, metrics and log lines.",
        },
        "parameters": {"type": "object", "additionalProperties": {"$ref": "#/$defs/parameter"}},
        "processors": {"type": "object", "additionalProperties": {"$ref": "#/$defs/processor"}},
        "connections": {"type": "array", "items": {"$ref": "#/$defs/connection"}},
        "fsync": {"enum": ["none", "group", "commit"]},
        "cron": {"enum": ["quartz", "spring"]},
    }
    processor = _object(PROCESSOR_KEYS, required=("type",))
    processor["properties"] |= {
        "properties": _TEXTS,
        "dynamic": _TEXTS,
        "schedule": _object(SCHEDULE_KEYS),
        "retry": _object(RETRY_KEYS, required=("relationships",)),
    }
    connection = _object(CONNECTION_KEYS, required=("from", "to"))
    connection["properties"]["back_pressure"] = _object(BACK_PRESSURE_KEYS)
    arrow = {"type": "string", "pattern": "--.*-->|-->", "examples": ["get-files -- success --> save-files"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _SCHEMA_ID,
        "title": "A flow of flowrun",
        **flow,
        "$defs": {
            "parameter": {"anyOf": [_object(PARAMETER_KEYS), {"type": "null"}]},
            "processor": processor,
            "connection": {"anyOf": [arrow, connection]},
        },
    }


def _object(keys: Keys, *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, key in keys.items():
        kind = _NAMES if key.kind is SequenceNode else _TEXTS if key.kind is MappingNode else _SCALAR
        properties[name] = {**kind, "examples": [key.example]} if kind is _SCALAR else dict(kind)
    shape: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})
