"""A flow file → `FlowDefinition`. Whatever the file holds, the answer is a value or problems, all at once."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import cast, get_args

from msgspec import Struct
from msgspec.structs import astuple

from flowrun.errors import FlowError
from flowrun.flow.connection_reading import check_connections, read_connections
from flowrun.flow.dead_letter_reading import read_on_dead_letter
from flowrun.flow.definition import (
    ConnectionDefinition,
    CronDialect,
    FlowDefinition,
    Fsync,
    LoadedFlow,
    OnDeadLetterDefinition,
    ProcessorDefinition,
    ServiceDefinition,
    Text,
)
from flowrun.flow.fields import Fields
from flowrun.flow.history_reading import read_history
from flowrun.flow.keys import FLOW_KEYS
from flowrun.flow.parameter_declarations import read_declarations
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.processor_reading import read_processors
from flowrun.flow.service_reading import read_services
from flowrun.flow.settings import check_settings
from flowrun.flow.wording import did_you_mean, quoted
from flowrun.flow.yaml_nodes import MappingNode, kind_of
from flowrun.flow.yaml_reading import read_yaml
from flowrun.flow.yaml_text import read_text
from flowrun.parameter_reference import references

_FLOW_NAME = re.compile(r"[a-z0-9-]{1,100}")


def load_flow(path: Path) -> LoadedFlow:
    """Read a flow file. Never raises for what the file is or holds."""
    try:
        text = read_text(path)
    except FlowError as error:
        return LoadedFlow(None, error.problems)
    return load_flow_text(text, path)


def load_flow_text(text: str, path: Path) -> LoadedFlow:
    """As `load_flow`, of a text that was read from `path`, or is about to be written there."""
    problems = ProblemList()
    root = read_yaml(text, str(path), problems)
    if root is not None and not isinstance(root, MappingNode):
        problems.lose(f"a flow file is a mapping that begins 'flow: NAME', found {kind_of(root)}", root.place)
    definition = _read_flow(root, path, problems) if isinstance(root, MappingNode) else None
    if definition is not None:
        check_settings(definition, problems)
    return LoadedFlow(None if problems.lost else definition, problems.in_order())


def _read_flow(root: MappingNode, path: Path, problems: ProblemList) -> FlowDefinition:
    fields = Fields(root, FLOW_KEYS, problems)
    fields.require("flow", "this flow file", root.place)
    fields.require("processors", "this flow file", root.place)
    name, description = _read_name(fields, problems), fields.text("description")
    declared, processed = fields.mapping("parameters"), fields.mapping("processors")
    connected = fields.sequence("connections")
    if processed and not processed.entries and not processed.is_damaged:
        problems.report("a flow has at least one processor", processed.place)
    declarations = read_declarations(declared, problems) if declared else {}
    processors = read_processors(processed, problems) if processed else {}
    shared = fields.mapping("controller_services")
    services = read_services(shared, problems) if shared else {}
    connections = read_connections(connected, problems) if connected else ()
    if processed and not processed.is_damaged:
        connections = check_connections(connections, processed.entries, problems)
    on_dead_letter = read_on_dead_letter(fields, processed.entries if processed else (), problems)
    texts = (*_values(processors.values(), services.values(), connections), *_told(on_dead_letter))
    return FlowDefinition(
        name=name.value if name else "",
        path=path,
        processors=processors,
        connections=connections,
        parameters=declarations,
        place=name.place if name else root.place,
        description=description.value if description else "",
        sensitive_attributes=frozenset(text.value for text in fields.names("sensitive_attributes")),
        fsync=cast(Fsync, fields.choice("fsync", get_args(Fsync)) or "group"),
        cron=cast(CronDialect, fields.choice("cron", get_args(CronDialect)) or "quartz"),
        history=read_history(fields, problems),
        on_dead_letter=on_dead_letter,
        undeclared_parameters=_undeclared(fields, declared, texts, problems),
        services=services,
    )


def _read_name(fields: Fields, problems: ProblemList) -> Text | None:
    name = fields.text("flow")
    if name is not None and not _FLOW_NAME.fullmatch(name.value):
        proposal = re.sub("[^a-z0-9]+", "-", name.value.lower()).strip("-")[:100]
        mend = f"; write {quoted(proposal)}" if proposal else ""
        problems.report(f"a flow's name consists of a-z, 0-9 and '-', found {quoted(name.value)}{mend}", name.place)
    return name


def _undeclared(
    fields: Fields, declared: MappingNode | None, texts: Iterable[Text], problems: ProblemList
) -> frozenset[str]:
    """Names that are used and declared nowhere, as far as the declarations were understood."""
    if declared.is_damaged if declared else fields.may_have("parameters"):
        return frozenset()
    return _check_references(texts, declared.entries if declared else (), problems)


def _check_references(texts: Iterable[Text], declared: Collection[str], problems: ProblemList) -> frozenset[str]:
    """Report every `#{name}` that no declaration knows, and give the names."""
    undeclared = set()
    for text in texts:
        for reference in references(text.value):
            name = reference.name
            if name not in declared:
                undeclared.add(name)
                mend = "" if problems.is_full else did_you_mean(name, declared) or ": declare it under 'parameters:'"
                problems.report(f"no parameter {quoted(name)}{mend}", text.place_of(reference.start))
    return frozenset(undeclared)


def _values(
    processors: Iterable[ProcessorDefinition],
    services: Iterable[ServiceDefinition],
    connections: Iterable[ConnectionDefinition],
) -> Iterator[Text]:
    """Every text in which a parameter may stand."""
    for service in services:
        yield from service.properties.values()
        yield from service.dynamic.values()
    for processor in processors:
        yield from processor.properties.values()
        yield from processor.dynamic.values()
        yield from _texts_of(processor)
        for rule in processor.rules:
            yield from (*rule.conditions, *rule.actions.values())
        for part in (processor.schedule, processor.retry):
            yield from _texts_of(part)
    for connection in connections:
        yield from connection.prioritizers
        yield from _texts_of(connection)
        yield from _texts_of(connection.back_pressure)


def _told(on_dead_letter: OnDeadLetterDefinition | None) -> Iterator[Text]:
    if on_dead_letter is not None:
        yield from on_dead_letter.command
        yield from _texts_of(on_dead_letter)


def _texts_of(part: Struct | None) -> Iterator[Text]:
    return (value for value in astuple(part) if isinstance(value, Text)) if part is not None else iter(())
