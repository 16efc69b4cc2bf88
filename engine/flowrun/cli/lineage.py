"""`flowrun lineage`: which flowfiles one was made of, and what was made of it."""

import json
from pathlib import Path

import click

from flowrun.cli.drawing_output import put_out
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.flowfile_options import flowfile_options
from flowrun.cli.history_access import HistoryAccess
from flowrun.history.lineage import Lineage, find_lineage
from flowrun.history.lineage_drawing import draw_lineage

_BY_SUFFIX = {".svg": "svg", ".mmd": "mermaid", ".md": "mermaid", ".dot": "dot", ".gv": "dot"}


@click.command("lineage")
@flowfile_options
@click.option(
    "--format",
    "chosen",
    type=click.Choice(("text", "mermaid", "svg", "dot")),
    help="The language; text, unless the name after -o says another.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file.")
def command(flow: FlowAccess, as_json: bool, uuid: str, chosen: str | None, output: Path | None) -> None:
    """Show a flowfile's ancestors and descendants, each with its way through the flow.

    \b
    flowrun lineage flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001
    flowrun lineage flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001 -o lineage.svg

    No attributes and no contents are shown.
    """
    access = HistoryAccess(flow)
    access.require_trail(uuid)
    lineage = find_lineage(access.archive, access.require_id(uuid))
    if as_json:
        click.echo(json.dumps(_as_json(lineage, access), indent=2))
        return
    form = chosen or (_BY_SUFFIX.get(output.suffix.lower(), "text") if output is not None else "text")
    drawn = draw_lineage(lineage, form, access.uuid)
    put_out(drawn, output)


def _as_json(lineage: Lineage, access: HistoryAccess) -> dict[str, object]:
    return {
        "flowfile": access.uuid(lineage.flowfile),
        "flowfiles": {
            access.uuid(flowfile): [
                {
                    "moment": hop.passage.moment,
                    "processor": hop.passage.author or None,
                    "relationship": hop.passage.relationship or None,
                    "connection": hop.passage.connection or None,
                }
                for hop in hops
            ]
            for flowfile, hops in lineage.ways.items()
        },
        "descents": [
            {"parent": access.uuid(d.parent), "child": access.uuid(d.child), "event": d.kind.value}
            for d in lineage.descents
        ],
        "is_cut": lineage.is_cut,
    }
