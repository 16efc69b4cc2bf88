"""Heights: each stop as level with its neighbours as its rank allows, so that ways are straight."""

from collections.abc import Sequence
from itertools import pairwise

from flowrun.drawing.lattice import Link, Stop, sweeps

_MOST_SWEEPS = 16
_BETWEEN_PROCESSORS = 26.0
_BETWEEN_WAYS = 9.0
_STRAIGHT = 20.0
"""How much more a way between two stops wants to be straight than one that begins or ends there."""

Wishes = dict[Stop, list[tuple[float, Link]]]


def set_heights(ranks: Sequence[Sequence[Stop]], links: Sequence[Link]) -> None:
    """Set `y` of every stop of these ranks, from 0 down; links to other ranks count for nothing."""
    inside = {stop for rank in ranks for stop in rank}
    before: Wishes = {}
    after: Wishes = {}
    for link in links:
        if link.before in inside and link.after in inside:
            weight = _STRAIGHT if link.before.name is None and link.after.name is None else 1.0
            before.setdefault(link.after, []).append((weight, link))
            after.setdefault(link.before, []).append((weight, link))
    for rank in ranks:
        _settle(rank, [0.0] * len(rank), [1.0] * len(rank))
    count = sweeps(len(inside), _MOST_SWEEPS)
    for sweep in range(count):
        forward = sweep % 2 == 0
        for rank in ranks if forward else reversed(ranks):
            _level(rank, before if forward or sweep > count // 2 else {}, after if not forward else {})
    top = min((stop.y - stop.height / 2 for stop in inside), default=0.0)
    for stop in inside:
        stop.y -= top


def _level(rank: Sequence[Stop], before: Wishes, after: Wishes) -> None:
    wanted, weights = [], []
    for stop in rank:
        total, weight = stop.y * 0.01, 0.01
        for strength, link in before.get(stop, ()):
            total += strength * (link.before.y + link.before_port - link.after_port)
            weight += strength
        for strength, link in after.get(stop, ()):
            total += strength * (link.after.y + link.after_port - link.before_port)
            weight += strength
        wanted.append(total / weight)
        weights.append(weight)
    _settle(rank, wanted, weights)


def _settle(rank: Sequence[Stop], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """As near to what is wanted as order and distances allow (isotonic regression: pool adjacent violators)."""
    offsets = [0.0]
    for upper, lower in pairwise(rank):
        offsets.append(offsets[-1] + _distance(upper, lower))
    pools: list[tuple[float, float, int]] = []
    for wish, offset, weight in zip(wanted, offsets, weights, strict=False):
        mean, total, count = wish - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, other_total, other_count = pools.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        pools.append((mean, total, count))
    heights = [mean for mean, _, count in pools for _ in range(count)]
    for stop, height, offset in zip(rank, heights, offsets, strict=False):
        stop.y = height + offset


def _distance(upper: Stop, lower: Stop) -> float:
    both_processors = upper.name is not None and lower.name is not None
    return (upper.height + lower.height) / 2 + (_BETWEEN_PROCESSORS if both_processors else _BETWEEN_WAYS)
