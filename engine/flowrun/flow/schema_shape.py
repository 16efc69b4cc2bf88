"""The shape of a flow file as a JSON Schema, from the keys that the loader takes; types are added in `schema.py`."""

from typing import Any

from flowrun.bulletin import Level
from flowrun.flow import key_meanings as meanings
from flowrun.flow import keys
from flowrun.flow.key_meanings import Meanings
from flowrun.flow.keys import Keys
from flowrun.flow.yaml_nodes import MappingNode, SequenceNode
from flowrun.prioritizer import Prioritizer

Schema = dict[str, Any]

SCALAR: Schema = {"type": ["string", "number", "boolean"]}
"""Text, which an editor may take for a number or a boolean."""
PARAMETER: Schema = {"type": "string", "pattern": r"#\{"}
"""Text whose value is not known before the parameters are."""

_TEXTS: Schema = {"type": "object", "additionalProperties": SCALAR}
_NAMES: Schema = {"type": "array", "items": SCALAR, "uniqueItems": True}
_NAME: Schema = {"pattern": r"^\S(.*\S)?$"}
_SCHEMA_ID = "https://flowrun.example/flow.schema.json"
_ARROW: Schema = {
    "type": "string",
    "pattern": r"^\s*\S.*?-->\s*\S",
    "description": "SOURCE -- RELATIONSHIP --> DESTINATION",
    "examples": ["get-files -- success --> save-files"],
}


def flow_shape() -> Schema:
    """The schema (draft 2020-12); parts that `$defs` holds: parameter, processor, controller_service, connection."""
    flow = _object(keys.FLOW_KEYS, meanings.FLOW_MEANINGS, required=("flow", "processors"))
    flow["properties"]["flow"] |= {"pattern": "^[a-z0-9-]{1,100}$"}
    flow["properties"]["fsync"] |= {"enum": ["none", "group", "commit"], "default": "group"}
    flow["properties"]["cron"] |= {"enum": ["quartz", "spring"], "default": "quartz"}
    history = _object(keys.HISTORY_KEYS, meanings.HISTORY_MEANINGS)
    described = meanings.FLOW_MEANINGS["history"]
    flow["properties"]["history"] = {"description": described, "anyOf": [history, {"enum": ["off", False]}]}
    flow["properties"]["parameters"] |= _named("parameter", r"^[A-Za-z0-9_.-]([A-Za-z0-9 _.-]*[A-Za-z0-9_.-])?$")
    flow["properties"]["processors"] |= _named("processor") | {"minProperties": 1}
    flow["properties"]["controller_services"] |= _named("controller_service")
    flow["properties"]["on_dead_letter"] |= _on_dead_letter()
    flow["properties"]["connections"] |= {"items": {"$ref": "#/$defs/connection"}}
    service = _object(keys.SERVICE_KEYS, meanings.SERVICE_MEANINGS, required=("type",))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _SCHEMA_ID,
        "title": "A flow of flowrun",
        **flow,
        "$defs": {
            "parameter": _parameter(),
            "processor": _processor(),
            "controller_service": service,
            "connection": {"anyOf": [_ARROW, _connection()]},
        },
    }


def _on_dead_letter() -> Schema:
    told = _object(keys.ON_DEAD_LETTER_KEYS, meanings.ON_DEAD_LETTER_MEANINGS)
    told["properties"]["command"] |= {"minItems": 1, "uniqueItems": False}
    belongs = {"every": ["command"], "time_limit": ["command"]}
    return told | {"anyOf": [{"required": ["command"]}, {"required": ["processor"]}], "dependentRequired": belongs}


def _parameter() -> Schema:
    parameter = _object(keys.PARAMETER_KEYS, meanings.PARAMETER_MEANINGS)
    parameter["properties"]["sensitive"] |= _flag()
    return parameter | {"not": {"required": ["env", "file"]}}


def _processor() -> Schema:
    schedule = _object(keys.SCHEDULE_KEYS, meanings.SCHEDULE_MEANINGS)
    schedule["properties"]["overlap"] = _one_of(schedule["properties"]["overlap"], "allow", "skip")
    schedule |= {"not": {"required": ["every", "cron"]}, "dependentRequired": {"time_zone": ["cron"]}}
    rule = _object(keys.RULE_KEYS, meanings.RULE_MEANINGS, required=("name",))
    rule["properties"]["conditions"] |= {"uniqueItems": False}
    retry = _object(keys.RETRY_KEYS, meanings.RETRY_MEANINGS, required=("relationships",))
    retry["properties"]["backoff"] = _one_of(retry["properties"]["backoff"], "penalize", "yield")
    processor = _object(keys.PROCESSOR_KEYS, meanings.PROCESSOR_MEANINGS, required=("type",))
    properties = processor["properties"]
    properties["schedule"] |= schedule
    properties["retry"] |= retry
    properties["rules"] = {"description": properties["rules"]["description"], "type": "array", "items": rule}
    properties["sensitive_content"] |= _flag()
    properties["enabled"] |= {"anyOf": [_flag(), PARAMETER]}
    properties["replay"] = _one_of(properties["replay"], "allow", "refuse")
    properties["execution"] = _one_of(properties["execution"], "all", "primary")
    properties["bulletin_level"] = _one_of(properties["bulletin_level"], *Level.__members__, "WARN")
    return processor


def _connection() -> Schema:
    connection = _object(keys.CONNECTION_KEYS, meanings.CONNECTION_MEANINGS, required=("from", "to"))
    properties = connection["properties"]
    properties["back_pressure"] |= _object(keys.BACK_PRESSURE_KEYS, meanings.BACK_PRESSURE_MEANINGS)
    nifi = {"type": "string", "pattern": "Prioritizer$", "description": "NiFi's name"}
    properties["prioritizers"] |= {"items": {"anyOf": [{"enum": [p.value for p in Prioritizer]}, nifi, PARAMETER]}}
    return connection


def _object(known: Keys, described: Meanings, *, required: tuple[str, ...] = ()) -> Schema:
    properties: Schema = {}
    for name, key in known.items():
        kind = _NAMES if key.kind is SequenceNode else _TEXTS if key.kind is MappingNode else SCALAR
        properties[name] = {"description": described[name], **kind}
        if kind is SCALAR:
            properties[name]["examples"] = [key.example.strip('"')]
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})


def _named(definition: str, pattern: str | None = None) -> Schema:
    """A mapping from names to parts of one kind."""
    name = _NAME if pattern is None else {"pattern": pattern}
    return {"propertyNames": name, "additionalProperties": {"$ref": f"#/$defs/{definition}"}}


def _flag() -> Schema:
    words = ["true", "false", "yes", "no", "on", "off"]
    return {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": any_case(*words)}]}


def _one_of(described: Schema, *words: str) -> Schema:
    """One of a few words, in any case; an editor offers them as they stand."""
    plain = {key: described[key] for key in ("description",)}
    return plain | {"anyOf": [{"enum": list(words)}, {"type": "string", "pattern": any_case(*words)}, PARAMETER]}


def any_case(*words: str) -> str:
    """A regular expression for these words and no others, however they are capitalized."""
    letters = ("".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else c for c in word) for word in words)
    return rf"^\s*({'|'.join(letters)})\s*$"
