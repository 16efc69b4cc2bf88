"""NiFi's property tables: every property with its default, and what flows of NiFi 1.x call it."""

from pathlib import Path
from typing import Any

from tests.conformance.processor_case import processor_type

from flowrun import Input
from flowrun.errors import Severity
from flowrun.property import REQUIRED, Declaration

Described = tuple[str, dict[str, Any]]
Texts = dict[str, str]

_NO_VALUE = "no value that any property takes"
_SMALLEST = {
    "EvaluateJsonPath": {"Destination": "flowfile-attribute"},
    "InvokeHttp": {"HTTP URL": "http://localhost/"},
    "PutFile": {"Directory": "out"},
}
"""What else has to be set, so that nothing but the property in question can be wrong."""


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


def test_former_names_are_taken_with_a_warning_and_not_beside_todays(described: Described, tmp_path: Path) -> None:
    name, table = described
    kind, base = processor_type(name), _base(name, tmp_path)

    for wanted in table["properties"]:
        for former in wanted.get("nifi1_names", ()):
            text = base.get(wanted["name"]) or wanted["default"] or "1"
            others = {known: value for known, value in base.items() if known != wanted["name"]}
            problems = kind({**others, former: text}).problems
            severities = {problem.severity for problem in problems if problem.name == former}
            assert kind.declarations.named(former).name == wanted["name"]
            assert Severity.WARNING in severities, former
            assert _is_refused(kind, {**base, wanted["name"]: text, former: text}), former


def test_other_values_than_the_allowed_are_refused_unless_the_property_does_not_count(
    described: Described, tmp_path: Path
) -> None:
    name, table = described
    kind, base = processor_type(name), _base(name, tmp_path)
    for wanted in table["properties"]:
        if not wanted.get("allowed"):
            continue
        if _counts(wanted, table, base):
            assert _is_refused(kind, {**base, wanted["name"]: _NO_VALUE}), wanted["name"]
        else:
            assert not _is_refused(kind, {**base, wanted["name"]: _NO_VALUE}), wanted["name"]


def test_unknown_names_are_refused_where_there_are_no_dynamic_properties(described: Described, tmp_path: Path) -> None:
    name, table = described

    if table["dynamic_properties"] is None:
        assert _is_refused(processor_type(name), {**_base(name, tmp_path), "nothing like it": "x"})


def _base(name: str, folder: Path) -> Texts:
    return {"Input Directory": str(folder)} if name == "GetFile" else _SMALLEST.get(name, {})


def _counts(wanted: dict[str, Any], table: dict[str, Any], texts: Texts) -> bool:
    """Whether all that the property depends on is set, to one of the values it needs."""
    for condition in wanted.get("depends_on") or ():
        other = next(p for p in table["properties"] if p["name"] == condition["property"])
        text = texts.get(other["name"], other["default"])
        if text is None or (condition["values"] and text not in condition["values"]):
            return False
        if not _counts(other, table, texts):
            return False
    return True


def _is_refused(kind: Any, texts: Texts) -> bool:
    return any(problem.severity is Severity.ERROR for problem in kind(texts).problems)


def _differences(declaration: Declaration, wanted: dict[str, Any]) -> list[str]:
    default = None if declaration.default is REQUIRED else declaration.default
    scope = declaration.scope or "none"
    depends_on = {one["property"]: sorted(one["values"] or ()) for one in wanted.get("depends_on") or ()}
    pairs = {
        "default": (default, wanted["default"]),
        "required": (declaration.required, wanted["required"]),
        "expression language": (scope, wanted["expression_language"].replace("flowfile_attributes", "flowfile")),
        "sensitive": (declaration.sensitive, wanted["sensitive"]),
        "depends on": ({name: sorted(values) for name, values in declaration.only_with.items()}, depends_on),
    }
    if wanted.get("allowed"):
        values = [value["value"] if isinstance(value, dict) else value for value in wanted["allowed"]]
        pairs["allowed"] = (sorted(declaration.allowed), sorted(values))
    return [
        f"'{declaration.name}' {what}: {found!r} instead of {want!r}"
        for what, (found, want) in pairs.items()
        if found != want
    ]
