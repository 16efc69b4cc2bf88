"""`flowrun graph`: a picture of a flow."""

from pathlib import Path

import click

from flowrun.cli.drawing_output import put_out
from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.loading import given, load, parameter_options
from flowrun.cli.report import report_problems
from flowrun.drawing import FORMATS, picture_of
from flowrun.errors import Severity

_BY_SUFFIX = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".txt": "text"}


@click.command("graph")
@click.argument("flow", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "chosen",
    type=click.Choice(tuple(FORMATS)),
    help="The picture's language; mermaid, unless the name after -o says another.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file.")
@parameter_options
@click.pass_context
def command(
    context: click.Context,
    flow: Path,
    chosen: str | None,
    output: Path | None,
    parameters: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
) -> None:
    """Draw a flow; nothing runs, and parameters need no values.

    \b
    flowrun graph flows/hello.yaml                    Mermaid, for a Markdown page
    flowrun graph flows/hello.yaml --format text      for the terminal
    flowrun graph flows/hello.yaml -o hello.svg       for a browser
    flowrun graph flows/hello.yaml -o hello.dot       for Graphviz

    A flow with mistakes is drawn as far as it was understood; the mistakes are printed beside it.
    """
    loaded = load(flow, given(parameters, parameter_files, plugin_folders), to_run=False)
    errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
    if loaded.definition is None:
        report_problems(errors, "there is nothing to draw.")
        context.exit(ExitCode.WRONG)
    report_problems(errors, "the flow is drawn as it is written.")
    drawn = FORMATS[chosen or _format_of(output)](picture_of(loaded.definition, loaded.graph))
    put_out(drawn, output)


def _format_of(output: Path | None) -> str:
    return _BY_SUFFIX.get(output.suffix.lower(), "mermaid") if output is not None else "mermaid"
