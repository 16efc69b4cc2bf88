"""A type as plain values, for programs that read `flowrun processors TYPE --json`, or `services`."""

from collections.abc import Mapping
from typing import Any

from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.manual import summary
from flowrun.processor import Processor
from flowrun.property import Declaration
from flowrun.service import ControllerService


def describe(processor: type[Processor]) -> dict[str, Any]:
    """All that the type declares."""
    dynamic = processor.declarations.dynamic
    return {
        "type": processor.__name__,
        "summary": summary(processor),
        "input": processor.input.value,
        "default_schedule": processor.default_schedule,
        "properties": [_property(declaration) for declaration in processor.declarations.properties],
        "dynamic_properties": _dynamic(dynamic) if dynamic is not None else None,
        "takes_rules": processor.takes_rules or None,
        "relationships": [
            {"name": r.name, "description": r.description, "only_with": _conditions(r.only_with)}
            for r in processor.declared_relationships
        ],
        "reads": dict(processor.reads),
        "writes": dict(processor.writes),
        "tags": list(processor.tags),
    }


def describe_service(service: type[ControllerService]) -> dict[str, Any]:
    """All that the type of a controller service declares."""
    dynamic = service.declarations.dynamic
    return {
        "type": service.__name__,
        "summary": summary(service),
        "properties": [_property(declaration) for declaration in service.declarations.properties],
        "dynamic_properties": _dynamic(dynamic) if dynamic is not None else None,
        "tags": list(service.tags),
    }


def _property(declaration: Declaration) -> dict[str, Any]:
    return {
        "name": declaration.name,
        "description": declaration.description,
        "must_be_given": declaration.must_be_given,
        "default": declaration.default if isinstance(declaration.default, str) else None,
        "allowed": list(declaration.allowed) or None,
        "expressions": declaration.scope,
        "only_with": _conditions(declaration.only_with),
        "sensitive": declaration.sensitive,
        "former_names": list(declaration.former_names),
        "unsupported": declaration.unsupported,
    }


def _dynamic(dynamic: DynamicDeclaration) -> dict[str, Any]:
    return {
        "name": dynamic.name_means,
        "description": dynamic.description,
        "expressions": dynamic.scope,
        "makes_relationships": dynamic.relationships is not None,
    }


def _conditions(conditions: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: list(values) for name, values in conditions.items()}
