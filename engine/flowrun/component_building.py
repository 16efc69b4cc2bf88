"""From one processor or controller service of a definition to its object, with every mistake's place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flowrun.configurable import Configurable
from flowrun.declarations import PropertyProblem, RulePart
from flowrun.errors import FlowError, Place, Problem, Severity
from flowrun.flow.definition import FlowDefinition, ProcessorDefinition, RuleDefinition, ServiceDefinition, Text
from flowrun.parameter_reference import Parameters
from flowrun.processor import Processor
from flowrun.registry import Kind, Registry, Types
from flowrun.rules import Rule
from flowrun.service import ControllerService
from flowrun.service_property import ServiceProperty

Component = ProcessorDefinition | ServiceDefinition
NO_SERVICES: Mapping[str, ControllerService] = MappingProxyType({})


class ComponentBuilder:
    """Makes configured objects, and collects in `problems` what is wrong with their types and properties.

    `to_run`: what a component needs of the world outside must be there; else its absence is a warning. `services` are
    not made, for they are there already.
    """

    def __init__(
        self,
        definition: FlowDefinition,
        registry: Registry,
        parameters: Parameters,
        *,
        to_run: bool,
        services: Mapping[str, ControllerService] = NO_SERVICES,
    ) -> None:
        self.problems: list[Problem] = []
        self.services: dict[str, ControllerService] = dict(services)
        self._definition = definition
        self._registry = registry
        self._parameters = parameters
        self._to_run = to_run

    def processors(self) -> dict[str, Processor]:
        """All processors whose types are known, after all services."""
        for name in self._definition.services:
            self._service(name, ())
        made = {name: self._make(d, self._registry.processors) for name, d in self._definition.processors.items()}
        return {name: processor for name, processor in made.items() if processor is not None}

    def _service(self, name: str, users: tuple[str, ...]) -> None:
        """Make a service, and before it those that it names."""
        definition = self._definition.services[name]
        if name in users:
            self._blame(f"the controller service '{name}' needs itself, by way of {', '.join(users)}", definition.place)
            return
        if name in self.services:
            return
        kind = self._type(definition, self._registry.services)
        for declaration in kind.declarations.properties if kind is not None else ():
            text = definition.properties.get(declaration.name)
            if (
                isinstance(declaration, ServiceProperty)
                and text is not None
                and text.value in self._definition.services
            ):
                self._service(text.value, (*users, name))
        made = self._make(definition, self._registry.services, kind)
        if made is not None:
            self.services[name] = made

    def _make(self, definition: Component, types: Types[Kind], kind: type[Kind] | None = None) -> Kind | None:
        kind = kind or self._type(definition, types)
        if kind is None:
            return None
        made = kind(
            _values(definition.properties),
            dynamic=_values(definition.dynamic),
            parameters=self._parameters,
            services=self.services,
            **_rules(definition),
        )
        self._report(definition, made)
        return made

    def _type(self, definition: Component, types: Types[Kind]) -> type[Kind] | None:
        name = types.name_of(definition.type.value)
        try:
            if name is not None:
                return types.load(name)
        except FlowError as error:
            self._blame(str(error), definition.type.place)
            return None
        guess = types.guess(definition.type.value)
        what = "processor" if isinstance(definition, ProcessorDefinition) else "controller service"
        hint = f"; did you mean '{guess}'?" if guess else f"; there are {', '.join(types.names)}"
        self._blame(f"no {what} type '{definition.type.value}'{hint}", definition.type.place)
        return None

    def _report(self, definition: Component, made: Configurable) -> None:
        for problem in made.problems:
            severity = Severity.WARNING if problem.about_the_world and not self._to_run else problem.severity
            place = _place(definition, problem)
            self.problems.append(Problem(problem.message, place, severity))

    def _blame(self, message: str, place: Place) -> None:
        if not any(problem.message == message for problem in self.problems):
            self.problems.append(Problem(message, place))


def _values(texts: Mapping[str, Text]) -> dict[str, str]:
    return {name: text.value for name, text in texts.items()}


def _rules(definition: Component) -> dict[str, Any]:
    """The argument `rules`, for a definition that has some."""
    if not isinstance(definition, ProcessorDefinition) or not definition.rules:
        return {}
    texts = [(rule.name.value, rule.conditions, rule.actions) for rule in definition.rules]
    return {"rules": [Rule(name, [text.value for text in tests], _values(actions)) for name, tests, actions in texts]}


def _text_of_rule(rule: RuleDefinition, part: RulePart) -> Text:
    if part.condition is not None:
        return rule.conditions[part.condition]
    return rule.name if part.action is None else rule.actions[part.action]


def _place(definition: Component, problem: PropertyProblem) -> Place:
    if problem.rule is not None and isinstance(definition, ProcessorDefinition):
        text = _text_of_rule(definition.rules[problem.rule.index], problem.rule)
        return text.place if problem.column is None else text.place_of(problem.column - 1)
    if problem.name is None:
        return definition.type.place
    value = definition.properties.get(problem.name) or definition.dynamic.get(problem.name)
    if value is None or problem.about_name:
        return definition.property_places.get(problem.name, definition.place)
    return value.place if problem.column is None else value.place_of(problem.column - 1)
