"""Which edges close a loop: without them the graph has a direction."""

from collections.abc import Iterator, Sequence

Edge = tuple[str, str]


def back_edges(names: Sequence[str], edges: Sequence[Edge]) -> set[int]:
    """Numbers of the edges that lead back, to oneself too, when the graph is walked from its beginnings."""
    leaving: dict[str, list[int]] = {name: [] for name in names}
    entered = {destination for source, destination in edges if source != destination}
    for number, (source, _) in enumerate(edges):
        leaving[source].append(number)
    beginnings = [*(name for name in names if name not in entered), *names]
    open_names: set[str] = set()
    done: set[str] = set()
    back: set[int] = set()
    for beginning in beginnings:
        if beginning in done:
            continue
        open_names.add(beginning)
        path: list[tuple[str, Iterator[int]]] = [(beginning, iter(leaving[beginning]))]
        while path:
            name, rest = path[-1]
            for number in rest:
                destination = edges[number][1]
                if destination in open_names:
                    back.add(number)
                elif destination not in done:
                    open_names.add(destination)
                    path.append((destination, iter(leaving[destination])))
                    break
            else:
                path.pop()
                open_names.discard(name)
                done.add(name)
    return back
