"""Problems and errors, as a person reads them on standard error."""

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.usage import usage_message
from flowrun.errors import FlowError, FlowrunError, Problem, RepositoryError, Severity, StateInUseError


def report_problems(problems: Iterable[Problem], ending: str | None = None, *, to_stdout: bool = False) -> int:
    """Print each problem, then how many errors there are; gives that number."""
    errors = 0
    for problem in problems:
        errors += problem.severity is Severity.ERROR
        click.echo(_styled(problem), err=not to_stdout)
    if errors and ending:
        click.echo(f"{counted(errors, 'error')}; {ending}", err=not to_stdout)
    return errors


def report_error(error: FlowrunError) -> ExitCode:
    """Print an error that stopped the command; gives the exit code that says who must act."""
    if isinstance(error, FlowError):
        report_problems(error.problems, "nothing was started.")
        return ExitCode.WRONG
    _print_error(str(error))
    if isinstance(error, StateInUseError):
        return ExitCode.IN_USE
    return ExitCode.DAMAGED if isinstance(error, RepositoryError) else ExitCode.WRONG


def report_usage(error: click.ClickException) -> ExitCode:
    """Print what is wrong with the command line in one line; help, if there is no more than the command's name."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    else:
        _print_error(usage_message(error) if isinstance(error, click.UsageError) else error.format_message())
    return ExitCode.WRONG


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
        f"internal error: {type(error).__name__}: {error}{where}. Queues on disk are as they were. Please report this.",
        err=True,
    )
    return ExitCode.BUG


@contextmanager
def output_may_be_closed() -> Iterator[None]:
    """Carry on when nobody reads standard output any more (`flowrun processors | head`)."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def styled(text: str, *, color: str | None = None, bold: bool = False) -> str:
    """The text for a terminal, plain where NO_COLOR is set; `click.echo` makes it plain for files and pipes."""
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=color, bold=bold)


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`, `1,000 flowfiles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print_error(message: str) -> None:
    click.echo(f"{styled('error', color='red', bold=True)}: {message}", err=True)


def _styled(problem: Problem) -> str:
    color = "red" if problem.severity is Severity.ERROR else "yellow"
    place = styled(f"{problem.place}: ", bold=True) if problem.place else ""
    return f"{place}{styled(problem.severity.value, color=color, bold=True)}: {problem.message}"
