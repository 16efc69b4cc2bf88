"""The flow as its author wrote it: a value that runs nothing, in which every text knows where it stands.

Settings stay text here, because they may hold `#{parameter}`; `settings.py` makes typed values of them.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

from flowrun.errors import Place, Problem
from flowrun.repository.history_limit import HistoryLimit

CronDialect = Literal["quartz", "spring"]
Fsync = Literal["none", "group", "commit"]


def _no_texts() -> "Mapping[str, Text]":
    return MappingProxyType({})


def _no_places() -> Mapping[str, Place]:
    return MappingProxyType({})


class Text(Struct, frozen=True):
    """One scalar of the flow file as written, never YAML's number or boolean, and the place where it begins."""

    value: str
    place: Place
    value_column: int | None = None
    """Column of the value's first character; None where escapes or line breaks part the file from the value."""

    def place_of(self, index: int) -> Place:
        """Where the value's character `index` stands; the scalar's own place where that cannot be told."""
        if self.value_column is None:
            return self.place
        return Place(self.place.file, self.place.line, self.value_column + index)

    def part(self, start: int, end: int) -> "Text":
        """The value's characters from `start` up to `end`, in their own place."""
        column = None if self.value_column is None else self.value_column + start
        return Text(self.value[start:end], self.place_of(start), column)

    def __str__(self) -> str:
        return self.value


class ParameterDeclaration(Struct, frozen=True):
    """A parameter that the flow may use as `#{name}`, and where its value comes from if nothing else gives one."""

    name: str
    place: Place
    value: Text | None = None
    env: str | None = None
    file: str | None = None
    sensitive: bool = False
    description: str = ""


class ScheduleDefinition(Struct, frozen=True):
    """When a processor is triggered: `every` so often or by `cron`, never both."""

    place: Place
    every: Text | None = None
    cron: Text | None = None
    time_zone: Text | None = None
    overlap: Text | None = None


class RetryDefinition(Struct, frozen=True):
    """Relationships whose flowfiles are tried again before they go where the relationship leads."""

    place: Place
    relationships: tuple[Text, ...] = ()
    attempts: Text | None = None
    backoff: Text | None = None
    max_backoff: Text | None = None


class RuleDefinition(Struct, frozen=True):
    """One entry of `rules:`: where all conditions hold, the actions give attributes their values."""

    name: Text
    conditions: tuple[Text, ...] = ()
    actions: Mapping[str, Text] = field(default_factory=_no_texts)


class ProcessorDefinition(Struct, frozen=True):
    """One entry of `processors:`; `place` is that of its name."""

    name: str
    type: Text
    place: Place
    properties: Mapping[str, Text] = field(default_factory=_no_texts)
    dynamic: Mapping[str, Text] = field(default_factory=_no_texts)
    property_places: Mapping[str, Place] = field(default_factory=_no_places)
    """Where each property's name stands, those of `dynamic` included."""
    rules: tuple[RuleDefinition, ...] = ()
    schedule: ScheduleDefinition | None = None
    concurrent_tasks: Text | None = None
    run_duration: Text | None = None
    penalty_duration: Text | None = None
    yield_duration: Text | None = None
    bulletin_level: Text | None = None
    retry: RetryDefinition | None = None
    auto_terminate: tuple[Text, ...] = ()
    dead_letter: tuple[Text, ...] = ()
    sensitive_content: bool = False
    execution: Text | None = None
    enabled: Text | None = None
    replay: Text | None = None
    comment: Text | None = None


class ServiceDefinition(Struct, frozen=True):
    """One entry of `controller_services:`; `place` is that of its name."""

    name: str
    type: Text
    place: Place
    properties: Mapping[str, Text] = field(default_factory=_no_texts)
    dynamic: Mapping[str, Text] = field(default_factory=_no_texts)
    property_places: Mapping[str, Place] = field(default_factory=_no_places)
    """Where each property's name stands, those of `dynamic` included."""
    comment: Text | None = None


class OnDeadLetterDefinition(Struct, frozen=True):
    """Who is told of dead letters: a `command`, started at most `every` so often, and a `processor` of the flow."""

    place: Place
    command: tuple[Text, ...] = ()
    every: Text | None = None
    time_limit: Text | None = None
    processor: Text | None = None


def _no_services() -> Mapping[str, ServiceDefinition]:
    return MappingProxyType({})


class BackPressureDefinition(Struct, frozen=True):
    """How full a connection may get before its source waits."""

    place: Place
    objects: Text | None = None
    size: Text | None = None


class ConnectionDefinition(Struct, frozen=True):
    """One entry of `connections:`, an arrow or the long form; no relationships means the source's only one."""

    source: Text
    relationships: tuple[Text, ...]
    destination: Text
    place: Place
    back_pressure: BackPressureDefinition | None = None
    expiration: Text | None = None
    prioritizers: tuple[Text, ...] = ()

    def __str__(self) -> str:
        names = ", ".join(relationship.value for relationship in self.relationships)
        return f"{self.source} -- {names} --> {self.destination}" if names else f"{self.source} --> {self.destination}"


class FlowDefinition(Struct, frozen=True):
    """All that one flow file says, in the file's order."""

    name: str
    path: Path
    processors: Mapping[str, ProcessorDefinition]
    connections: tuple[ConnectionDefinition, ...]
    parameters: Mapping[str, ParameterDeclaration]
    place: Place
    """Where the flow's name stands."""
    description: str = ""
    sensitive_attributes: frozenset[str] = frozenset()
    fsync: Fsync = "group"
    cron: CronDialect = "quartz"
    history: HistoryLimit | None = HistoryLimit()
    on_dead_letter: OnDeadLetterDefinition | None = None
    services: Mapping[str, ServiceDefinition] = field(default_factory=_no_services)
    undeclared_parameters: frozenset[str] = frozenset()
    """Names that are used as `#{name}` and declared nowhere: reported when the file was read."""


class LoadedFlow(Struct, frozen=True):
    """What `load_flow` found: the definition as far as it could be read (None if not at all), and every problem.

    A definition beside errors is there so that more mistakes can be found in it; it must not be run. It is None where a
    part of the file was not understood, for then what is missing in it would be reported as a second mistake. Its
    connections may name processors that do not exist: that is among the problems.
    """

    definition: FlowDefinition | None
    problems: tuple[Problem, ...]
