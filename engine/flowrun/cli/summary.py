"""What a run came to: a table for a person, or JSON."""

import json
from dataclasses import asdict

import click

from flowrun.graph import FlowGraph
from flowrun.runner import Outcome
from flowrun.status import FlowStatus, ProcessorStatus, status_of

_COLUMNS = ("processor", "type", "in", "out", "ended", "retried", "failed", "queued", "dead letters")


def print_summary(graph: FlowGraph, outcome: Outcome, *, as_json: bool) -> None:
    """Print it to standard output."""
    status = status_of(graph)
    if as_json:
        click.echo(json.dumps({**asdict(outcome), "status": asdict(status)}, indent=2))
        return
    rows = [_COLUMNS, *(_row(processor) for processor in status.processors)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    click.echo()
    for number, row in enumerate(rows):
        cells = [row[c].ljust(widths[c]) if c < 2 else row[c].rjust(widths[c]) for c in range(len(_COLUMNS))]
        click.secho("  ".join(cells).rstrip(), bold=number == 0)
    click.echo()
    for line in _sentences(status, outcome):
        click.echo(line)


def _row(processor: ProcessorStatus) -> tuple[str, ...]:
    numbers = (
        processor.taken,
        processor.placed,
        processor.dropped,
        processor.retries,
        processor.failures,
        processor.queued,
        processor.dead_letters,
    )
    return (processor.name, processor.type, *(f"{number:,}" if number else "·" for number in numbers))


def _sentences(status: FlowStatus, outcome: Outcome) -> list[str]:
    lines = []
    if outcome.dead_letters:
        lines.append(f"{outcome.dead_letters:,} flowfiles became dead letters in this run: they are kept for a person.")
    elif status.dead_letters:
        lines.append(f"{status.dead_letters:,} dead letters from earlier runs are kept for a person.")
    for name in outcome.failing:
        lines.append(f"'{name}' was failing at the end; its flowfiles are in their queue.")
    if outcome.queued:
        waiting = f", {outcome.penalized:,} of them until a penalty ends" if outcome.penalized else ""
        lines.append(f"{outcome.queued:,} flowfiles are queued{waiting}; the next run goes on with them.")
    if not lines:
        lines.append("All is done: nothing is queued, nothing failed.")
    return lines
