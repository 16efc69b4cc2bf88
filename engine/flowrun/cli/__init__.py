"""The command line: one module a command. Whatever is heavy is imported by the command that needs it."""

import sys
from io import TextIOWrapper

import click

from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.report import output_may_be_closed, report_bug, report_error, report_usage
from flowrun.cli.usage import Commands, no_command
from flowrun.errors import FlowrunError


class _Commands(Commands):
    """`flowrun FLOW.yaml` runs a flow: what is no command's name is a flow file. Commands are loaded when called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [
            "chaos",
            "check",
            "dlq",
            "du",
            "fmt",
            "graph",
            "history",
            "init",
            "lineage",
            "plan",
            "processors",
            "queue",
            "replay",
            "run",
            "schema",
            "services",
            "state",
            "status",
            "why",
        ]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        from importlib import import_module

        command: click.Command = import_module(f"flowrun.cli.{name}").command
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        commands = self.list_commands(context)
        if args and args[0] not in commands:
            if not _may_be_flow(args[0]):
                raise no_command(args[0], commands, context, "a flow is named by its file, such as flows/hello.yaml")
            args = ["run", *args]
        return super().resolve_command(context, args)

    def invoke(self, context: click.Context) -> None:
        with output_may_be_closed():
            super().invoke(context)

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ("--help", "-h", "--version"):
            args = ["run", *args]
        return super().parse_args(context, args)


def _may_be_flow(word: str) -> bool:
    return "/" in word or "." in word


@click.group(
    cls=_Commands,
    invoke_without_command=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    subcommand_metavar="FLOW.yaml… | COMMAND …",
)
@click.version_option(None, "--version", package_name="flowrun-engine", prog_name="flowrun")
def cli() -> None:
    """Run flows of processors over queued connections: NiFi's guarantees, and a flow that is text.

    \b
    flowrun flows/hello.yaml           run a flow until Ctrl-C
    flowrun flows/hello.yaml --once    poll each source once, finish, and exit
    flowrun check flows/hello.yaml     all mistakes of a flow file, with line and column
    flowrun plan old.yaml new.yaml     what a change of a flow file changes, in words
    flowrun fmt flows/hello.yaml       canonical order and current names, comments kept
    flowrun status flows/hello.yaml    how it is, running or stopped; 'queue' and 'dlq' look closer
    flowrun history flows/hello.yaml   what happened; 'why', 'lineage' and 'replay' are about one flowfile
    flowrun graph flows/hello.yaml     a picture of it
    flowrun processors ReplaceText     the manual page of a processor type
    flowrun init my-flow               a flow, a plug-in and its test to start from
    """


def main() -> None:
    """The console script. Exit codes are those of `ExitCode`; a mistake of the user never ends in a traceback."""
    code: int = ExitCode.OK
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal has the lines of a table
    try:
        code = cli.main(prog_name="flowrun", standalone_mode=False) or ExitCode.OK
    except click.exceptions.Exit as exit_request:
        code = exit_request.exit_code
    except click.ClickException as error:
        code = report_usage(error)
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except FlowrunError as error:
        code = report_error(error)
    except Exception as error:  # noqa: BLE001 the last resort: a bug of flowrun's own
        code = report_bug(error)
    sys.exit(code)
