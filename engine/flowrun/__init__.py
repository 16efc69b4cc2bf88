"""flowrun: flows of processors over queued connections, with NiFi's vocabulary and guarantees.

What a processor's author imports is here, and nothing else. The floors, low to high; a module imports only from below:

    errors → units, clock → dialect, parameter_reference → flowfile, relationship
    → repository (what survives a crash), bulletin, state, retry
    → connection, expression, property_types, flow (what the author wrote)
    → property, session (the transaction) → processor (the step) → registry → schema, manual
    → graph (definition → objects) → scheduler (who may be triggered now) → status → runner → control
    → sandbox → testing → cli
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowrun.bulletin import Level
    from flowrun.declarations import PropertyProblem, RulePart
    from flowrun.dynamic_properties import DynamicExpressionProperties, DynamicProperties
    from flowrun.errors import EvaluationError, ExpressionError, ProcessorError
    from flowrun.flowfile import FlowFile
    from flowrun.parameter_reference import Parameters
    from flowrun.processor import Input, Processor
    from flowrun.property import ConfiguredExpression, ExpressionProperty, Property
    from flowrun.property_types import (
        boolean,
        character_set,
        integer,
        natural_number,
        non_blank,
        non_empty,
        path,
        positive_integer,
        regular_expression,
    )
    from flowrun.relationship import Relationship
    from flowrun.rules import ConfiguredRule, Rule
    from flowrun.service import ControllerService, ServiceContext
    from flowrun.service_property import ServiceProperty
    from flowrun.session import ProcessSession
    from flowrun.units import data_size, duration

_HOMES = {
    "bulletin": ("Level",),
    "declarations": ("PropertyProblem", "RulePart"),
    "dynamic_properties": ("DynamicExpressionProperties", "DynamicProperties"),
    "errors": ("EvaluationError", "ExpressionError", "ProcessorError"),
    "flowfile": ("FlowFile",),
    "processor": ("Input", "Processor"),
    "parameter_reference": ("Parameters",),
    "property": ("ConfiguredExpression", "ExpressionProperty", "Property"),
    "property_types": (
        "boolean",
        "character_set",
        "integer",
        "natural_number",
        "non_blank",
        "non_empty",
        "path",
        "positive_integer",
        "regular_expression",
    ),
    "relationship": ("Relationship",),
    "rules": ("ConfiguredRule", "Rule"),
    "service": ("ControllerService", "ServiceContext"),
    "service_property": ("ServiceProperty",),
    "session": ("ProcessSession",),
    "units": ("data_size", "duration"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ConfiguredExpression",
    "ConfiguredRule",
    "ControllerService",
    "DynamicExpressionProperties",
    "DynamicProperties",
    "EvaluationError",
    "ExpressionError",
    "ExpressionProperty",
    "FlowFile",
    "Input",
    "Level",
    "Parameters",
    "ProcessSession",
    "Processor",
    "ProcessorError",
    "Property",
    "PropertyProblem",
    "Relationship",
    "Rule",
    "RulePart",
    "ServiceContext",
    "ServiceProperty",
    "boolean",
    "character_set",
    "data_size",
    "duration",
    "integer",
    "natural_number",
    "non_blank",
    "non_empty",
    "path",
    "positive_integer",
    "regular_expression",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'flowrun' has no attribute {name!r}")
    return getattr(import_module(f"flowrun.{_HOME_OF[name]}"), name)
