"""`flowrun history`: what happened in a flow, event by event."""

import json
import time
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches

import click

from flowrun.cli.columns import Column
from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.history_access import HistoryAccess, author_text
from flowrun.cli.looking import looking_options
from flowrun.cli.moments import moment_text
from flowrun.cli.table import print_table
from flowrun.history.event import HistoryEvent
from flowrun.history.outcome import DEAD_LETTER
from flowrun.history.query import Query, find_hops
from flowrun.history.trail import Hop
from flowrun.repository import EventType
from flowrun.units import duration, format_data_size


@click.command("history")
@looking_options
@click.option("--flowfile", metavar="UUID", default="", help="Of this flowfile.")
@click.option("--attribute", metavar="NAME=VALUE", help="Of flowfiles whose attribute has this value by then.")
@click.option("--processor", metavar="NAME", default="", help="The work of this processor.")
@click.option("--since", metavar="TIME", help="Not before: 10 min (ago), or 2026-11-24 13:00.")
@click.option("--until", metavar="TIME", help="Not after.")
@click.option(
    "--outcome", metavar="WORD", default="", help="A relationship, an event such as DROP or SEND, or 'dead letter'."
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many, the newest.")
def command(
    flow: FlowAccess,
    as_json: bool,
    flowfile: str,
    attribute: str | None,
    processor: str,
    since: str | None,
    until: str | None,
    outcome: str,
    limit: int,
) -> None:
    """List what happened: which flowfile, which event, by which processor, and what became different.

    \b
    flowrun history flows/hello.yaml
    flowrun history flows/hello.yaml --processor save --since "10 min"
    flowrun history flows/hello.yaml --attribute filename=orders.csv
    flowrun history flows/hello.yaml --outcome "dead letter"

    Sensitive values are masked. The flow may run or not; how much is kept is said by 'history:' in its file.
    """
    access = HistoryAccess(flow)
    query = Query(
        flowfile=flowfile,
        attribute=_attribute(attribute, access),
        processor=_processor(processor, access),
        since=_moment(since, "--since"),
        until=_moment(until, "--until"),
        outcome=_outcome(outcome, access),
        limit=limit,
    )
    if flowfile:
        access.require_trail(flowfile)
    found = find_hops(access.archive, query)
    if as_json:
        click.echo(json.dumps([access.as_json(event, hop) for event, hop in found], indent=2))
    elif not found:
        click.echo("nothing that fits is known")
    else:
        print_table(_columns(found, access))


def _columns(found: Sequence[tuple[HistoryEvent, Hop]], access: HistoryAccess) -> list[Column]:
    events = [event for event, _ in found]
    return [
        Column("time", [moment_text(event.moment) for event in events]),
        Column("event", [event.type.value for event in events]),
        Column("flowfile", [access.uuid(event.flowfile) for event in events]),
        Column("by", [author_text(event) for event in events], importance=2),
        Column("what", [_what(event, hop, access) for event, hop in found], importance=1),
    ]


def _what(event: HistoryEvent, hop: Hop, access: HistoryAccess) -> str:
    """In one cell: what became different, or where it led."""
    if event.changes:
        return ", ".join(change_text(name, *change, hop, access) for name, change in event.changes.items())
    parts = [f"{event.relationship} →".strip() if event.connection else ""]
    parts.append(event.connection.rpartition(" --> ")[2] if " --> " in event.connection else event.connection)
    parts.append(access.text(event.details, hop))
    if event.others:
        parts.append(f"of {', '.join(access.uuid(other) for other in event.others)}")
    if event.before is not None or event.after is not None:
        sizes = [format_data_size(claim.length if claim is not None else 0) for claim in (event.before, event.after)]
        parts.append(f"{sizes[0]} → {sizes[1]}" if event.before is not None else sizes[1])
    return " ".join(part for part in parts if part)


def change_text(name: str, old: str | None, new: str | None, hop: Hop, access: HistoryAccess) -> str:
    """`name: old → new`, as far as it may be seen."""
    if new is None:
        return f"{name} removed"
    shown = access.value(name, new, hop)
    return f"{name}={shown}" if old is None else f"{name}: {access.value(name, old, hop)} → {shown}"


def _processor(written: str, access: HistoryAccess) -> str:
    """One that the flow has, or that history knows. Raises click.UsageError with the one that could be meant."""
    known = [*access.graph.nodes, *access.archive.names]
    if not written or written in known:
        return written
    near = get_close_matches(written, access.graph.nodes, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else f": it has {', '.join(access.graph.nodes)}"
    raise click.BadParameter(f"the flow has no processor '{written}'{hint}", param_hint="--processor")


def _outcome(written: str, access: HistoryAccess) -> str:
    """One that there can be. Raises click.BadParameter with the one that could be meant."""
    ways = {name for node in access.graph.nodes.values() for name in node.processor.relationships}
    if not written or written in ways or written in access.archive.names:
        return written
    words = [*(kind.value for kind in EventType), DEAD_LETTER]
    if written.upper() in words or written.lower() == DEAD_LETTER:
        return written
    known = {word.lower(): word for word in (*words, *ways)}
    near = get_close_matches(written.lower(), known, n=1, cutoff=0.5)
    hint = f"; did you mean '{known[near[0]]}'?" if near else f": there are {', '.join(words)}, and relationships"
    raise click.BadParameter(f"nothing ends in '{written}'{hint}", param_hint="--outcome")


def _attribute(written: str | None, access: HistoryAccess) -> tuple[str, str] | None:
    if written is None:
        return None
    name, equals, value = written.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"expected NAME=VALUE, found {written!r} without '='", param_hint="--attribute")
    if access.hides(name):
        raise click.BadParameter(f"'{name}' is sensitive: its values are not searched for", param_hint="--attribute")
    return name, value


def _moment(written: str | None, option: str) -> float | None:
    if written is None:
        return None
    try:
        return time.time() - duration(written)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(written.strip()).timestamp()
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(
            f"expected a time such as '10 min' (ago) or '2026-11-24 13:00', found {written!r}", param_hint=option
        ) from None
