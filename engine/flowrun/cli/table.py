"""A table on standard output: no wider than the terminal; in a file or a pipe, as wide as it is."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from flowrun.cli.columns import Column, fitted
from flowrun.cli.log_lines import on_one_line
from flowrun.cli.report import styled


def print_table(columns: Sequence[Column]) -> None:
    """Print the columns, each row on one line whatever is in its cells."""
    safe = [replace(column, cells=[on_one_line(cell) for cell in column.cells]) for column in columns]
    fitting = fitted(safe, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)
    click.echo(styled("  ".join(column.padded(None, width) for column, width in fitting).rstrip(), bold=True))
    for row in range(len(safe[0].cells)):
        click.echo("  ".join(column.padded(row, width) for column, width in fitting).rstrip())
