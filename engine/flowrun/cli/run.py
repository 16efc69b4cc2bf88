"""`flowrun FLOW…`: run flows until they are stopped, for a time, or once."""

from pathlib import Path
from typing import Any

import click

from flowrun.bulletin import Level
from flowrun.cli.loading import given, parameter_options
from flowrun.cli.metrics_target import MetricsTarget
from flowrun.cli.run_options import RunOptions
from flowrun.orphans import REFUSE, OrphanRule
from flowrun.units import duration


class _Duration(click.ParamType[float]):
    name = "duration"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        try:
            return duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Level(click.ParamType[Level]):
    name = "level"

    def convert(self, value: str | Level, param: click.Parameter | None, ctx: click.Context | None) -> Level:
        try:
            return value if isinstance(value, Level) else Level.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Orphans(click.ParamType[OrphanRule]):
    name = "orphans"

    def convert(self, value: str | OrphanRule, param: click.Parameter | None, ctx: click.Context | None) -> OrphanRule:
        try:
            return value if isinstance(value, OrphanRule) else OrphanRule.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Metrics(click.ParamType[MetricsTarget]):
    name = "metrics"

    def convert(
        self, value: str | MetricsTarget, param: click.Parameter | None, ctx: click.Context | None
    ) -> MetricsTarget:
        try:
            return value if isinstance(value, MetricsTarget) else MetricsTarget.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command("run")
@click.argument("flows", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--once", is_flag=True, help="Poll each source once, work everything off, and exit.")
@click.option(
    "--for",
    "seconds",
    type=_Duration(),
    help="Run for that long (such as 20s), drain, and exit; with --once, the longest it may take.",
)
@click.option("--drain", type=_Duration(), default="10 sec", help="How long flowfiles may move after a stop (10 sec).")
@click.option("--sandbox", is_flag=True, help="Start FLOW.sandbox.py, the flow's stand-in for the outside world.")
@click.option("--watch", is_flag=True, help="Apply edits of the flow file while it runs; wrong ones are refused.")
@click.option("--state", metavar="DIR", help="Keep queues in DIR/<flow>; 'memory': nowhere.  [default: .flowrun]")
@click.option(
    "--orphans",
    type=_Orphans(),
    default=REFUSE,
    metavar="keep|drop|move:CONNECTION",
    help="What becomes of flowfiles in connections that the flow has no more.  [default: refuse to start]",
)
@parameter_options
@click.option("--trace", is_flag=True, help="Print a line for each flowfile that passes a step.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--log-level", type=_Level(), default="INFO", help="DEBUG, INFO, WARN or ERROR (INFO).")
@click.option(
    "--log-format", type=click.Choice(("text", "json")), default="text", help="Log lines as text, or as JSON objects."
)
@click.option(
    "--metrics",
    type=_Metrics(),
    metavar="FILE|PORT",
    help="Write metrics for Prometheus to this file, or to FLOW.prom in this folder, every 5 sec; or serve them there.",
)
@click.pass_context
def command(
    context: click.Context,
    /,
    flows: tuple[Path, ...],
    parameters: tuple[str, ...],
    parameter_files: tuple[Path, ...],
    plugin_folders: tuple[Path, ...],
    **options: Any,
) -> None:
    """Run flows until Ctrl-C; the word 'run' may be left out.

    \b
    flowrun flows/hello.yaml                     until Ctrl-C
    flowrun flows/hello.yaml --once              poll each source once, finish, exit
    flowrun flows/xero_refresh.yaml --sandbox    against the stand-in for Xero
    flowrun flows/hello.yaml --watch             apply edits of the file as they are saved
    flowrun a.yaml b.yaml --for 1h               two flows, isolated from each other

    On a terminal a live table shows processors and queues below the log lines. Exit codes: 0 all went well; 1 a
    flowfile became a dead letter, or a processor was failing at the end; 2 the flow is wrong; 3 the state directory is
    in use; 4 stored state is damaged; 5 time ran out with flowfiles queued; 130 a second Ctrl-C.
    """
    run_options = RunOptions(**options)
    if run_options.watch and run_options.once:
        raise click.UsageError("--watch is for runs that last: leave --once away")
    chosen = given(parameters, parameter_files, plugin_folders)
    if len(flows) > 1:
        if run_options.metrics is not None and not run_options.metrics.serves_several:
            raise click.UsageError("--metrics of several flows needs a folder that is there: each has a file in it")
        from flowrun.cli.several import run_several

        arguments = [*run_options.arguments(), *chosen.arguments()]
        context.exit(run_several(flows, arguments, as_json=run_options.as_json))
    from flowrun.cli.flow_run import FlowRun

    context.exit(FlowRun(flows[0], chosen, run_options).run())
