"""`flowrun services`: which controller services there are, and the manual page of each."""

from pathlib import Path

import click

from flowrun.cli.type_description import describe_service
from flowrun.cli.type_pages import list_types, load_type, show_type
from flowrun.registry import Registry


@click.command("services")
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
    """List the types of controller services, or show one type's manual page.

    \b
    flowrun services
    flowrun services OAuth2AccessTokenProvider
    """
    types = Registry.installed(plugin_folders).services
    if name is None:
        list_types(types, as_json=as_json)
    else:
        show_type(load_type(types, name, "controller service"), describe_service, as_json=as_json)
