"""From a configured processor and its settings to a node."""

from flowrun.flow.definition import FlowDefinition, ProcessorDefinition
from flowrun.flow.settings import ProcessorSettings
from flowrun.node import NodeSettings, ProcessorNode
from flowrun.processor import Processor
from flowrun.schedule import CronDriven, Schedule, TimerDriven
from flowrun.transaction import TransactionSettings
from flowrun.units import duration


def make_node(
    flow: FlowDefinition,
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
        flow.sensitive_attributes,
        definition.sensitive_content,
        sensitive_connections,
    )
    node_settings = NodeSettings(
        schedule=_schedule(settings, processor, connected=connected),
        concurrent_tasks=settings.concurrent_tasks,
        run_duration=settings.run_duration,
        yield_duration=settings.yield_duration,
        bulletin_level=settings.bulletin_level,
        skip_overlap=settings.skip_overlap,
        sensitive_content=definition.sensitive_content,
        enabled=settings.enabled,
    )
    return ProcessorNode(definition.name, processor, transaction, node_settings)


def _schedule(settings: ProcessorSettings, processor: Processor, *, connected: bool) -> Schedule:
    if settings.cron is not None:
        return CronDriven(settings.cron)
    if settings.every is not None:
        return TimerDriven(settings.every)
    return TimerDriven(0.0 if connected else duration(processor.default_schedule))
