"""`flowrun processors`: which types there are, and the manual page of each."""

import json
import sys
from pathlib import Path

import click

from flowrun.cli.report import styled
from flowrun.cli.type_description import describe
from flowrun.manual import page, summary
from flowrun.processor import Processor
from flowrun.registry import Registry, Types


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
        _list(types, as_json=as_json)
        return
    found = types.name_of(name)
    if found is None:
        guess = types.guess(name)
        hint = f"did you mean '{guess}'?" if guess else f"there are {', '.join(types.names)}"
        raise click.UsageError(f"there is no processor type '{name}'; {hint}")
    if as_json:
        click.echo(json.dumps(describe(types.load(found)), indent=2, ensure_ascii=False))
    else:
        _show(page(types.load(found)))


def _list(types: Types[Processor], *, as_json: bool) -> None:
    summaries = {name: summary(types.load(name)) for name in types.names}
    if as_json:
        click.echo(json.dumps(summaries, indent=2))
        return
    width = max(len(name) for name in summaries)
    for name, text in summaries.items():
        click.echo(f"{styled(name.ljust(width), bold=True)}  {text}")


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        click.echo(markdown, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))
