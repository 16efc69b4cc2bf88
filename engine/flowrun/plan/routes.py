"""Where flowfiles go now that went elsewhere before."""

from collections.abc import Iterator, Mapping

from flowrun.connection import Connection
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.plan.change import Change, Kind, Part


def route_changes(old: ProcessorNode, new: ProcessorNode, renamed: Mapping[str, str]) -> Iterator[Change]:
    """The relationships of one processor that lead elsewhere, or are new or gone; `renamed` is new name by old name."""
    names = dict.fromkeys([*old.routes, *new.routes])
    for name in names:
        before = _ends(old.routes[name], renamed) if name in old.routes else None
        after = _ends(new.routes[name], {}) if name in new.routes else None
        if before != after:
            yield _change(new.name, name, before, after)


def new_routes(graph: FlowGraph, name: str) -> str:
    """Where the relationships of a new processor lead, in a sentence."""
    routes = graph.nodes[name].routes
    return "; ".join(f"{relationship} {_words(_ends(ways, {}))}" for relationship, ways in routes.items())


def _ends(connections: tuple[Connection, ...], renamed: Mapping[str, str]) -> tuple[str, ...]:
    """Names of processors, and "" for dead letters."""
    ends = [connection.destination or "" for connection in connections]
    return tuple(sorted(renamed.get(end, end) for end in ends))


def _words(ends: tuple[str, ...], *, past: bool = False) -> str:
    if not ends:
        return "ended here" if past else "ends here"
    targets = [f"'{end}'" for end in ends if end]
    to = f"{'went' if past else 'goes'} to {' and '.join(targets)}" if targets else ""
    kept = f"{'was' if past else 'is'} kept as a dead letter" if "" in ends else ""
    return " and ".join(part for part in (to, kept) if part)


def _change(subject: str, relationship: str, before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> Change:
    old = None if before is None else _words(before)
    new = None if after is None else _words(after)
    if old is None:
        words = f"new relationship {relationship}: {new}"
    elif new is None:
        words = f"no relationship {relationship} any more: it {_words(before or (), past=True)}"
    else:
        words = f"{relationship} {new}; it {_words(before or (), past=True)}"
    return Change(Part.PROCESSOR, Kind.CHANGED, subject, words, f"relationship {relationship}", old, new)
