"""What a definition says, apart from where it stands and by which of several names."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from flowrun.errors import Place
from flowrun.flow.definition import FlowDefinition, ProcessorDefinition, ServiceDefinition, Text
from flowrun.flow.formatting.vocabulary import TypeNames, Vocabulary


def meaning(definition: FlowDefinition, vocabulary: Vocabulary) -> object:
    """Equal for definitions that say the same; the order of names counts, for some processors look at it."""
    return _plain(definition, vocabulary)


def _plain(value: Any, vocabulary: Vocabulary) -> Any:
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Place):
        return None
    if isinstance(value, Mapping):
        return [(name, _plain(inner, vocabulary)) for name, inner in value.items()]
    if isinstance(value, tuple):
        return [_plain(inner, vocabulary) for inner in value]
    if isinstance(value, ProcessorDefinition | ServiceDefinition):
        names = vocabulary.processors if isinstance(value, ProcessorDefinition) else vocabulary.services
        return {**_fields(value, vocabulary), **_named(value, names)}
    return _fields(value, vocabulary) if isinstance(value, Struct) else value


def _fields(value: Struct, vocabulary: Vocabulary) -> dict[str, Any]:
    return {name: _plain(getattr(value, name), vocabulary) for name in value.__struct_fields__}


def _named(component: ProcessorDefinition | ServiceDefinition, names: TypeNames) -> dict[str, Any]:
    """The fields that hold names, with the current ones."""
    kind = names.type_name(component.type.value)
    properties = [
        (name if kind is None else names.property_name(kind, name), text.value)
        for name, text in component.properties.items()
    ]
    return {"type": kind or component.type.value, "properties": properties, "property_places": None}
