"""Rules: what is to be done to attributes where all conditions hold; `rules:` in a flow, for types that take them.

Source: the advanced rules of NiFi's `UpdateAttribute`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flowrun.declarations import PropertyProblem, RulePart
from flowrun.errors import ExpressionError
from flowrun.expression import Expression, ResultType, Scope
from flowrun.parameter_reference import Parameters


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as its author wrote it: conditions are Boolean expressions, actions give attributes their values."""

    name: str
    conditions: Sequence[str] = ()
    actions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfiguredRule:
    """One rule, ready to be tried on flowfiles."""

    name: str
    conditions: tuple[Expression, ...]
    actions: Mapping[str, Expression]

    def matches(self, scope: Scope) -> bool:
        """Whether all conditions hold; so it is if there are none. Raises EvaluationError."""
        return all(condition.evaluate_boolean(scope) for condition in self.conditions)


class RuleReader:
    """Makes rules ready, and collects in `problems` what is wrong with them."""

    def __init__(self, parameters: Parameters) -> None:
        self.problems: list[PropertyProblem] = []
        self._parameters = parameters

    def read(self, rules: Iterable[Rule]) -> tuple[ConfiguredRule, ...]:
        """The rules, without the parts that are wrong."""
        return tuple(self._read_rule(index, rule) for index, rule in enumerate(rules))

    def _read_rule(self, index: int, rule: Rule) -> ConfiguredRule:
        if not rule.name.strip():
            self.problems.append(PropertyProblem(f"rule {index + 1} has no name", rule=RulePart(index)))
        conditions = [
            self._condition(rule.name, text, RulePart(index, condition=number))
            for number, text in enumerate(rule.conditions)
        ]
        actions = {
            attribute: self._action(rule.name, attribute, text, RulePart(index, action=attribute))
            for attribute, text in rule.actions.items()
        }
        return ConfiguredRule(
            rule.name,
            tuple(condition for condition in conditions if condition is not None),
            {attribute: value for attribute, value in actions.items() if value is not None},
        )

    def _condition(self, name: str, text: str, part: RulePart) -> Expression | None:
        expression = self._parse(name, text, part)
        if expression is None or self._parameters.any_unset_in(text):
            return None
        if expression.single_result_type is not ResultType.BOOLEAN:
            message = f"rule '{name}': expected one expression that is true or false, found '{text}'"
            self.problems.append(PropertyProblem(message, rule=part))
        return expression

    def _action(self, name: str, attribute: str, text: str, part: RulePart) -> Expression | None:
        if not attribute.strip():
            message = f"rule '{name}': expected the name of an attribute before each value"
            self.problems.append(PropertyProblem(message, rule=part))
        return self._parse(name, text, part)

    def _parse(self, name: str, text: str, part: RulePart) -> Expression | None:
        """The expression; blanks around a condition are no part of it, and those around a value are."""
        indent = len(text) - len(text.lstrip()) if part.condition is not None else 0
        try:
            return Expression.parse(text if part.condition is None else text.strip(), parameters=self._parameters)
        except ExpressionError as error:
            is_secret = self._parameters.any_sensitive_in(text)
            reason = "it does not fit (a sensitive parameter stands in it, so the reason is not shown)"
            message = f"rule '{name}': expression '{text}': {reason if is_secret else error}"
            column = None if error.column is None or is_secret else error.column + indent
            self.problems.append(PropertyProblem(message, column=column, rule=part))
            return None
