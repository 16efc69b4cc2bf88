"""The entries of `controller_services:`."""

from collections.abc import Mapping
from types import MappingProxyType

from flowrun.errors import Place
from flowrun.flow.definition import ServiceDefinition
from flowrun.flow.fields import Fields, is_name
from flowrun.flow.keys import SERVICE_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.processor_reading import read_properties
from flowrun.flow.wording import quoted
from flowrun.flow.yaml_nodes import Entry, MappingNode


def read_services(node: MappingNode, problems: ProblemList) -> Mapping[str, ServiceDefinition]:
    """Every controller service that could be read, in the file's order."""
    services = (_read_service(entry, problems) for entry in node.entries.values())
    return MappingProxyType({service.name: service for service in services if service is not None})


def _read_service(entry: Entry, problems: ProblemList) -> ServiceDefinition | None:
    name, node = entry.key.text, entry.value
    if not isinstance(node, MappingNode):
        problems.lose(f"controller service {quoted(name.value)} must be a mapping with 'type'", node.place)
        return None
    fields = Fields(node, SERVICE_KEYS, problems)
    fields.require("type", f"controller service {quoted(name.value)}", name.place)
    kind = fields.name("type")
    places: dict[str, Place] = {}
    properties = read_properties(fields.mapping("properties"), places, problems)
    dynamic = read_properties(fields.mapping("dynamic"), places, problems)
    if not is_name(name, problems) or kind is None:
        return None
    return ServiceDefinition(
        name=name.value,
        type=kind,
        place=name.place,
        properties=properties,
        dynamic=dynamic,
        property_places=MappingProxyType(places),
        comment=fields.text("comment"),
    )
