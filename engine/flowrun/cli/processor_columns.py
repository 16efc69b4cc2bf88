"""The columns about processors that the live view and the summary have in common."""

from collections.abc import Callable, Sequence

from flowrun.cli.columns import Column
from flowrun.status import ProcessorStatus

NOTHING = "·"
"""Stands for zero, so that the eye finds the numbers."""


def name_column(processors: Sequence[ProcessorStatus]) -> Column:
    """What the flow calls them."""
    return Column("processor", [processor.name for processor in processors], ["bold"] * len(processors))


def type_column(processors: Sequence[ProcessorStatus]) -> Column:
    """Their types, left out first where there is little room."""
    types = [processor.type for processor in processors]
    return Column("type", types, ["dim"] * len(processors), importance=1)


def queued_column(processors: Sequence[ProcessorStatus]) -> Column:
    """How many flowfiles wait for each."""
    return _numbers("queued", processors, lambda processor: processor.queued, "yellow")


def total_columns(processors: Sequence[ProcessorStatus]) -> list[Column]:
    """What they have done since the start; a column in which nothing happened is left out, but for in and out."""
    always = [
        _numbers("in", processors, lambda processor: processor.taken),
        _numbers("out", processors, lambda processor: processor.placed),
    ]
    sometimes = [
        _numbers("ended", processors, lambda processor: processor.dropped, "dim", importance=2),
        _numbers("retried", processors, lambda processor: processor.retries, "yellow", importance=3),
        _numbers("failed", processors, lambda processor: processor.failures, "red"),
        _numbers("dead letters", processors, lambda processor: processor.dead_letters, "bold red"),
    ]
    return always + [column for column in sometimes if set(column.cells) - {NOTHING}]


def _numbers(
    heading: str,
    processors: Sequence[ProcessorStatus],
    number: Callable[[ProcessorStatus], int],
    style: str = "",
    *,
    importance: int = 0,
) -> Column:
    numbers = [number(processor) for processor in processors]
    cells = [f"{value:,}" if value else NOTHING for value in numbers]
    return Column(heading, cells, [style if value else "dim" for value in numbers], True, importance)
