"""A wrong command line, told in one line: what was not understood, what was expected, and where to read more."""

from difflib import get_close_matches

import click


def usage_message(error: click.UsageError) -> str:
    """The line for a person, without `error:` before it."""
    hint = f" ('{error.ctx.command_path} --help' says more)" if error.ctx is not None else ""
    return f"{_what_is_wrong(error)}{hint}"


def no_command(word: str, commands: list[str], context: click.Context, otherwise: str) -> click.UsageError:
    """The error for a word that is no command; `otherwise` is what to say if none of them resembles it."""
    near = get_close_matches(word, commands, n=1)
    hint = f"did you mean '{near[0]}'?" if near else otherwise
    return click.UsageError(f"there is no command '{word}'; {hint}", context)


class Commands(click.Group):
    """A group that asks which of its commands was meant, and tells what each does without cutting it off."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(_ALL)) for name, command in commands if command])

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        commands = self.list_commands(context)
        if args and args[0] not in commands:
            raise no_command(args[0], commands, context, f"there are {', '.join(commands)}")
        return super().resolve_command(context, args)


def _what_is_wrong(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = sorted(error.possibilities or (), key=lambda name: name[:3] != error.option_name[:3])
        return f"there is no option '{error.option_name}'" + (f"; did you mean '{near[0]}'?" if near else "")
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} needs a value"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return _MISSING.get(error.param.human_readable_name.lower(), error.format_message())
    if isinstance(error, click.BadParameter):
        return f"{_name_of(error)}: {error.message}"
    return error.format_message()


def _name_of(error: click.BadParameter) -> str:
    if isinstance(error.param_hint, str):
        return error.param_hint
    return error.param.opts[0] if error.param is not None else "the command line"


_ALL = 1000
"""More characters than the first sentence of any command's help has."""

_MISSING = {
    "flows": "name a flow file, such as flows/hello.yaml",
    "flow": "name a flow file, such as flows/hello.yaml",
    "connection": "name a connection, as the flow has it: 'a -- success --> b', or a part that no other has",
    "uuid": "name a flowfile by its UUID, as the list shows it",
    "dir": "name a directory to write to",
}
