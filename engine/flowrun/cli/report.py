"""Problems and errors, as a person reads them on standard error."""

import os
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.errors import FlowError, FlowrunError, Problem, RepositoryError, Severity, StateInUseError


def report_problems(problems: Iterable[Problem], ending: str | None = None) -> int:
    """Print each problem, then how many errors there are; gives that number."""
    errors = 0
    for problem in problems:
        is_error = problem.severity is Severity.ERROR
        errors += is_error
        click.echo(_styled(problem), err=True)
    if errors and ending:
        click.echo(f"{errors} error{'s' if errors != 1 else ''}; {ending}", err=True)
    return errors


def report_error(error: FlowrunError) -> ExitCode:
    """Print an error that stopped the command; gives the exit code that says who must act."""
    if isinstance(error, FlowError):
        report_problems(error.problems, "nothing was started.")
        return ExitCode.WRONG
    click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
    if isinstance(error, StateInUseError):
        return ExitCode.IN_USE
    return ExitCode.DAMAGED if isinstance(error, RepositoryError) else ExitCode.WRONG


def report_bug(error: Exception) -> ExitCode:
    """Say that flowrun itself failed, and where its traceback was written."""
    folder = Path(os.environ.get("TMPDIR", "/tmp"))
    file = folder / f"flowrun-error-{os.getpid()}.txt"
    try:
        with open(file, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as stream:
            traceback.print_exception(error, file=stream)
        where = f"; the details are in {file}"
    except OSError:
        traceback.print_exception(error, file=sys.stderr)
        where = ""
    click.echo(
        f"internal error: {type(error).__name__}: {error}{where}. Nothing is lost: queues are on disk. "
        "Please report this.",
        err=True,
    )
    return ExitCode.BUG


def _styled(problem: Problem) -> str:
    color = "red" if problem.severity is Severity.ERROR else "yellow"
    place = click.style(f"{problem.place}: ", bold=True) if problem.place else ""
    return f"{place}{click.style(problem.severity.value, fg=color, bold=True)}: {problem.message}"
