"""What differs in how a processor is run, or a connection queues."""

from collections.abc import Iterator
from typing import NamedTuple

from flowrun.connection import Connection
from flowrun.flow.definition import ProcessorDefinition, RetryDefinition, ScheduleDefinition, Text
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.plan.change import Change, Kind, Part
from flowrun.plan.wording import Wording
from flowrun.units import format_data_size, format_duration


class _Setting(NamedTuple):
    """A setting of a processor as written (None: not given) and as it counts."""

    name: str
    default: str
    text: str | None
    value: object


def processor_settings(old: FlowGraph, before: str, new: FlowGraph, after: str, wording: Wording) -> Iterator[Change]:
    """How one processor is run, compared with what it was. Another spelling of the same is no change."""
    first = _settings(old.definition.processors[before], old.nodes[before])
    second = _settings(new.definition.processors[after], new.nodes[after])
    for was, now in zip(first, second, strict=True):
        if was.text == now.text or was.value == now.value:
            continue
        texts = [
            wording.shown(setting.text) if setting.text is not None else f"{setting.default}, if not said"
            for setting in (was, now)
        ]
        words = f"{now.name}: {texts[0]} → {texts[1]}"
        yield Change(Part.PROCESSOR, Kind.CHANGED, after, words, now.name, *texts)


def _settings(definition: ProcessorDefinition, node: ProcessorNode) -> list[_Setting]:
    settings, transaction = node.settings, node.transaction_settings
    duration = format_duration

    def written(text: Text | None) -> str | None:
        return None if text is None else text.value

    return [
        _Setting("schedule", "its type's", _schedule(definition.schedule), (settings.schedule, settings.skip_overlap)),
        _Setting("enabled", "true", written(definition.enabled), settings.enabled),
        _Setting("concurrent_tasks", "1", written(definition.concurrent_tasks), settings.concurrent_tasks),
        _Setting("run_duration", duration(0), written(definition.run_duration), settings.run_duration),
        _Setting("penalty_duration", "30 sec", written(definition.penalty_duration), transaction.penalty_duration),
        _Setting("yield_duration", "1 sec", written(definition.yield_duration), settings.yield_duration),
        _Setting("bulletin_level", "WARN", written(definition.bulletin_level), settings.bulletin_level),
        _Setting("replay", "allow", written(definition.replay), settings.allows_replay),
        _Setting("retry", "none", _retry(definition.retry), transaction.retry),
        _Setting("execution", "all", written(definition.execution), written(definition.execution) or "all"),
        _Setting(
            "sensitive_content",
            "false",
            "true" if definition.sensitive_content else None,
            definition.sensitive_content,
        ),
    ]


def _schedule(schedule: ScheduleDefinition | None) -> str | None:
    if schedule is None:
        return None
    return _mapping(every=schedule.every, cron=schedule.cron, time_zone=schedule.time_zone, overlap=schedule.overlap)


def _retry(retry: RetryDefinition | None) -> str | None:
    if retry is None:
        return None
    names = ", ".join(text.value for text in retry.relationships)
    more = _mapping(attempts=retry.attempts, backoff=retry.backoff, max_backoff=retry.max_backoff)
    return f"[{names}]" + (f" {more}" if more else "")


def _mapping(**texts: Text | None) -> str:
    return ", ".join(f"{name} {text}" for name, text in texts.items() if text is not None)


def connection_settings(old: Connection, new: Connection) -> Iterator[Change]:
    """How one connection queues, compared with what it did."""
    for name, before, after in (
        ("back_pressure.objects", _count(old), _count(new)),
        ("back_pressure.size", _size(old), _size(new)),
        ("expiration", _expiration(old), _expiration(new)),
        ("prioritizers", ", ".join(old.prioritizers) or "none", ", ".join(new.prioritizers) or "none"),
    ):
        if before != after:
            yield Change(Part.CONNECTION, Kind.CHANGED, new.id, f"{name}: {before} → {after}", name, before, after)


def _count(connection: Connection) -> str:
    threshold = connection.back_pressure.object_threshold
    return f"{threshold:,} flowfiles" if threshold else "any number"


def _size(connection: Connection) -> str:
    threshold = connection.back_pressure.data_size_threshold
    return format_data_size(threshold) if threshold else "any size"


def _expiration(connection: Connection) -> str:
    return format_duration(connection.expiration) if connection.expiration else "never"
