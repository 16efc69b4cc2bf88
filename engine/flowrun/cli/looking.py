"""The argument and the options of the commands that look into a flow."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.loading import given, parameter_options

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def looking_options(command: Decorated) -> Decorated:
    """The argument `FLOW`, which the command gets as a FlowAccess named `flow`, `--json`, and how to find the state."""

    @wraps(command)
    def with_access(
        flow: Path,
        state: str | None,
        parameters: tuple[str, ...],
        parameter_files: tuple[Path, ...],
        plugin_folders: tuple[Path, ...],
        **others: Any,
    ) -> Any:
        return command(FlowAccess(flow, state, given(parameters, parameter_files, plugin_folders)), **others)

    decorated: Any = with_access
    for option in (
        parameter_options,
        click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON."),
        click.option("--state", metavar="DIR", help="Where the state lies, if not in .flowrun beside the flow."),
        click.argument("flow", type=click.Path(path_type=Path)),
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]
