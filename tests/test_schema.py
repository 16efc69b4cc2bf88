"""The JSON Schema of flow files takes what the loader takes, and refuses what it refuses."""

import json
from functools import cache
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from flowrun.errors import Severity
from flowrun.flow import key_meanings, keys
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import build_graph
from flowrun.property import Property
from flowrun.registry import Registry
from flowrun.schema import flow_schema

FLOWS = sorted((Path(__file__).parent.parent / "flows").glob("*.yaml"))
SAVE = "save: {type: PutFile, properties: {Directory: out}, auto_terminate: [success, failure]}"


@cache
def validator() -> Draft202012Validator:
    types = Registry.installed()
    schema = flow_schema(
        [types.processors.load(name) for name in types.processors.names],
        [types.services.load(name) for name in types.services.names],
    )
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(json.loads(json.dumps(schema)))


def schema_takes(text: str) -> bool:
    return bool(validator().is_valid(yaml.safe_load(text)))


def loader_takes(text: str) -> bool:
    loaded = load_flow_text(text, Path("flow.yaml"))
    if loaded.definition is None:
        return False
    parameters, _ = resolve_parameters(loaded.definition, files=(), environment={}, overrides={}, require=False)
    problems = (*loaded.problems, *build_graph(loaded.definition, Registry.installed(), parameters).problems)
    return not any(problem.severity is Severity.ERROR for problem in problems)


def flow(source: str = "", connection: str = "- make -- success --> save", top: str = "", save: str = SAVE) -> str:
    """A whole flow, of which one part is the test's."""
    head = f"flow: tested\n{dedent(top)}\nprocessors:\n  make:\n    type: GenerateFlowFile\n"
    return f"{head}{indent(dedent(source), '    ')}\n  {save}\nconnections:\n  {connection}\n"


