"""`flowrun status`: how a flow is, whether it runs or not."""

import json
from collections.abc import Iterator, Sequence

import click
import msgspec

from flowrun.cli.columns import Column
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.log_lines import on_one_line
from flowrun.cli.looking import looking_options
from flowrun.cli.moments import age_text, moment_text
from flowrun.cli.processor_columns import name_column, queued_column, total_columns, type_column
from flowrun.cli.queue_columns import queue_columns
from flowrun.cli.report import counted, styled
from flowrun.cli.table import print_table
from flowrun.control.requests import MOST_EXPLAINED, FlowReport
from flowrun.node import Blocked
from flowrun.status import ProcessorStatus

_MOST_CAUSES = 5
_MOST_BULLETINS = 5


@click.command("status")
@looking_options
def command(flow: FlowAccess, as_json: bool) -> None:
    """Show a flow's processors and queues, and why what does not move does not. It may run or not.

    \b
    flowrun status flows/hello.yaml
    flowrun status flows/hello.yaml --json
    """
    report = flow.report()
    if as_json:
        told = {"running": bool(report.pid), "state_directory": str(flow.folder.absolute())}
        click.echo(json.dumps({**told, **msgspec.to_builtins(report)}, indent=2))
        return
    click.echo(styled(_headline(report), bold=True))
    click.echo(f"its queues are in {flow.folder.absolute()}")
    if report.refused_edit:
        goes_on = f"generation {report.generation} goes on"
        click.echo(styled(f"the latest edit was refused, {goes_on}: {on_one_line(report.refused_edit)}", color="red"))
    click.echo()
    print_table(_processor_columns(report))
    queues = [queue for queue in report.status.connections if queue.queued]
    if queues:
        click.echo()
        print_table(queue_columns(report, queues))
    for line in (*_dead_letters(report), *_unknown_queues(report), *_bulletins(report)):
        click.echo(line)


def _headline(report: FlowReport) -> str:
    if not report.pid:
        last = f"the last change was {age_text(report.since)} ago" if report.since else "nothing was ever queued"
        return f"{report.flow} is stopped; {last}"
    assert report.since is not None
    line = f"{report.flow} has been running for {age_text(report.since)} (pid {report.pid}, since "
    line += f"{moment_text(report.since)})"
    if report.generation > 1:
        line += f"; generation {report.generation} of its file"
    return line + ("; its engine is busy, and does not say more now" if report.is_busy else "")


def _processor_columns(report: FlowReport) -> list[Column]:
    processors = report.status.processors
    columns = [name_column(processors), type_column(processors)]
    if not report.pid:
        return [*columns, queued_column(processors)]
    states = Column("state", [_state(processor) for processor in processors])
    return [*columns, *total_columns(processors), queued_column(processors), states]


def _state(processor: ProcessorStatus) -> str:
    if processor.state == Blocked.DESTINATION_FULL and processor.full:
        return f"waits for room in '{processor.full[0]}'"
    if processor.until is not None:
        return f"{processor.state} (until {moment_text(processor.until)})"
    return processor.state


def _dead_letters(report: FlowReport) -> Iterator[str]:
    number = report.status.dead_letters
    if not number:
        return
    yield ""
    told = f"; the latest {MOST_EXPLAINED:,}" if number > MOST_EXPLAINED else ""
    yield styled(f"{counted(number, 'dead letter')}; 'flowrun dlq' shows and replays them{told}:", color="red")
    for cause in report.causes[:_MOST_CAUSES]:
        yield f"  {cause.processor} ─ {on_one_line(cause.cause)} ({counted(cause.count, 'flowfile')})"
    if len(report.causes) > _MOST_CAUSES:
        yield f"  … and {len(report.causes) - _MOST_CAUSES} more causes"


def _unknown_queues(report: FlowReport) -> Iterator[str]:
    if report.unknown_queues:
        yield ""
    fate = (
        "they stay until it is back, or until 'flowrun queue purge' drops them"
        if report.pid
        else "the flow will not start until it is back, 'flowrun queue purge' has emptied it, or --orphans says what "
        "becomes of them"
    )
    for identity in report.unknown_queues:
        yield f"'{identity}' is not in the flow any more, but still holds flowfiles: {fate}"


def _bulletins(report: FlowReport) -> Iterator[str]:
    latest: Sequence[str] = [
        f"  {moment_text(b.moment)} {b.level.ljust(7)} {b.processor}: {on_one_line(b.message)}"
        + (f" (flowfile {b.flowfile})" if b.flowfile else "")
        for b in report.bulletins[-_MOST_BULLETINS:]
    ]
    if latest:
        yield ""
        yield "latest bulletins:"
        yield from latest
