"""Settings as typed values: what the flow says about processors and connections, parameters resolved.

A text without `#{…}` is checked when the file is read, the others when the parameters are known: each problem is
reported once. Defaults are NiFi's.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec import Struct

from flowrun.bulletin import Level
from flowrun.errors import ExpressionError, Problem
from flowrun.flow.definition import (
    BackPressureDefinition,
    ConnectionDefinition,
    CronDialect,
    FlowDefinition,
    OnDeadLetterDefinition,
    ProcessorDefinition,
    RetryDefinition,
    ScheduleDefinition,
    Text,
)
from flowrun.flow.fields import flag
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.setting_values import (
    bounded_data_size,
    bounded_duration,
    one_of,
    prioritizer,
    time_zone,
    whole_number,
)
from flowrun.flow.wording import quoted
from flowrun.parameter_reference import NO_PARAMETERS, Parameters, references, substitute
from flowrun.prioritizer import Prioritizer
from flowrun.retry import RetryPolicy

if TYPE_CHECKING:
    from flowrun.dialect.cron import CronExpression

Execution = Literal["all", "primary"]

_LONGEST_REASON = 400
_Value = TypeVar("_Value")


class ProcessorSettings(Struct, frozen=True):
    """How a processor is run; durations in seconds.

    Neither `every` nor `cron` means that the flow does not say: the processor's type decides. The relationships of
    `retry` are as written in the flow.
    """

    every: float | None = None
    cron: "CronExpression | None" = None
    skip_overlap: bool = False
    concurrent_tasks: int = 1
    run_duration: float = 0.0
    penalty_duration: float = 30.0
    yield_duration: float = 1.0
    bulletin_level: Level = Level.WARNING
    retry: RetryPolicy | None = None
    execution: Execution = "all"
    enabled: bool = True
    allows_replay: bool = True
    comment: str = ""


class ConnectionSettings(Struct, frozen=True):
    """How a connection queues: thresholds in flowfiles and bytes, 0 for none; expiration in seconds, 0 for never."""

    object_threshold: int = 10_000
    data_size_threshold: int = 1 << 30
    expiration: float = 0.0
    prioritizers: tuple[Prioritizer, ...] = (Prioritizer.FIRST_IN_FIRST_OUT,)


class CommandSettings(Struct, frozen=True):
    """The command that is told of dead letters: program and arguments, and durations in seconds."""

    words: tuple[str, ...]
    every: float = 10.0
    time_limit: float = 30.0


class FlowSettings(Struct, frozen=True):
    """The settings of every processor by name, of every connection in the definition's order, and of the command that
    is told of dead letters, if there is one."""

    processors: Mapping[str, ProcessorSettings]
    connections: tuple[ConnectionSettings, ...]
    dead_letter_command: CommandSettings | None = None


def resolve_settings(definition: FlowDefinition, parameters: Parameters) -> tuple[FlowSettings, tuple[Problem, ...]]:
    """All settings, and what is wrong with those that hold parameters. A wrong or unset one has its default."""
    problems = ProblemList()
    settings = _resolve(definition, _SettingReader(parameters, problems))
    return settings, problems.in_order()


def check_settings(definition: FlowDefinition, problems: ProblemList) -> None:
    """Report what is wrong with the settings that hold no parameters."""
    _resolve(definition, _SettingReader(None, problems))


class _SettingReader:
    """Makes values of texts, with the parameters' values, or before they are known."""

    def __init__(self, parameters: Parameters | None, problems: ProblemList) -> None:
        self._parameters = parameters
        self._problems = problems

    def read(self, name: str, text: Text | None, parse: Callable[[str], _Value], default: _Value) -> _Value:
        """The value of a setting; the default where it is not given, cannot be known yet, or is wrong."""
        if text is None:
            return default
        used = {reference.name for reference in references(text.value)}
        parameters = self._parameters or NO_PARAMETERS
        if used & parameters.unset or (used and self._parameters is None):
            return default
        try:
            return parse(substitute(text.value, parameters))
        except (ValueError, ExpressionError) as error:
            if used or self._parameters is None:
                self._problems.report(f"{name}: {self._reason(error, used)}", text.place)
            return default

    def comment(self, text: Text | None) -> str:
        """A text that people read: left as written where a sensitive parameter stands in it."""
        sensitive = self._parameters.sensitive if self._parameters else frozenset()
        if text and any(reference.name in sensitive for reference in references(text.value)):
            return text.value
        return self.read("comment", text, str, "")

    def argument(self, text: Text) -> str:
        """A word of a command line, which other users of the machine can see: no secret may stand in it."""
        if self._parameters and self._parameters.any_sensitive_in(text.value):
            message = "other users of the machine can see a command line: let the command find the secret by itself"
            self._problems.report(f"command: {message}", text.place)
            return ""
        return self.read("command", text, _argument, text.value)

    def warn(self, name: str, text: Text, warnings: tuple[str, ...]) -> None:
        """Pass on the doubts that a dialect has about a text."""
        if self._parameters is None or references(text.value):
            for warning in warnings:
                self._problems.warn(f"{name}: {warning}", text.place)

    def _reason(self, error: Exception, used: set[str]) -> str:
        secret = sorted(used & self._parameters.sensitive) if self._parameters else []
        if secret:
            return f"the value of the sensitive parameter {quoted(secret[0])} does not fit here"
        reason = str(error)
        return reason if len(reason) <= _LONGEST_REASON else reason[:_LONGEST_REASON] + "…"


