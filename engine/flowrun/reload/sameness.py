"""What an edit leaves as it is: services and processors that are configured as they were, to the last parameter."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowrun.component_building import Component
from flowrun.configurable import Configurable
from flowrun.connection import Connection
from flowrun.flow.definition import FlowDefinition, ProcessorDefinition, Text
from flowrun.graph import FlowGraph
from flowrun.masking import NO_MASKING
from flowrun.parameter_reference import Parameters, references
from flowrun.service import ControllerService
from flowrun.service_property import ServiceProperty

Fact = tuple[str, ...]


def kept_services(
    running: FlowGraph, definition: FlowDefinition, parameters: Parameters
) -> dict[str, ControllerService]:
    """The services with which the edited flow goes on: for one that holds tokens there must be no second one.

    A service is kept if it, and every service that it names, is configured as it was.
    """
    kept: dict[str, ControllerService] = {}
    for name, service in running.services.items():  # those that a service names come before it
        after = definition.services.get(name)
        if after is None:
            continue
        before = running.definition.services[name]
        if set(_named_services(service)) <= kept.keys() and _facts(before, running.parameters) == _facts(
            after, parameters
        ):
            kept[name] = service
    return kept


def is_same_processor(running: FlowGraph, edited: FlowGraph, name: str) -> bool:
    """Whether the processor of that name, which both have, can go on as it is."""
    before, after = running.nodes[name], edited.nodes[name]
    settings = (replace(node.transaction_settings, masking=NO_MASKING) for node in (before, after))
    return (
        type(before.processor) is type(after.processor)
        and before.settings == after.settings
        and next(settings) == next(settings)
        and _facts(running.definition.processors[name], running.parameters)
        == _facts(edited.definition.processors[name], edited.parameters)
        and _services(before.processor) == _services(after.processor)
    )


def is_same_queue(before: Connection, after: Connection) -> bool:
    """Whether two connections of the same identity queue in the same way."""
    return (before.back_pressure, before.expiration, before.prioritizers) == (
        after.back_pressure,
        after.expiration,
        after.prioritizers,
    )


def _facts(definition: Component, parameters: Parameters) -> tuple[Fact, ...]:
    """All that configures it, in the flow's order, with the values of the parameters that it uses."""
    return tuple(_written(definition, parameters))


def _written(definition: Component, parameters: Parameters) -> Iterator[Fact]:
    yield ("type", definition.type.value)
    for key, texts in (("property", definition.properties), ("dynamic", definition.dynamic)):
        for name, text in texts.items():
            yield (key, name, *_values([text], parameters))
    for rule in definition.rules if isinstance(definition, ProcessorDefinition) else ():
        yield ("rule", rule.name.value, *_values(rule.conditions, parameters))
        for name, text in rule.actions.items():
            yield ("action", name, *_values([text], parameters))


def _values(texts: Iterable[Text], parameters: Parameters) -> Iterator[str]:
    for text in texts:
        yield text.value
        for reference in references(text.value):
            yield parameters.values.get(reference.name, "")


def _named_services(component: Configurable) -> Iterator[str]:
    for declaration in component.declarations.properties:
        text = component.configuration.texts.get(declaration.name)
        if isinstance(declaration, ServiceProperty) and text is not None:
            yield text


def _services(component: Configurable) -> list[int]:
    """Which services it has, by their identity."""
    return [
        id(component.configuration[declaration.attribute])
        for declaration in component.declarations.properties
        if isinstance(declaration, ServiceProperty)
    ]
