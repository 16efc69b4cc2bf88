"""`flowrun du`: what holds the disk."""

import json
from collections.abc import Iterator, Sequence

import click
import msgspec

from flowrun.cli.columns import Column
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.looking import looking_options
from flowrun.cli.processor_columns import NOTHING
from flowrun.cli.table import print_table
from flowrun.control.requests import FlowReport
from flowrun.errors import RepositoryError
from flowrun.repository.disk_use import DiskUse, disk_use
from flowrun.status import ConnectionStatus
from flowrun.units import format_data_size

Row = tuple[str, int, int | None]
"""What it is, its bytes, and how many flowfiles."""


@click.command("du")
@looking_options
def command(flow: FlowAccess, as_json: bool) -> None:
    """Show what holds the disk: journal, history, and the contents of each connection. The flow may run or not.

    \b
    flowrun du flows/hello.yaml
    """
    report = flow.report()
    try:
        use = disk_use(flow.folder)
    except OSError as error:
        raise RepositoryError(f"{flow.folder} can't be read: {error.strerror}") from error
    if as_json:
        click.echo(json.dumps(_as_json(flow, report, use), indent=2))
        return
    click.echo(f"{format_data_size(use.total)} in {flow.folder.absolute()}")
    click.echo()
    print_table(_columns([row for row in _rows(report, use) if row[1] or row[2]]))


def _as_json(flow: FlowAccess, report: FlowReport, use: DiskUse) -> dict[str, object]:
    return {
        "state_directory": str(flow.folder.absolute()),
        "total": use.total,
        **msgspec.to_builtins(use),
        "unclaimed_contents": _unclaimed(report, use),
        "connections": [
            {
                "id": queue.id,
                "queued": queue.queued,
                "size": queue.size,
                "orphaned": queue.id in report.unknown_queues,
            }
            for queue in _holding(report)
        ],
    }


def _rows(report: FlowReport, use: DiskUse) -> Iterator[Row]:
    yield "journal since the last snapshot", use.journal, None
    yield "snapshot", use.snapshot, None
    yield "history: older segments of the journal, and indexes", use.history, None
    yield "swapped out of long queues", use.swap, None
    yield "contents", use.contents, sum(queue.queued for queue in _holding(report))
    for queue in _holding(report):
        mark = " (orphaned)" if queue.id in report.unknown_queues else ""
        yield f"  in '{queue.id}'{mark}", queue.size, queue.queued
    yield "  for nobody any more: history, or about to go", _unclaimed(report, use), None
    yield "other", use.other, None


def _holding(report: FlowReport) -> Sequence[ConnectionStatus]:
    """The queues that are not empty, the largest first."""
    queues = [queue for queue in report.status.connections if queue.queued]
    return sorted(queues, key=lambda queue: (-queue.size, queue.id))


def _unclaimed(report: FlowReport, use: DiskUse) -> int:
    """About how many bytes are there for no queued flowfile; contents that two of them share count twice."""
    return max(0, use.contents - sum(queue.size for queue in report.status.connections))


def _columns(rows: Sequence[Row]) -> list[Column]:
    return [
        Column("what", [what for what, _, _ in rows]),
        Column("size", [format_data_size(size) if size else NOTHING for _, size, _ in rows], is_number=True),
        Column("flowfiles", [f"{count:,}" if count else NOTHING for _, _, count in rows], is_number=True),
    ]
