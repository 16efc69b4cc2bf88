"""From one processor of a definition to a node: its class, its properties, its settings, with every mistake's place."""

from flowrun.errors import FlowError, Place, Problem, Severity
from flowrun.flow.definition import FlowDefinition, ProcessorDefinition, Text
from flowrun.flow.settings import ProcessorSettings
from flowrun.node import NodeSettings, ProcessorNode
from flowrun.parameter_reference import Parameters
from flowrun.processor import Processor
from flowrun.registry import Registry
from flowrun.schedule import CronDriven, Schedule, TimerDriven
from flowrun.transaction import TransactionSettings
from flowrun.units import duration


class NodeBuilder:
    """Makes nodes, and collects in `problems` what is wrong with their types and properties."""

    def __init__(self, definition: FlowDefinition, registry: Registry, parameters: Parameters, *, to_run: bool) -> None:
        self.problems: list[Problem] = []
        self._to_run = to_run
        self._definition = definition
        self._registry = registry
        self._parameters = parameters

    def processor(self, definition: ProcessorDefinition) -> Processor | None:
        """The configured processor; None if its type is not known or can't be loaded."""
        name = self._registry.name_of(definition.type.value)
        if name is None:
            self._blame_type(definition.type)
            return None
        try:
            found = self._registry.load(name)
        except FlowError as error:
            self._blame(str(error), definition.type.place)
            return None
        processor = found(
            {key: text.value for key, text in definition.properties.items()},
            dynamic={key: text.value for key, text in definition.dynamic.items()},
            parameters=self._parameters,
        )
        for problem in processor.problems:
            place = self._place(definition, problem.name, problem.column)
            severity = Severity.WARNING if problem.about_the_world and not self._to_run else problem.severity
            self.problems.append(Problem(problem.message, place, severity))
        return processor

    def node(
        self,
        definition: ProcessorDefinition,
        processor: Processor,
        settings: ProcessorSettings,
        *,
        connected: bool,
        sensitive_connections: frozenset[str],
    ) -> ProcessorNode:
        """The node, not yet connected.

        `connected` says whether a connection from another processor comes in, `sensitive_connections` which of those
        coming in bring content that must not be shown.
        """
        transaction = TransactionSettings(
            definition.name,
            frozenset(processor.relationships),
            settings.penalty_duration,
            settings.retry,
            connected,
            self._definition.sensitive_attributes,
            definition.sensitive_content,
            sensitive_connections,
        )
        return ProcessorNode(
            definition.name,
            processor,
            transaction,
            NodeSettings(
                schedule=_schedule(settings, processor, connected=connected),
                concurrent_tasks=settings.concurrent_tasks,
                run_duration=settings.run_duration,
                yield_duration=settings.yield_duration,
                bulletin_level=settings.bulletin_level,
                skip_overlap=settings.skip_overlap,
                sensitive_content=definition.sensitive_content,
                enabled=settings.enabled,
            ),
        )

    def _place(self, definition: ProcessorDefinition, name: str | None, column: int | None) -> Place:
        if name is None:
            return definition.type.place
        text = definition.properties.get(name) or definition.dynamic.get(name)
        if text is not None and column is not None:
            return text.place_of(column - 1)
        return definition.property_places.get(name, definition.place)

    def _blame_type(self, text: Text) -> None:
        guess = self._registry.guess(text.value)
        hint = f"; did you mean '{guess}'?" if guess else "; 'flowrun processors' lists those there are"
        self._blame(f"no processor type '{text.value}'{hint}", text.place)

    def _blame(self, message: str, place: Place) -> None:
        self.problems.append(Problem(message, place, Severity.ERROR))


def _schedule(settings: ProcessorSettings, processor: Processor, *, connected: bool) -> Schedule:
    if settings.cron is not None:
        return CronDriven(settings.cron)
    if settings.every is not None:
        return TimerDriven(settings.every)
    return TimerDriven(0.0 if connected else duration(processor.default_schedule))
