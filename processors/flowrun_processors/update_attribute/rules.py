"""Advanced rules as their author wrote them: a value, of texts only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

DELETE_ATTRIBUTES = "Delete Attributes Expression"
"""The name of the property, and of an action, that removes attributes."""


class FlowFilePolicy(StrEnum):
    """What happens if several rules match: a clone for each, or all of them on the one flowfile."""

    USE_CLONE = "use clone"
    USE_ORIGINAL = "use original"


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule does to one attribute."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """If all conditions (Boolean expressions) hold, the actions are carried out."""

    name: str
    conditions: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one processor, in order."""

    rules: tuple[Rule, ...] = ()
    policy: FlowFilePolicy = FlowFilePolicy.USE_CLONE

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """From plain data, such as a flow file has.

            {flowfile_policy: use original,
             rules: [{name: large, conditions: ["${n:gt(9)}"], actions: [{attribute: size, value: large}]}]}

        Raises ValueError with what was expected.
        """
        policy = data.get("flowfile_policy") or FlowFilePolicy.USE_CLONE
        if policy not in tuple(FlowFilePolicy):
            raise ValueError(f"expected 'use clone' or 'use original' as 'flowfile_policy', found {policy!r}")
        rules = tuple(_rule(entry) for entry in _sequence(data, "rules"))
        return cls(rules, FlowFilePolicy(policy))


NO_RULES = Rules()


def _rule(data: Any) -> Rule:
    if not isinstance(data, Mapping):
        raise ValueError(f"expected a rule with 'name', 'conditions' and 'actions', found {data!r}")
    name = data.get("name", "")
    actions = tuple(_action(entry) for entry in _sequence(data, "actions"))
    return Rule(_text(name, "name"), tuple(_text(c, "condition") for c in _sequence(data, "conditions")), actions)


def _action(data: Any) -> Action:
    if not isinstance(data, Mapping) or "attribute" not in data or "value" not in data:
        raise ValueError(f"expected an action with 'attribute' and 'value', found {data!r}")
    return Action(_text(data["attribute"], "attribute"), _text(data["value"], "value"))


def _sequence(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    entries = data.get(key, ())
    if isinstance(entries, str) or not isinstance(entries, Sequence):
        raise ValueError(f"expected a list as '{key}', found {entries!r}")
    return entries


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text as {what} of a rule, found {value!r}")
    return value
