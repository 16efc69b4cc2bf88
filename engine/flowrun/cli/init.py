"""`flowrun init`: a folder to start from, in which everything runs as it stands."""

import re
import shlex
from importlib.resources import files
from pathlib import Path

import click

_FILES = {
    "flow.yaml": "flow.yaml",
    "append_line.py.txt": "plugins/append_line.py",
    "test_append_line.py.txt": "test_append_line.py",
    "conftest.py.txt": "conftest.py",
    "gitignore.txt": ".gitignore",
}
_MEANINGS = {
    "flow.yaml": "the flow, with comments",
    "plugins/append_line.py": "a processor of your own",
    "test_append_line.py": "its test",
}


@click.command("init")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Make a folder with a flow, a plug-in and its test to start from.

    \b
    flowrun init my-flow
    flowrun my-flow/flow.yaml --once
    """
    name = _flow_name(folder)
    _refuse_to_overwrite(folder)
    try:
        for template, target in _FILES.items():
            text = files("flowrun.cli").joinpath("template", template).read_text("utf-8")
            file = folder / target
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "x", encoding="utf-8") as stream:
                stream.write(_filled(text, name, folder) if target == "flow.yaml" else text)
    except OSError as error:
        raise click.FileError(str(folder), error.strerror or "it can't be written") from error
    _say_what_to_do_next(folder)


def _flow_name(folder: Path) -> str:
    """A flow's name consists of a-z, 0-9 and '-': the folder's, as near to it as that allows."""
    name = re.sub("[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")[:100]
    if not name:
        message = "expected a name with letters a-z or digits in it, for the flow is called by it"
        raise click.BadParameter(message, param_hint="NAME")
    return name


def _refuse_to_overwrite(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise click.BadParameter(f"the folder {folder} is not empty; nothing was changed", param_hint="NAME")


def _filled(text: str, name: str, folder: Path) -> str:
    return text.replace("NAME", name).replace("FOLDER", shlex.quote(str(folder)))


def _say_what_to_do_next(folder: Path) -> None:
    width = max(len(str(folder / target)) for target in _MEANINGS)
    for target, meaning in _MEANINGS.items():
        click.echo(f"{str(folder / target).ljust(width)}  {meaning}")
    there = shlex.quote(str(folder))
    click.echo(f"\nRun it once:   flowrun {shlex.quote(str(folder / 'flow.yaml'))} --once")
    click.echo(f"Test it:       pytest {there}")
    click.echo(f"See it:        flowrun graph {shlex.quote(str(folder / 'flow.yaml'))} --format text")
    click.echo("Types to use:  flowrun processors")
