"""NiFi's property tables: every property with its default, and what flows of NiFi 1.x call it."""

from typing import Any

from tests.conformance.processor_case import processor_type

from flowrun import Input
from flowrun.property import REQUIRED, Declaration

Described = tuple[str, dict[str, Any]]


def test_every_property_is_declared_as_nifi_has_it(described: Described) -> None:
    name, table = described
    declared = {declaration.name: declaration for declaration in processor_type(name).declarations.properties}
    differences = []
    for wanted in table["properties"]:
        declaration = declared.get(wanted["name"])
        if declaration is None:
            differences.append(f"'{wanted['name']}' is missing")
        else:
            differences += _differences(declaration, wanted)

    assert differences == []


def test_input_relationships_and_dynamic_properties_are_as_nifi_has_them(described: Described) -> None:
    name, table = described
    kind = processor_type(name)

    assert kind.input is Input(table["input"])
    assert {relationship.name for relationship in kind.declared_relationships} >= set(table["relationships"]) - {
        relationship for relationship in table["relationships"] if "dynamic" in relationship
    }
    assert (kind.declarations.dynamic is None) == (table["dynamic_properties"] is None)


def test_former_names_are_taken(described: Described) -> None:
    name, table = described
    declarations = processor_type(name).declarations

    for wanted in table["properties"]:
        for former in wanted.get("nifi1_names", ()):
            found = declarations.named(former)
            assert found is not None, former
            assert found.name == wanted["name"]


def _differences(declaration: Declaration, wanted: dict[str, Any]) -> list[str]:
    default = None if declaration.default is REQUIRED else declaration.default
    scope = declaration.scope or "none"
    pairs = {
        "default": (default, wanted["default"]),
        "required": (declaration.required, wanted["required"]),
        "expression language": (scope, wanted["expression_language"].replace("flowfile_attributes", "flowfile")),
        "sensitive": (declaration.sensitive, wanted["sensitive"]),
    }
    if wanted.get("allowed"):
        values = [value["value"] if isinstance(value, dict) else value for value in wanted["allowed"]]
        pairs["allowed"] = (sorted(declaration.allowed), sorted(values))
    return [
        f"'{declaration.name}' {what}: {found!r} instead of {want!r}"
        for what, (found, want) in pairs.items()
        if found != want
    ]
