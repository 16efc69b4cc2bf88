"""`flowrun fmt`: canonical order and current names in flow files; comments, quotes and layout stay."""

import codecs
from pathlib import Path

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.file_replacement import replace_file
from flowrun.cli.loading import plugin_folders_for
from flowrun.cli.report import report_problems
from flowrun.configurable import Configurable
from flowrun.errors import FlowError
from flowrun.flow.formatting import Formatted, format_flow
from flowrun.flow.yaml_text import read_text
from flowrun.registry import Kind, Registry, Types


@click.command("fmt")
@click.argument("flows", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_checks", is_flag=True, help="Write nothing; list what would change, and exit with 2.")
@click.option(
    "--plugins",
    "plugin_folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of plug-in files; 'plugins' beside the flow is always looked into.",
)
@click.pass_context
def command(
    context: click.Context, flows: tuple[Path, ...], only_checks: bool, plugin_folders: tuple[Path, ...]
) -> None:
    """Put keys into their canonical order, and current names in the place of NiFi's former ones.

    \b
    flowrun fmt flows/*.yaml
    flowrun fmt --check flows/*.yaml     for a build server

    Comments, quotes and layout stay as they are, and so does what the flow means: a file that has errors, or that
    can't be formatted without changing its meaning, is left alone.
    """
    codes = [_format(path, plugin_folders, only_checks=only_checks) for path in flows]
    context.exit(max(codes))


def _format(path: Path, plugin_folders: tuple[Path, ...], *, only_checks: bool) -> ExitCode:
    try:
        text = read_text(path)
        registry = Registry.installed(plugin_folders_for(path, plugin_folders))
        formatted = format_flow(text, path, RegistryVocabulary(registry))
        if only_checks or not formatted.changes:
            return _report(path, formatted)
        mark = codecs.BOM_UTF8 if path.read_bytes().startswith(codecs.BOM_UTF8) else b""
        replace_file(path, mark + formatted.text.encode())
    except FlowError as error:
        report_problems(error.problems, f"{path} was not formatted.")
        return ExitCode.WRONG
    click.echo(f"{path}: formatted, {_counted(formatted)}")
    return ExitCode.OK


def _report(path: Path, formatted: Formatted) -> ExitCode:
    for change in formatted.changes:
        click.echo(str(change))
    click.echo(f"{path}: {_counted(formatted)}")
    return ExitCode.WRONG if formatted.changes else ExitCode.OK


def _counted(formatted: Formatted) -> str:
    count = len(formatted.changes)
    return "nothing to change" if not count else f"{count} change{'s' if count != 1 else ''}"


class RegistryVocabulary:
    """The names of all types that are installed or in plug-in folders."""

    def __init__(self, registry: Registry) -> None:
        self.processors = _Names(registry.processors)
        self.services = _Names(registry.services)


class _Names:
    def __init__(self, types: Types[Kind]) -> None:
        self._types = types

    def type_name(self, spelling: str) -> str | None:
        return self._types.name_of(spelling)

    def property_name(self, type_name: str, spelling: str) -> str:
        try:
            kind: type[Configurable] = self._types.load(type_name)
        except FlowError:
            return spelling
        declaration = kind.declarations.named(spelling)
        return spelling if declaration is None else declaration.name
