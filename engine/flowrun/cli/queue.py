"""`flowrun queue`: what waits in a flow's connections."""

import json
from pathlib import Path

import click
import msgspec

from flowrun.cli.connection_naming import find_connection
from flowrun.cli.export import export
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.flowfile_text import flowfile_columns, print_flowfile
from flowrun.cli.looking import looking_options
from flowrun.cli.queue_columns import queue_columns
from flowrun.cli.report import counted
from flowrun.cli.table import print_table
from flowrun.cli.usage import Commands
from flowrun.control.requests import ContentsRequest, DropRequest, FlowFilesRequest
from flowrun.status import ConnectionStatus
from flowrun.units import format_data_size

_WRITTEN = "CONNECTION is written as in the flow ('a -- success --> b'), or is any part that no other connection has."


@click.group("queue", cls=Commands)
def command() -> None:
    """Look at what waits in a flow's connections, save it or drop it. The flow may run or not."""


@command.command("list")
@looking_options
def list_queues(flow: FlowAccess, as_json: bool) -> None:
    """List the connections, dead letters too, with what waits in each.

    \b
    flowrun queue list flows/hello.yaml
    """
    report = flow.report()
    queues = report.status.connections
    if as_json:
        told = [
            {
                **msgspec.to_builtins(queue),
                "oldest": report.oldest.get(queue.id),
                "orphaned": queue.id in report.unknown_queues,
            }
            for queue in queues
        ]
        click.echo(json.dumps(told, indent=2))
    elif queues:
        print_table(queue_columns(report, queues))
    else:
        click.echo("the flow has no connections")


@command.command("show", epilog=_WRITTEN)
@looking_options
@click.argument("connection")
@click.argument("uuid", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, from the head on.")
def show(flow: FlowAccess, as_json: bool, connection: str, uuid: str | None, limit: int) -> None:
    """Show the flowfiles in a connection, or everything about one of them. Sensitive values are masked.

    \b
    flowrun queue show flows/hello.yaml 'name-it -- success --> save'
    flowrun queue show flows/hello.yaml 'name-it --> save' 0d5f4a52-63d7-4b9f-a1c0-000000000001
    """
    queue = _find(flow, connection)
    uuids = (uuid,) if uuid is not None else ()
    request = FlowFilesRequest(connections=(queue.id,), uuids=uuids, limit=limit, with_head=uuid is not None)
    flowfiles = [answer.value for answer in flow.ask(request)]
    if as_json:
        told = [msgspec.to_builtins(flowfile) for flowfile in flowfiles]
        click.echo(json.dumps(told[0] if uuid is not None else told, indent=2))
    elif uuid is not None:
        print_flowfile(flowfiles[0])
    elif flowfiles:
        print_table(flowfile_columns(flowfiles))
        if queue.queued > len(flowfiles):
            click.echo(f"… and {queue.queued - len(flowfiles):,} more")
    else:
        click.echo(f"nothing waits in '{queue.id}'")


@command.command("export", epilog=_WRITTEN)
@looking_options
@click.argument("connection")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--include-sensitive", is_flag=True, help="Write sensitive attributes and contents too, as they are.")
def export_queue(flow: FlowAccess, as_json: bool, connection: str, folder: Path, include_sensitive: bool) -> None:
    """Write the flowfiles in a connection to DIR: UUID.content, and UUID.json with the attributes. They stay queued.

    \b
    flowrun queue export flows/hello.yaml 'save -- dead letters' saved
    """
    queue = _find(flow, connection)
    request = ContentsRequest(connections=(queue.id,), include_sensitive=include_sensitive)
    exported = export(flow.ask(request), folder, include_sensitive=include_sensitive)
    if as_json:
        told = {"exported": exported.flowfiles, "without_content": exported.withheld, "folder": str(folder.absolute())}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(f"exported {counted(exported.flowfiles, 'flowfile')} to {folder.absolute()}")
    if exported.withheld:
        click.echo(f"the content of {exported.withheld:,} is sensitive, and only written with --include-sensitive")


@command.command("purge", epilog=_WRITTEN)
@looking_options
@click.argument("connection")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(flow: FlowAccess, as_json: bool, connection: str, yes: bool) -> None:
    """Drop all flowfiles that wait in a connection, for good.

    \b
    flowrun queue purge flows/hello.yaml 'name-it -- success --> save'
    """
    queue = _find(flow, connection)
    if not yes and queue.queued:
        what = f"{counted(queue.queued, 'flowfile')} ({format_data_size(queue.size)})"
        click.confirm(f"Drop {what} from '{queue.id}' for good?", abort=True, err=True)
    dropped = flow.change(DropRequest(connections=(queue.id,)))
    if as_json:
        click.echo(json.dumps({"connection": queue.id, "dropped": dropped}, indent=2))
    else:
        click.echo(f"dropped {counted(dropped, 'flowfile')} from '{queue.id}'")


def _find(flow: FlowAccess, written: str) -> ConnectionStatus:
    queues = {queue.id: queue for queue in flow.report().status.connections}
    return queues[find_connection(written, list(queues))]
