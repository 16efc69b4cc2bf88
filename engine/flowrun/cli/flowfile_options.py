"""The words of the commands that are about one flowfile: its UUID, and the flow, which may be left out."""

import json
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click

from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.loading import given, parameter_options
from flowrun.cli.looking import Decorated
from flowrun.errors import RepositoryError
from flowrun.history.archive import Archive
from flowrun.history.query import flowfile_id


def flowfile_options(command: Decorated) -> Decorated:
    """`[FLOW] UUID`, which the command gets as a FlowAccess named `flow` and as `uuid`, `--json`, and where it lies.

    Without the flow, it is the one here, or in a folder here, that knows the flowfile.
    """

    @wraps(command)
    def with_access(
        words: tuple[str, ...],
        state: str | None,
        parameters: tuple[str, ...],
        parameter_files: tuple[Path, ...],
        plugin_folders: tuple[Path, ...],
        **others: Any,
    ) -> Any:
        if len(words) != 2 and not (len(words) == 1 and flowfile_id(words[0]) is not None):
            raise click.UsageError("name a flow file and a flowfile's UUID; 'flowrun history' lists UUIDs")
        uuid = words[-1]
        path = Path(words[0]) if len(words) == 2 else _flow_of(uuid, state)
        access = FlowAccess(path, state, given(parameters, parameter_files, plugin_folders))
        return command(access, uuid=uuid, **others)

    decorated: Any = with_access
    for option in (
        parameter_options,
        click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
        click.option("--state", metavar="DIR", help="Where the state lies, if not in .flowrun beside the flow."),
        click.argument("words", metavar="[FLOW] UUID", nargs=-1),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _flow_of(uuid: str, state: str | None) -> Path:
    """The flow file whose history knows the flowfile. Raises click.UsageError if there is none."""
    number = flowfile_id(uuid)
    for folder, file in _states(state):
        try:
            if number is not None and Archive(folder).uuid(number) == uuid.strip().lower():
                return _as_named(file)
        except RepositoryError:  # it is another flow's, and no matter here
            continue
    raise click.UsageError(f"no flow here knows the flowfile {uuid}: name its file, as in 'flows/hello.yaml {uuid}'")


def _states(state: str | None) -> Iterator[tuple[Path, Path]]:
    """The state directories that may be meant, and the flow file of each."""
    patterns = (".flowrun/*/flow.json", "*/.flowrun/*/flow.json") if state is None else ("*/flow.json",)
    for pattern in patterns:
        for owner in sorted(Path(state or ".").glob(pattern)):
            try:
                yield owner.parent, Path(json.loads(owner.read_text("utf-8"))["file"])
            except (OSError, ValueError, KeyError, TypeError):
                continue


def _as_named(file: Path) -> Path:
    """The file as a person here would write it."""
    try:
        return file.relative_to(Path.cwd())
    except ValueError:
        return file
