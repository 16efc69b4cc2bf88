"""`flowrun state`: what lies in a flow's state directory."""

from pathlib import Path

import click

from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow
from flowrun.state_directory import clear_state


@click.group("state")
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
    if not yes:
        click.confirm(f"Remove all queued flowfiles and the state of '{loaded.definition.name}' for good?", abort=True)
    folder = clear_state(loaded.definition, state)
    click.echo(f"removed {folder}" if folder is not None else "there was no state")
