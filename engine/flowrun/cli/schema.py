"""`flowrun schema`: the JSON Schema from which editors complete flow files."""

import json
from pathlib import Path

import click

from flowrun.registry import Registry
from flowrun.schema import flow_schema


@click.command("schema")
@click.option(
    "--plugins",
    "plugin_folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of plug-in files whose types belong in it.",
)
def command(plugin_folders: tuple[Path, ...]) -> None:
    """Print the JSON Schema of flow files.

    \b
    flowrun schema > flow.schema.json
    then, as the first line of a flow:  # yaml-language-server: $schema=flow.schema.json
    """
    registry = Registry.installed(plugin_folders)
    schema = flow_schema(registry.processors.all(), registry.services.all())
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
