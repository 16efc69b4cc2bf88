"""`flowrun chaos`: kill a flow at every point, and see whether it survives."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.loading import given, load, parameter_options, plugin_folders_for
from flowrun.cli.report import report_problems
from flowrun.cli.terminal import can_be_drawn_on

if TYPE_CHECKING:
    from flowrun.chaos.campaign import Progress


@click.command("chaos")
@click.argument("flow", type=click.Path(path_type=Path))
@click.option("--points", type=click.IntRange(1), metavar="N", help="Try N points of each variant, chosen at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which points '--points' chooses.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Kill in N processes at a time.  [default: cores]")
@click.option(
    "--recovery-limit", type=click.FloatRange(0.0), default=5.0, show_default=True, metavar="SECONDS",
    help="The longest time that a start may take to know again what was true.",
)  # fmt: skip
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False), help="Keep scratch folders of what failed here."
)
@parameter_options
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def command(
    context: click.Context,
    flow: Path,
    points: int | None,
    seed: int,
    jobs: int | None,
    recovery_limit: float,
    keep: Path | None,
    parameters: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Kill a flow (kill -9) at every point at which it changes the disk, start it again, and check what becomes of it.

    \b
    flowrun chaos flows/hello.yaml
    flowrun chaos flows/xero_refresh.yaml              with its stand-in, once for each variant of it
    flowrun chaos big.yaml --points 200 --seed 7       some of many points

    Nothing of yours is touched: the flow runs in scratch folders, with the parameters of its FLOW.sandbox.py, if there
    is one. No flowfile may be lost or doubled, every content and file must be whole, and all must end as it does when
    nobody kills the flow. Exit codes: 0 it survived all points; 1 it did not; 2 it can't be run so.
    """
    options = given(parameters, parameter_files, plugin_folders)
    loaded = load(flow, options, to_run=False)
    if loaded.graph is None:
        report_problems(loaded.problems, "nothing was started.")
        context.exit(ExitCode.WRONG)
    from flowrun.chaos.campaign import Campaign, Options
    from flowrun.chaos.life import Subject
    from flowrun.cli.chaos_report import print_findings

    subject = Subject(
        flow.absolute(),
        tuple(folder.absolute() for folder in plugin_folders_for(flow, plugin_folders)),
        tuple(file.absolute() for file in parameter_files),
        options.parameters,
    )
    chosen = Options(seed, points, jobs or os.cpu_count() or 1, recovery_limit, keep.absolute() if keep else None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends as by Ctrl-C, and leaves no scratch folder
    with _progress(as_json=as_json) as progress:
        findings = Campaign(subject, chosen, progress).run()
    if as_json:
        click.echo(json.dumps(findings.as_json(), indent=2))
    else:
        print_findings(findings, chosen)
    context.exit(ExitCode.OK if findings.has_survived else ExitCode.DEAD_LETTERS)


@contextmanager
def _progress(*, as_json: bool) -> Iterator["Progress"]:
    """A bar on a terminal; elsewhere nothing."""
    if as_json or not can_be_drawn_on():
        yield lambda _variant, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("kills"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, transient=True) as bar:
        tasks: dict[str, object] = {}

        def show(variant: str, done: int, total: int) -> None:
            if variant not in tasks:
                tasks[variant] = bar.add_task(variant or "killing", total=None)
            bar.update(tasks[variant], completed=done, total=total or None)  # type: ignore[arg-type]

        yield show