def _resolve(definition: FlowDefinition, reader: _SettingReader) -> FlowSettings:
    processors = {
        name: _processor_settings(processor, definition.cron, reader)
        for name, processor in definition.processors.items()
    }
    connections = tuple(_connection_settings(connection, reader) for connection in definition.connections)
    told = definition.on_dead_letter
    return FlowSettings(MappingProxyType(processors), connections, _command(told, reader) if told else None)


def _processor_settings(
    processor: ProcessorDefinition, dialect: CronDialect, reader: _SettingReader
) -> ProcessorSettings:
    read, default = reader.read, ProcessorSettings()
    schedule = processor.schedule or ScheduleDefinition(processor.place)
    tasks, penalty, pause = processor.concurrent_tasks, processor.penalty_duration, processor.yield_duration
    return ProcessorSettings(
        every=read("every", schedule.every, bounded_duration, default.every),
        cron=_cron(schedule, dialect, reader),
        skip_overlap=read("overlap", schedule.overlap, one_of("allow", "skip"), "allow") == "skip",
        concurrent_tasks=read("concurrent_tasks", tasks, whole_number(1), default.concurrent_tasks),
        run_duration=read("run_duration", processor.run_duration, bounded_duration, default.run_duration),
        penalty_duration=read("penalty_duration", penalty, bounded_duration, default.penalty_duration),
        yield_duration=read("yield_duration", pause, bounded_duration, default.yield_duration),
        bulletin_level=read("bulletin_level", processor.bulletin_level, Level.parse, default.bulletin_level),
        retry=_retry(processor.retry, reader) if processor.retry else None,
        execution=read("execution", processor.execution, one_of("all", "primary"), default.execution),
        enabled=read("enabled", processor.enabled, flag, default.enabled),
        allows_replay=read("replay", processor.replay, one_of("allow", "refuse"), "allow") == "allow",
        comment=reader.comment(processor.comment),
    )


def _cron(schedule: ScheduleDefinition, dialect: CronDialect, reader: _SettingReader) -> "CronExpression | None":
    if schedule.cron is None:
        return None
    from flowrun.dialect.cron import CronExpression  # croniter costs 50 ms that a flow without CRON need not pay

    zone = reader.read("time_zone", schedule.time_zone, time_zone, None)

    def parse(text: str) -> CronExpression:
        return CronExpression.parse(text, dialect=dialect, zone=zone)

    expression = reader.read("cron", schedule.cron, parse, None)
    if expression is not None:
        reader.warn("cron", schedule.cron, expression.warnings)
    return expression


def _retry(retry: RetryDefinition, reader: _SettingReader) -> RetryPolicy:
    default = RetryPolicy(frozenset(relationship.value for relationship in retry.relationships))
    return RetryPolicy(
        default.relationships,
        attempts=reader.read("attempts", retry.attempts, whole_number(0), default.attempts),
        backoff=reader.read("backoff", retry.backoff, one_of("penalize", "yield"), default.backoff),
        maximum_backoff=reader.read("max_backoff", retry.max_backoff, bounded_duration, default.maximum_backoff),
    )


def _command(told: OnDeadLetterDefinition, reader: _SettingReader) -> CommandSettings | None:
    words = tuple(reader.argument(text) for text in told.command)
    if not words:
        return None
    default = CommandSettings(words)
    return CommandSettings(
        words,
        every=reader.read("every", told.every, bounded_duration, default.every),
        time_limit=reader.read("time_limit", told.time_limit, bounded_duration, default.time_limit),
    )


def _connection_settings(connection: ConnectionDefinition, reader: _SettingReader) -> ConnectionSettings:
    default = ConnectionSettings()
    pressure = connection.back_pressure or BackPressureDefinition(connection.place)
    prioritizers = [reader.read("prioritizers", text, prioritizer, None) for text in connection.prioritizers]
    known = tuple(found for found in prioritizers if found is not None)
    return ConnectionSettings(
        object_threshold=reader.read("objects", pressure.objects, whole_number(0), default.object_threshold),
        data_size_threshold=reader.read("size", pressure.size, bounded_data_size, default.data_size_threshold),
        expiration=reader.read("expiration", connection.expiration, bounded_duration, default.expiration),
        prioritizers=known or default.prioritizers,
    )


def _argument(text: str) -> str:
    if "\0" in text:
        raise ValueError("a word of a command holds no NUL character")
    return text
