"""Advanced rules, checked and ready to run on each flowfile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowrun import ExpressionError, regular_expression
from flowrun.expression import Expression, ResultType, Scope
from flowrun_processors.update_attribute.rules import DELETE_ATTRIBUTES, Action, FlowFilePolicy, Rule, Rules


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule; `values` are the attributes that it sets, `deletion` the regular expression of those it removes."""

    name: str
    conditions: tuple[Expression, ...]
    values: Mapping[str, Expression]
    deletion: Expression | None

    def matches(self, scope: Scope) -> bool:
        """Whether all conditions hold. Raises EvaluationError."""
        return all(condition.evaluate_boolean(scope) for condition in self.conditions)


class CompiledRules:
    """All rules of one processor; `problems` says what is wrong with them, in words for their author."""

    def __init__(self, rules: Rules, **parsing: Any) -> None:
        """Never raises; `parsing` is handed to `Expression.parse` with each text."""
        self.problems: list[str] = []
        self._parsing = parsing
        self._policy = rules.policy
        self._rules = [self._compile(rule, position) for position, rule in enumerate(rules.rules, 1)]

    @property
    def attributes(self) -> Iterator[str]:
        """Every attribute that some rule sets."""
        return (name for rule in self._rules for name in rule.values)

    def matching(self, scope: Scope) -> list[tuple[CompiledRule, ...]]:
        """One entry for each flowfile that comes out, with the rules to carry out on it; at least one entry."""
        matching = tuple([rule for rule in self._rules if rule.matches(scope)])
        if self._policy is FlowFilePolicy.USE_ORIGINAL or not matching:
            return [matching]
        return [(rule,) for rule in matching]

    def _compile(self, rule: Rule, position: int) -> CompiledRule:
        where = f"rule '{rule.name}'"
        if not rule.name.strip():
            where = f"rule {position}"
            self.problems.append(f"{where}: expected a name")
        conditions = [self._condition(text, where) for text in rule.conditions]
        actions = {action.attribute: self._action(action, where) for action in rule.actions}
        values = {attribute: expression for attribute, expression in actions.items() if expression is not None}
        deletion = values.pop(DELETE_ATTRIBUTES, None)
        return CompiledRule(rule.name, tuple(c for c in conditions if c is not None), values, deletion)

    def _condition(self, text: str, where: str) -> Expression | None:
        expression = self._parse(text.strip(), f"{where}, condition")
        if expression is not None and expression.single_result_type is not ResultType.BOOLEAN:
            self.problems.append(f"{where}: expected one expression that is true or false, found {text!r}")
        return expression

    def _action(self, action: Action, where: str) -> Expression | None:
        if not action.attribute.strip():
            self.problems.append(f"{where}: expected the name of an attribute in each action")
        expression = self._parse(action.value, f"{where}, value for '{action.attribute}'")
        if expression is not None and expression.is_constant and action.attribute == DELETE_ATTRIBUTES:
            try:
                regular_expression(expression.evaluate({}))
            except ExpressionError as error:
                self.problems.append(f"{where}, {DELETE_ATTRIBUTES}: {error}")
        return expression

    def _parse(self, text: str, where: str) -> Expression | None:
        try:
            return Expression.parse(text, **self._parsing)
        except ExpressionError as error:
            self.problems.append(f"{where}: {error}")
            return None
