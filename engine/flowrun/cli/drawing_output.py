"""Where a drawing goes: to standard output, or into a file."""

from pathlib import Path

import click


def put_out(drawn: str, output: Path | None) -> None:
    """Print it, or write it to the file. Raises click.FileError if that can't be written."""
    if output is None:
        click.echo(drawn, nl=False)
        return
    try:
        output.write_text(drawn, "utf-8")
    except OSError as error:
        raise click.FileError(str(output), error.strerror or "it can't be written") from error
