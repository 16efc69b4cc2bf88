"""`flowrun plan`: what a flow file changes against another, before anything runs."""

import json
import time
from dataclasses import replace
from pathlib import Path

import click
import msgspec

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.loading import Given, Loaded, given, load, parameter_options, plugin_folders_for
from flowrun.cli.plan_text import markdown_lines, text_lines
from flowrun.cli.report import report_problems
from flowrun.flow.definition import FlowDefinition
from flowrun.plan.change import Plan
from flowrun.plan.comparison import plan_of
from flowrun.repository.stored import read_stored
from flowrun.state_directory import IN_MEMORY, state_directory


@click.command("plan")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@parameter_options
@click.option("--state", metavar="DIR", help="Tell the fate of the flowfiles that are queued in DIR/<flow> now.")
@click.option("--markdown", "as_markdown", is_flag=True, help="For a comment on a pull request.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
@click.pass_context
def command(
    context: click.Context,
    old: Path,
    new: Path,
    parameters: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
    state: str | None,
    as_markdown: bool,
    as_json: bool,
) -> None:
    """Say in words what NEW changes against OLD; nothing runs, and parameters need no values.

    \b
    flowrun plan before.yaml flows/xero_refresh.yaml
    flowrun plan before.yaml flows/xero_refresh.yaml --state flows/.flowrun
    flowrun plan <(git show main:flows/hello.yaml) flows/hello.yaml --markdown

    Processors, properties, routes, what becomes of queued flowfiles, and which hosts and paths can be reached that
    could not be before. Exit codes: 0 if the new flow can take over; 2 if a flow is wrong, or if the new one would not
    start because flowfiles wait in a queue that it does not have.
    """
    if as_markdown and as_json:
        raise click.UsageError("--markdown or --json, not both")
    options = given(parameters, parameter_files, plugin_folders)
    loaded = [load(old, _with_plugins_of(new, old, options), to_run=False), load(new, options, to_run=False)]
    wrong = [_is_wrong(path, flow) for path, flow in zip((old, new), loaded, strict=True)]
    if any(wrong):
        context.exit(ExitCode.WRONG)
    before, after = loaded[0].require(), loaded[1].require()
    plan = plan_of(before, after, ages=_ages(before.definition, state))
    if as_json:
        click.echo(json.dumps(_as_json(plan, old, new), indent=2))
    else:
        lines = markdown_lines if as_markdown else text_lines
        for line in lines(plan, str(old), str(new)):
            click.echo(line)
    context.exit(ExitCode.WRONG if plan.orphans else ExitCode.OK)


def _with_plugins_of(new: Path, old: Path, options: Given) -> Given:
    """What helps to read the old flow, which may lie where no plug-ins are: then it has the new one's."""
    if (old.absolute().parent / "plugins").is_dir():
        return options
    return replace(options, plugin_folders=tuple(plugin_folders_for(new, options.plugin_folders)))


def _is_wrong(path: Path, flow: Loaded) -> bool:
    if flow.graph is not None:
        return False
    report_problems(flow.problems, f"{path} can't be compared.")
    return True


def _ages(definition: FlowDefinition, state: str | None) -> dict[str, list[float]] | None:
    """How old the flowfiles in each queue of the old flow are, in seconds; None if nobody asked."""
    if state is None:
        return None
    folder = state_directory(definition, state)
    if folder is None:
        raise click.BadParameter(f"'{IN_MEMORY}': queues in memory can't be looked into", param_hint="--state")
    if not folder.is_dir():
        raise click.BadParameter(f"there is no state directory {folder}", param_hint="--state")
    ages: dict[str, list[float]] = {}
    now = time.time()
    for placement in read_stored(folder).placements:
        ages.setdefault(placement.connection, []).append(now - placement.flowfile.entry_date)
    return ages


def _as_json(plan: Plan, old: Path, new: Path) -> dict[str, object]:
    return {
        "old": str(old),
        "new": str(new),
        "can_take_over": not plan.orphans,
        "changes": [msgspec.to_builtins(change) for change in plan.changes],
        "newly_reached": [{**msgspec.to_builtins(reached), "words": reached.words} for reached in plan.reached],
        "queues": [msgspec.to_builtins(queue) for queue in plan.queues],
    }
