"""The columns about queues."""

from collections.abc import Sequence

from flowrun.cli.columns import Column
from flowrun.cli.moments import age_text
from flowrun.cli.processor_columns import NOTHING
from flowrun.control.requests import FlowReport
from flowrun.status import ConnectionStatus
from flowrun.units import format_data_size


def queue_columns(report: FlowReport, queues: Sequence[ConnectionStatus]) -> list[Column]:
    """What waits in each, how near back pressure is, and for how long the oldest has waited."""
    penalized = Column("penalized", [_number(queue.penalized) for queue in queues], is_number=True, importance=2)
    oldest = [report.oldest.get(queue.id) for queue in queues]
    columns = [
        Column("connection", [_name(report, queue) for queue in queues]),
        Column("queued", [_number(queue.queued) for queue in queues], is_number=True),
        Column("size", [format_data_size(queue.size) if queue.queued else NOTHING for queue in queues], is_number=True),
        penalized,
        Column("back pressure", [_pressure(queue) for queue in queues], is_number=True, importance=1),
        Column("oldest", [age_text(moment) if moment else NOTHING for moment in oldest], is_number=True, importance=3),
    ]
    if not set(penalized.cells) - {NOTHING}:
        columns.remove(penalized)
    return columns


def _name(report: FlowReport, queue: ConnectionStatus) -> str:
    return f"{queue.id} (orphaned)" if queue.id in report.unknown_queues else queue.id


def _number(value: int) -> str:
    return f"{value:,}" if value else NOTHING


def _pressure(queue: ConnectionStatus) -> str:
    if queue.full >= 1:
        return "full"
    return f"{queue.full:.0%}" if queue.full >= 0.005 else NOTHING
