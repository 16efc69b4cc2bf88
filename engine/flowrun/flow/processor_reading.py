"""The entries of `processors:`."""

from collections.abc import Mapping
from types import MappingProxyType

from flowrun.errors import Place
from flowrun.flow.definition import ProcessorDefinition, RetryDefinition, ScheduleDefinition, Text
from flowrun.flow.fields import Fields, is_name, read_text_item
from flowrun.flow.keys import PROCESSOR_KEYS, RETRY_KEYS, SCHEDULE_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.rule_reading import read_rules
from flowrun.flow.wording import quoted
from flowrun.flow.yaml_nodes import Entry, MappingNode

_TEXT_SETTINGS = (
    "concurrent_tasks",
    "run_duration",
    "penalty_duration",
    "yield_duration",
    "bulletin_level",
    "execution",
    "enabled",
    "replay",
    "comment",
)


def read_processors(node: MappingNode, problems: ProblemList) -> Mapping[str, ProcessorDefinition]:
    """Every processor that could be read, in the file's order."""
    processors = (_read_processor(entry, problems) for entry in node.entries.values())
    return MappingProxyType({processor.name: processor for processor in processors if processor is not None})


def _read_processor(entry: Entry, problems: ProblemList) -> ProcessorDefinition | None:
    name, node = entry.key.text, entry.value
    if name.value in PROCESSOR_KEYS and not (isinstance(node, MappingNode) and "type" in node.entries):
        problems.lose(f"{name.value} stands where a processor's name belongs: move it to the right", name.place)
        return None
    if not isinstance(node, MappingNode):
        problems.lose(f"processor {quoted(name.value)} must be a mapping: write {{type: GetFile}}", node.place)
        return None
    fields = Fields(node, PROCESSOR_KEYS, problems)
    fields.require("type", f"processor {quoted(name.value)}", name.place)
    kind = fields.name("type")
    places: dict[str, Place] = {}
    properties = read_properties(fields.mapping("properties"), places, problems)
    dynamic = read_properties(fields.mapping("dynamic"), places, problems)
    rules = read_rules(fields.sequence("rules"), problems)
    schedule = _read_schedule(fields.mapping("schedule"), problems)
    retry = _read_retry(fields.mapping("retry"), problems)
    auto_terminate, dead_letter = _read_ends(fields, problems)
    sensitive_content = fields.flag("sensitive_content")
    if not is_name(name, problems) or kind is None:
        return None
    return ProcessorDefinition(
        name=name.value,
        type=kind,
        place=name.place,
        properties=properties,
        dynamic=dynamic,
        property_places=MappingProxyType(places),
        rules=rules,
        schedule=schedule,
        retry=retry,
        auto_terminate=auto_terminate,
        dead_letter=dead_letter,
        sensitive_content=sensitive_content,
        **{key: fields.text(key) for key in _TEXT_SETTINGS},
    )


def _read_ends(fields: Fields, problems: ProblemList) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """Relationships that are auto-terminated, and those that end as dead letters."""
    auto_terminate, dead_letter = fields.names("auto_terminate"), fields.names("dead_letter")
    ended = {relationship.value for relationship in auto_terminate}
    for relationship in dead_letter:
        if relationship.value in ended:
            message = f"{quoted(relationship.value)} stands in auto_terminate and in dead_letter: remove one"
            problems.report(message, relationship.place)
    return auto_terminate, dead_letter


def read_properties(node: MappingNode | None, places: dict[str, Place], problems: ProblemList) -> Mapping[str, Text]:
    """Property names and their texts; where each name stands is added to `places`."""
    properties: dict[str, Text] = {}
    for name, entry in node.entries.items() if node else ():
        value = read_text_item(quoted(name), entry.value, problems)
        if not is_name(entry.key.text, problems) or value is None:
            continue
        if name in places:
            problems.report(f"{quoted(name)} stands in properties and in dynamic: remove one", entry.key.place)
            continue
        places[name] = entry.key.place
        properties[name] = value
    return MappingProxyType(properties)


def _read_schedule(node: MappingNode | None, problems: ProblemList) -> ScheduleDefinition | None:
    if node is None:
        return None
    fields = Fields(node, SCHEDULE_KEYS, problems)
    every, cron = fields.text("every"), fields.text("cron")
    time_zone = fields.text("time_zone")
    if every is not None and cron is not None:
        problems.report("a schedule has 'every' or 'cron', not both: remove one", node.place)
        every = None
    if time_zone is not None and not fields.may_have("cron"):
        problems.report("time_zone belongs to a 'cron' schedule: remove it", time_zone.place)
        time_zone = None
    return ScheduleDefinition(node.place, every, cron, time_zone, overlap=fields.text("overlap"))


def _read_retry(node: MappingNode | None, problems: ProblemList) -> RetryDefinition | None:
    if node is None:
        return None
    fields = Fields(node, RETRY_KEYS, problems)
    fields.require("relationships", "retry", node.place)
    return RetryDefinition(
        node.place,
        relationships=fields.names("relationships"),
        attempts=fields.text("attempts"),
        backoff=fields.text("backoff"),
        max_backoff=fields.text("max_backoff"),
    )
