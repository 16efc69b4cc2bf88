"""`flowrun check`: every mistake of flow files, without running anything."""

import json
from pathlib import Path

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.loading import given, load, parameter_options
from flowrun.cli.report import counted, report_problems
from flowrun.errors import Problem, Severity


@click.command("check")
@click.argument("flows", nargs=-1, required=True, type=click.Path(path_type=Path))
@parameter_options
@click.option("--strict", is_flag=True, help="Warnings fail as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def command(
    context: click.Context,
    flows: tuple[Path, ...],
    parameters: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Find every mistake in flow files; nothing runs, and parameters need no values.

    \b
    flowrun check flows/*.yaml
    flowrun check --strict flows/xero_refresh.yaml     warnings fail, for a build server
    """
    options = given(parameters, parameter_files, plugin_folders)
    failed = False
    found: list[Problem] = []
    for path in flows:
        loaded = load(path, options, to_run=False)
        found += loaded.problems
        errors = sum(problem.severity is Severity.ERROR for problem in loaded.problems)
        failed = failed or bool(errors) or (strict and bool(loaded.problems))
        if not as_json:
            report_problems(loaded.problems, to_stdout=True)
            click.echo(_verdict(path, loaded.problems, errors))
    if as_json:
        click.echo(json.dumps([_as_json(problem) for problem in found], indent=2))
    context.exit(ExitCode.WRONG if failed else ExitCode.OK)


def _verdict(path: Path, problems: tuple[Problem, ...], errors: int) -> str:
    warnings = len(problems) - errors
    if not problems:
        return f"{path}: no problems"
    return f"{path}: {counted(errors, 'error')}, {counted(warnings, 'warning')}"


def _as_json(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "severity": problem.severity.value,
        "message": problem.message,
    }
