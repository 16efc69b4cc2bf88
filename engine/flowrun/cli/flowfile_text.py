"""Flowfiles as a person reads them: a list of several, or everything about one."""

from collections.abc import Sequence

import click

from flowrun.cli.columns import Column
from flowrun.cli.log_lines import on_one_line
from flowrun.cli.moments import age_text, moment_text
from flowrun.cli.processor_columns import NOTHING
from flowrun.cli.report import styled
from flowrun.control.requests import HEAD_SIZE, QueuedFlowFile
from flowrun.units import format_data_size


def flowfile_columns(flowfiles: Sequence[QueuedFlowFile]) -> list[Column]:
    """The columns of a list of flowfiles."""
    waits = [moment_text(f.penalized_until) if f.is_penalized else NOTHING for f in flowfiles]
    columns = [
        Column("uuid", [flowfile.uuid for flowfile in flowfiles]),
        Column("filename", [flowfile.filename for flowfile in flowfiles]),
        Column("size", [format_data_size(flowfile.size) for flowfile in flowfiles], is_number=True),
        Column("queued for", [age_text(flowfile.queued_since) for flowfile in flowfiles], is_number=True),
        Column("attempts", [str(f.attempts) if f.attempts else NOTHING for f in flowfiles], is_number=True),
        Column("penalized until", waits, is_number=True),
    ]
    return columns[:4] + [column for column in columns[4:] if set(column.cells) - {NOTHING}]


def print_flowfile(flowfile: QueuedFlowFile) -> None:
    """Print everything about one, with the beginning of its content as far as it may be seen."""
    click.echo(styled(f"flowfile {flowfile.uuid}", bold=True))
    facts = {
        "connection": flowfile.connection,
        "given up"
        if flowfile.cause
        else "queued since": f"{moment_text(flowfile.queued_since)} ({age_text(flowfile.queued_since)})",
        "in the flow since": f"{moment_text(flowfile.entry_date)} ({age_text(flowfile.entry_date)})",
        "penalized until": moment_text(flowfile.penalized_until) if flowfile.is_penalized else "",
        "attempts": str(flowfile.attempts) if flowfile.attempts else "",
        "cause": flowfile.cause,
        "came by": flowfile.came_by,
        "size": f"{format_data_size(flowfile.size)}",
    }
    _print_pairs({name: value for name, value in facts.items() if value})
    click.echo()
    click.echo(styled("attributes", bold=True))
    _print_pairs(dict(sorted(flowfile.attributes.items())))
    click.echo()
    _print_content(flowfile)


def _print_pairs(pairs: dict[str, str]) -> None:
    width = max((len(name) for name in pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"  {on_one_line(name).ljust(width)}  {on_one_line(value)}")


def _print_content(flowfile: QueuedFlowFile) -> None:
    if flowfile.head is None:
        click.echo(f"{styled('content', bold=True)} is not shown: {flowfile.head_is_withheld}")
        return
    if not flowfile.size:
        click.echo(f"{styled('content', bold=True)} is empty")
        return
    form = ", no text, in hexadecimal" if flowfile.head_is_hexadecimal else ""
    is_cut = flowfile.head_is_hexadecimal or len(flowfile.head) >= HEAD_SIZE
    click.echo(styled(f"content{', its beginning' if is_cut else ''}{form}", bold=True))
    for line in flowfile.head.splitlines():
        click.echo(f"  {on_one_line(line)}".rstrip())
