"""`flowrun replay`: give a flowfile of the past to a processor once more."""

import json

import click

from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.flowfile_options import flowfile_options
from flowrun.control.requests import ReplayFromRequest


@click.command("replay")
@flowfile_options
@click.option("--from", "processor", metavar="PROCESSOR", default="", help="Where it begins; the last one it was at.")
def command(flow: FlowAccess, as_json: bool, uuid: str, processor: str) -> None:
    """Give a flowfile of the past to a processor once more, as it was when it came there.

    \b
    flowrun replay flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001 --from save

    It is a new flowfile with a UUID of its own: what became of the old one stays as it is. Its content must still be
    known, which 'history:' in the flow file limits. If the flow does not run, the next start works on it. For dead
    letters there is 'flowrun dlq replay'.
    """
    answers = flow.perform(ReplayFromRequest(uuid=uuid, processor=processor))
    if not answers:
        raise click.UsageError(f"history knows no flowfile {uuid}: the flow has not run here yet")
    for replayed in answers:
        if as_json:
            click.echo(json.dumps({"flowfile": replayed.uuid, "connection": replayed.connection}))
        else:
            click.echo(f"replayed as {replayed.uuid}, which waits in '{replayed.connection}'")
