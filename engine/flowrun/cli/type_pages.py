"""Types, of processors or of services: a list of them, and the page of each."""

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from flowrun.cli.report import styled
from flowrun.manual import page, summary
from flowrun.registry import Kind, Types


def list_types(types: Types[Kind], *, as_json: bool) -> None:
    """A line about each type."""
    summaries = {name: summary(types.load(name)) for name in types.names}
    if as_json:
        click.echo(json.dumps(summaries, indent=2, ensure_ascii=False))
        return
    width = max((len(name) for name in summaries), default=0)
    for name, text in summaries.items():
        click.echo(f"{styled(name.ljust(width), bold=True)}  {text}")


def load_type(types: Types[Kind], name: str, what: str) -> type[Kind]:
    """The type that a word means. Raises click.UsageError with what may have been meant."""
    found = types.name_of(name)
    if found is not None:
        return types.load(found)
    guess = types.guess(name)
    hint = f"did you mean '{guess}'?" if guess else f"there are {', '.join(types.names)}"
    raise click.UsageError(f"there is no {what} type '{name}'; {hint}")


def show_type(kind: type[Kind], describe: Callable[[type[Kind]], dict[str, Any]], *, as_json: bool) -> None:
    """The type's manual page, or what `describe` says of it as JSON."""
    if as_json:
        click.echo(json.dumps(describe(kind), indent=2, ensure_ascii=False))
        return
    markdown = page(kind)
    if not sys.stdout.isatty():
        click.echo(markdown, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(markdown))
