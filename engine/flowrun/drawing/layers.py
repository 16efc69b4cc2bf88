"""The layer of each processor: as far from the beginning as its longest way there."""

from collections.abc import Sequence

from flowrun.drawing.cycles import Edge


def layers_of(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Layers from 0 on, for edges without a loop; what has no predecessor stands right before what follows it."""
    order = _topological(names, edges)
    leaving: dict[str, list[str]] = {name: [] for name in names}
    entered: set[str] = set()
    for source, destination in edges:
        leaving[source].append(destination)
        entered.add(destination)
    layer = dict.fromkeys(names, 0)
    for name in order:
        for destination in leaving[name]:
            layer[destination] = max(layer[destination], layer[name] + 1)
    for name in reversed(order):
        if name not in entered and leaving[name]:
            layer[name] = min(layer[destination] for destination in leaving[name]) - 1
    return layer


def _topological(names: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    waiting = dict.fromkeys(names, 0)
    leaving: dict[str, list[str]] = {name: [] for name in names}
    for source, destination in edges:
        waiting[destination] += 1
        leaving[source].append(destination)
    order = [name for name in names if not waiting[name]]
    for name in order:
        for destination in leaving[name]:
            waiting[destination] -= 1
            if not waiting[destination]:
                order.append(destination)
    return order