RIGHT = {
    "the smallest": flow(),
    "a schedule": flow('schedule: {cron: "0 0/10 * * * ?", time_zone: Europe/London, overlap: skip}'),
    "values that YAML makes numbers and booleans": flow("properties: {Batch Size: 3, Unique FlowFiles: true}"),
    "a word in another case": flow("bulletin_level: warn\nexecution: All\nenabled: off"),
    "a setting by parameter": flow(
        'schedule: {every: "#{often}"}\nenabled: "#{on}"\nbulletin_level: "#{level}"',
        top="parameters: {often: {value: 5 sec}, on: {env: RUN}, level: {value: INFO}}",
    ),
    "a choice by parameter": flow('properties: {Data Format: "#{format}"}', top="parameters: {format: {value: Text}}"),
    "a dynamic property": flow("properties: {anything: at all}"),
    "a former name": flow("properties: {mime-type: text/plain}"),
    "what only resembles a property": flow("dynamic: {Batch Sise: 3}"),
    "a retry": flow(save=SAVE.replace("auto_", "retry: {relationships: [failure], backoff: Yield}, auto_")),
    "NiFi's name of a type": flow(save=SAVE.replace("PutFile", "org.apache.nifi.processors.standard.PutFile")),
    "the long form": flow(
        connection="- {from: make, relationships: [success], to: save, back_pressure: {objects: 5, size: 1 GB}, "
        "expiration: 1 day, prioritizers: [OldestFirst, PriorityAttributePrioritizer]}"
    ),
    "an arrow without a relationship": flow(connection="- make --> save"),
    "settings of the flow": flow(top="fsync: commit\ncron: spring\ndescription: x\nsensitive_attributes: [token]"),
    "a secret": flow(top="parameters: {secret: {file: /run/secrets/x, sensitive: yes, description: x}}"),
}
WRONG = {
    "no processors": "flow: tested\n",
    "an empty list of processors": "flow: tested\nprocessors: {}\n",
    "a list of processors": "flow: tested\nprocessors: []\n",
    "a name with a blank": flow().replace("flow: tested", "flow: Not Tested"),
    "an unknown key of the flow": flow(top="version: 3"),
    "a reserved key": flow(top="process_groups: {}"),
    "an unknown key of a processor": flow("sleep: 3 sec"),
    "an unknown key of a schedule": flow("schedule: {often: 3 sec}"),
    "an unknown key of a connection": flow(connection="- {from: make, relationships: [success], to: save, color: red}"),
    "an unknown key of a parameter": flow(top="parameters: {x: {val: 3}}"),
    "a parameter that says nothing": flow(top="parameters: {x: null}"),
    "a parameter that is a text": flow(top="parameters: {x: 3}"),
    "a parameter from two places": flow(top="parameters: {x: {env: X, file: x}}"),
    "a parameter's name": flow(top="parameters: {x/y: {value: 1}}"),
    "no type": flow(save="save: {properties: {Directory: out}}"),
    "an unknown property": flow(save=SAVE.replace("Directory: out", "Directory: out, Colour: red")),
    "a missing property": flow(save=SAVE.replace("properties: {Directory: out}, ", "")),
    "a missing property among others": flow(save=SAVE.replace("Directory: out", "Create Missing Directories: true")),
    "dynamic properties where there are none": flow(save=SAVE.replace("auto_", "dynamic: {a: b}, auto_")),
    "a wrong choice": flow("properties: {Data Format: Words}"),
    "a choice in another case": flow("properties: {Data Format: text}"),
    "a property without a value": flow("properties: {Custom Text: ~}"),
    "a property that is a list": flow("properties: {Custom Text: [a]}"),
    "a schedule of two kinds": flow('schedule: {every: 3 sec, cron: "0 0 0 * * ?"}'),
    "a time zone without cron": flow("schedule: {every: 3 sec, time_zone: UTC}"),
    "a wrong overlap": flow("schedule: {every: 3 sec, overlap: never}"),
    "a wrong level": flow("bulletin_level: LOUD"),
    "a wrong execution": flow("execution: sometimes"),
    "a wrong enabled": flow("enabled: maybe"),
    "a wrong back-off": flow(save=SAVE.replace("auto_", "retry: {relationships: [failure], backoff: wait}, auto_")),
    "a retry of nothing": flow(save=SAVE.replace("auto_", "retry: {attempts: 3}, auto_")),
    "an end that is a text": flow(save="save: {type: PutFile, properties: {Directory: out}, auto_terminate: success}"),
    "an end that is told twice": flow(save=SAVE.replace("[success", "[success, success")),
    "a wrong fsync": flow(top="fsync: sometimes"),
    "a wrong dialect": flow(top="cron: unix"),
    "no arrow": flow(connection="- make to save"),
    "an arrow to nothing": flow(connection="- make -->"),
    "a connection from nowhere": flow(connection="- {relationships: [success], to: save}"),
    "a wrong prioritizer": flow(connection="- {from: make, to: save, prioritizers: [Fairest]}"),
    "a name that ends in a blank": flow().replace("  save:", '  "save ":'),
}


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.name)
def test_every_flow_of_the_project_fits(path: Path) -> None:
    errors = [
        f"{error.json_path}: {error.message}" for error in validator().iter_errors(yaml.safe_load(path.read_text()))
    ]

    assert errors == []


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_a_flow_that_the_loader_takes_fits(text: str) -> None:
    assert loader_takes(text)
    assert schema_takes(text)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_flow_that_the_loader_refuses_does_not_fit(text: str) -> None:
    assert not loader_takes(text)
    assert not schema_takes(text)


@pytest.mark.parametrize("section", [name for name in vars(keys) if name.endswith("_KEYS") and name != "RESERVED_KEYS"])
def test_every_key_has_a_meaning_to_show(section: str) -> None:
    assert set(getattr(key_meanings, section.replace("_KEYS", "_MEANINGS"))) == set(getattr(keys, section))


def test_every_type_and_property_can_be_completed() -> None:
    types = Registry.installed().processors
    schema: Any = validator().schema
    processor = schema["$defs"]["processor"]
    offered = [choice["const"] for choice in processor["properties"]["type"]["anyOf"] if "const" in choice]
    described = {rule["if"]["properties"]["type"]["pattern"]: rule["then"]["properties"] for rule in processor["allOf"]}

    assert offered == types.names
    for kind in map(types.load, types.names):
        rule = next(rule for pattern, rule in described.items() if kind.__name__ in pattern)
        names = {d.name for d in kind.declarations.properties if isinstance(d, Property)}
        assert names <= set(rule["properties"]["properties"])
