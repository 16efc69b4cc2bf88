"""`flowrun processors`: which types there are, and the manual page of each."""

from pathlib import Path

import click

from flowrun.cli.type_description import describe
from flowrun.cli.type_pages import list_types, load_type, show_type
from flowrun.registry import Registry


@click.command("processors")
@click.argument("name", metavar="[TYPE]", required=False)
@click.option(
    "--plugins",
    "plugin_folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of plug-in files.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(name: str | None, plugin_folders: tuple[Path, ...], as_json: bool) -> None:
    """List the processor types, or show one type's manual page.

    \b
    flowrun processors
    flowrun processors ReplaceText
    """
    types = Registry.installed(plugin_folders).processors
    if name is None:
        list_types(types, as_json=as_json)
    else:
        show_type(load_type(types, name, "processor"), describe, as_json=as_json)
