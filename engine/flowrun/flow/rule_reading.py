"""The entries of `rules:`."""

from collections.abc import Mapping
from types import MappingProxyType

from flowrun.flow.definition import RuleDefinition, Text
from flowrun.flow.fields import Fields, is_name, read_text_item
from flowrun.flow.keys import PROCESSOR_KEYS, RULE_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import quoted
from flowrun.flow.yaml_nodes import MappingNode, Node, SequenceNode, kind_of


def read_rules(node: SequenceNode | None, problems: ProblemList) -> tuple[RuleDefinition, ...]:
    """Every rule that could be read, in the file's order."""
    rules: dict[str, RuleDefinition] = {}
    for item in node.items if node else ():
        rule = _read_rule(item, problems)
        if rule is None:
            continue
        first = rules.setdefault(rule.name.value, rule)
        if first is not rule:
            message = f"rule {quoted(rule.name.value)} stands in line {first.name.place.line} already: rename one"
            problems.report(message, rule.name.place)
    return tuple(rules.values())


def _read_rule(item: Node, problems: ProblemList) -> RuleDefinition | None:
    if not isinstance(item, MappingNode):
        example = PROCESSOR_KEYS["rules"].example[1:-1]
        problems.lose(f"a rule must be a mapping, found {kind_of(item)}: write {example}", item.place)
        return None
    fields = Fields(item, RULE_KEYS, problems)
    fields.require("name", "this rule", item.place)
    name, conditions = fields.name("name"), fields.texts("conditions")
    actions = _read_actions(fields.mapping("actions"), problems)
    return None if name is None else RuleDefinition(name, conditions, actions)


def _read_actions(node: MappingNode | None, problems: ProblemList) -> Mapping[str, Text]:
    actions: dict[str, Text] = {}
    for name, entry in node.entries.items() if node else ():
        value = read_text_item(quoted(name), entry.value, problems)
        if is_name(entry.key.text, problems) and value is not None:
            actions[name] = value
    return MappingProxyType(actions)
