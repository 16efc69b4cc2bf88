"""`flowrun state`: what lies in a flow's state directory."""

import sys
from pathlib import Path

import click

from flowrun.cli.usage import Commands
from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow
from flowrun.state_directory import clear_state, state_directory


@click.group("state", cls=Commands)
def command() -> None:
    """Look after a flow's state directory."""


@command.command("clear")
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--state", metavar="DIR", help="Where the state lies, if not in .flowrun beside the flow.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def clear(flow: Path, state: str | None, yes: bool) -> None:
    """Remove everything that is kept for a flow: queued flowfiles, dead letters and processor state.

    \b
    flowrun state clear flows/hello.yaml
    """
    loaded = load_flow(flow)
    if loaded.definition is None:
        raise FlowError(loaded.problems)
    folder = state_directory(loaded.definition, state)
    if folder is None or not folder.is_dir():
        click.echo("there is no state" + (f" in {folder}" if folder is not None else ""))
        return
    if not yes and not _is_meant(folder):
        click.echo("nothing was removed")
        return
    clear_state(loaded.definition, state)
    click.echo(f"removed {folder}")


def _is_meant(folder: Path) -> bool:
    if not sys.stdin.isatty():
        raise click.UsageError(f"say --yes to remove {folder} and the flowfiles in it for good")
    return click.confirm(f"Remove {folder} and the flowfiles in it for good?")
