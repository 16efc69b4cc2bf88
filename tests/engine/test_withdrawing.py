"""Flowfiles can be taken out of a queue from wherever they stand, and the others stay as they stood."""

import pytest

from flowrun.connection import Connection
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.prioritizer import Prioritizer

NOW = 100.0


def queue(*, prioritized: bool = False, penalized: frozenset[int] = frozenset()) -> Connection:
    prioritizers = (Prioritizer.OLDEST_FIRST,) if prioritized else ()
    made = Connection("a --> b", "a", "b", prioritizers=prioritizers)
    for number in range(6):
        flowfile = FlowFile(number, {"uuid": str(number)}, ContentClaim(1, number, 10), float(number))
        until = NOW + number if number in penalized else 0.0
        made.put([Placement(flowfile, made.id, NOW, until)], NOW)
    return made


def ids(placements: list[Placement]) -> list[int]:
    return [placement.flowfile.id for placement in placements]


@pytest.mark.parametrize("prioritized", [False, True])
@pytest.mark.parametrize("penalized", [frozenset[int](), frozenset({1, 4}), frozenset(range(6))])
@pytest.mark.parametrize("wanted", [{0}, {0, 1}, {5}, {1, 4}, set(range(6)), {7}, {3, 7}, set[int]()])
def test_those_asked_for_come_out_and_the_others_stay_in_order(
    prioritized: bool, penalized: frozenset[int], wanted: set[int]
) -> None:
    connection = queue(prioritized=prioritized, penalized=penalized)
    before = ids(list(connection))

    taken = connection.withdraw(wanted)

    assert sorted(ids(taken)) == sorted(wanted & set(range(6)))
    assert ids(list(connection)) == [number for number in before if number not in wanted]


def test_they_count_until_they_are_settled() -> None:
    connection = queue()
    taken = connection.withdraw({2, 3})
    before = (len(connection), connection.data_size)
    connection.settle(len(taken), 20)

    assert before == (6, 60)
    assert (len(connection), connection.data_size) == (4, 40)


def test_what_a_session_has_taken_can_t_be_withdrawn() -> None:
    connection = queue()
    connection.take(2, NOW)

    assert ids(connection.withdraw({0, 1, 2})) == [2]
