"""`flowrun dlq`: the dead letters of a flow, which wait for a person."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click
import msgspec

from flowrun.cli.columns import Column
from flowrun.cli.connection_naming import find_processor
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.flowfile_text import print_flowfile
from flowrun.cli.looking import Decorated, looking_options
from flowrun.cli.moments import moment_text
from flowrun.cli.report import counted
from flowrun.cli.table import print_table
from flowrun.cli.usage import Commands
from flowrun.control.requests import (
    MOST_UUIDS,
    Changed,
    DropRequest,
    FlowFilesRequest,
    QueuedFlowFile,
    ReplayRequest,
    Request,
)
from flowrun.status import ConnectionStatus

_FROM = click.option("--from", "processor", metavar="PROCESSOR", help="Those that this processor gave up.")


@click.group("dlq", cls=Commands)
def command() -> None:
    """Look at a flow's dead letters, give them another try, or drop them. The flow may run or not."""


@command.command("list")
@looking_options
@_FROM
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many, oldest first.")
def list_dead_letters(flow: FlowAccess, as_json: bool, processor: str | None, limit: int) -> None:
    """List the dead letters: which flowfile, when and why it was given up, and by which processor.

    \b
    flowrun dlq list flows/hello.yaml
    flowrun dlq list flows/hello.yaml --from save
    """
    queues = _queues(flow, processor)
    sources = {queue.id: queue.source for queue in queues}
    request = FlowFilesRequest(connections=tuple(sources), limit=limit)
    letters = [answer.value for answer in flow.ask(request)] if queues else []
    if as_json:
        click.echo(json.dumps([_as_json(letter, sources[letter.connection]) for letter in letters], indent=2))
        return
    if not letters:
        click.echo("there are no dead letters")
        return
    print_table(_columns(letters, [sources[letter.connection] for letter in letters]))
    more = sum(queue.queued for queue in queues) - len(letters)
    if more > 0:
        click.echo(f"… and {more:,} more")


@command.command("show")
@looking_options
@click.argument("uuid")
def show(flow: FlowAccess, as_json: bool, uuid: str) -> None:
    """Show everything about one dead letter. Sensitive values are masked.

    \b
    flowrun dlq show flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001
    """
    queues = _queues(flow, None)
    if not queues:
        raise click.UsageError("there are no dead letters")
    sources = {queue.id: queue.source for queue in queues}
    request = FlowFilesRequest(connections=tuple(sources), uuids=(uuid,), with_head=True)
    letter = next(answer.value for answer in flow.ask(request))
    if as_json:
        click.echo(json.dumps(_as_json(letter, sources[letter.connection]), indent=2))
    else:
        print_flowfile(letter)


def _which(function: Decorated) -> Decorated:
    """The words that say which dead letters are meant."""
    for option in (
        _FROM,
        click.option("--all", "is_all", is_flag=True, help="All of them."),
        click.argument("uuids", metavar="[UUID]...", nargs=-1),
    ):
        function = option(function)
    return function


@command.command("replay")
@looking_options
@_which
def replay(flow: FlowAccess, as_json: bool, uuids: tuple[str, ...], is_all: bool, processor: str | None) -> None:
    """Give dead letters another try: they go back into the queue from which they came, with no attempt counted.

    \b
    flowrun dlq replay flows/hello.yaml --from save
    flowrun dlq replay flows/hello.yaml 0d5f4a52-63d7-4b9f-a1c0-000000000001
    """
    queues = _chosen(flow, uuids, processor, is_all=is_all)
    replayed = _change(flow, queues, uuids, lambda ids, some: ReplayRequest(connections=ids, uuids=some))
    _say(replayed, "replayed", as_json=as_json)


@command.command("drop")
@looking_options
@_which
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop(
    flow: FlowAccess, as_json: bool, uuids: tuple[str, ...], is_all: bool, processor: str | None, yes: bool
) -> None:
    """Drop dead letters for good. 'flowrun queue export' saves them first, if need be.

    \b
    flowrun dlq drop flows/hello.yaml --from save
    """
    queues = _chosen(flow, uuids, processor, is_all=is_all)
    number = len(set(uuids)) if uuids else sum(queue.queued for queue in queues)
    if number and not yes:
        click.confirm(f"Drop {counted(number, 'dead letter')} for good?", abort=True, err=True)
    dropped = _change(flow, queues, uuids, lambda ids, some: DropRequest(connections=ids, uuids=some))
    _say(dropped, "dropped", as_json=as_json)


def _queues(flow: FlowAccess, processor: str | None) -> list[ConnectionStatus]:
    """The queues that hold dead letters; of one processor, if it is named."""
    letters = [queue for queue in flow.report().status.connections if queue.destination is None]
    if processor is None:
        return [queue for queue in letters if queue.queued]
    name = find_processor(processor, [queue.source for queue in letters])
    return [queue for queue in letters if queue.source == name and queue.queued]


def _chosen(flow: FlowAccess, uuids: Sequence[str], processor: str | None, *, is_all: bool) -> list[ConnectionStatus]:
    """The queues to act on. Raises click.UsageError unless exactly one way of choosing was used."""
    if sum((bool(uuids), is_all, processor is not None)) != 1:
        raise click.UsageError("say which dead letters: their UUIDs, --from PROCESSOR, or --all")
    queues = _queues(flow, processor)
    if uuids and not queues:
        raise click.UsageError("there are no dead letters")
    return queues


def _change(
    flow: FlowAccess,
    queues: Sequence[ConnectionStatus],
    uuids: Sequence[str],
    request: Callable[[tuple[str, ...], tuple[str, ...]], Request[Changed]],
) -> int:
    if not queues:
        return 0
    ids = tuple(queue.id for queue in queues)
    return sum(flow.change(request(ids, some)) for some in _portions(uuids))


def _portions(uuids: Sequence[str]) -> Iterable[tuple[str, ...]]:
    if not uuids:
        return [()]
    return [tuple(uuids[start : start + MOST_UUIDS]) for start in range(0, len(uuids), MOST_UUIDS)]


def _say(number: int, what: str, *, as_json: bool) -> None:
    click.echo(json.dumps({what: number}, indent=2) if as_json else f"{what} {counted(number, 'dead letter')}")


def _columns(letters: Sequence[QueuedFlowFile], processors: Sequence[str]) -> list[Column]:
    return [
        Column("given up", [moment_text(letter.queued_since) for letter in letters], importance=3),
        Column("processor", list(processors)),
        Column("cause", [letter.cause for letter in letters]),
        Column("attempts", [str(letter.attempts) for letter in letters], is_number=True, importance=1),
        Column("filename", [letter.filename for letter in letters], importance=2),
        Column("uuid", [letter.uuid for letter in letters]),
    ]


def _as_json(letter: QueuedFlowFile, processor: str) -> dict[str, Any]:
    return {"processor": processor, **msgspec.to_builtins(letter)}
