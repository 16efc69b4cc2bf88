"""From a configured processor and its settings to a node."""

from flowrun.flow.definition import ProcessorDefinition
from flowrun.flow.settings import ProcessorSettings
from flowrun.masking import Masking
from flowrun.node import NodeSettings, ProcessorNode
from flowrun.processor import Processor
from flowrun.schedule import CronDriven, Schedule, TimerDriven
from flowrun.transaction import TransactionSettings
from flowrun.units import duration


def make_node(
    definition: ProcessorDefinition,
    processor: Processor,
    settings: ProcessorSettings,
    *,
    connected: bool,
    masking: Masking,
) -> ProcessorNode:
    """The node, not yet connected; `connected` says whether a connection from another processor comes in."""
    transaction = TransactionSettings(
        definition.name,
        frozenset(processor.relationships),
        settings.penalty_duration,
        settings.retry,
        connected,
        masking,
        definition.sensitive_content,
    )
    node_settings = NodeSettings(
        schedule=_schedule(settings, processor, connected=connected),
        concurrent_tasks=settings.concurrent_tasks,
        run_duration=settings.run_duration,
        yield_duration=settings.yield_duration,
        bulletin_level=settings.bulletin_level,
        skip_overlap=settings.skip_overlap,
        enabled=settings.enabled,
        allows_replay=settings.allows_replay,
    )
    return ProcessorNode(definition.name, processor, transaction, node_settings)


def _schedule(settings: ProcessorSettings, processor: Processor, *, connected: bool) -> Schedule:
    if settings.cron is not None:
        return CronDriven(settings.cron)
    if settings.every is not None:
        return TimerDriven(settings.every)
    return TimerDriven(0.0 if connected else duration(processor.default_schedule))
