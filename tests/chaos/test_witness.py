"""The witness: what was committed must be there after a start, all of it and nothing else."""

from pathlib import Path

import pytest

from flowrun.chaos.witness import Witness
from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository import Commit, Recovered, StateChange

CONTENTS = {1: "one", 2: "two", 3: "three"}


def read(claim: ContentClaim | None) -> str:
    return CONTENTS[claim.file] if claim is not None else "empty"


def placement(key: int, *, queue: str = "a --> b", **attributes: str) -> Placement:
    return Placement(FlowFile(key, attributes, ContentClaim(key, 0, 3)), queue, 1.0)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """It has seen flowfiles 1 and 2 placed."""
    witness = Witness(tmp_path / "witness")
    commit = Commit(1.0, placed=(placement(1), placement(2)), state=(StateChange("a", {"made": "2"}),))
    witness.begin(commit)
    witness.end(commit.placed, read)
    return witness


def found(*placements: Placement, made: str = "2") -> Recovered:
    return Recovered(placements, {"a": {"made": made}})


def compared(witness: Witness, recovered: Recovered) -> list[str]:
    witness.compare(recovered, read)
    return witness.problems


def test_what_was_committed_and_is_there_is_no_problem(witness: Witness) -> None:
    assert compared(witness, found(placement(1), placement(2))) == []


def test_a_flowfile_that_is_missing_is_lost(witness: Witness) -> None:
    assert compared(witness, found(placement(1))) == ["lost: a flowfile in 'a --> b'"]


def test_a_flowfile_that_nobody_committed_is_one_too_many(witness: Witness) -> None:
    problems = compared(witness, found(placement(1), placement(2), placement(3)))

    assert problems == ["not committed, but there: a flowfile in 'a --> b'"]


def test_a_flowfile_in_another_queue_or_with_other_attributes_is_told(witness: Witness) -> None:
    problems = compared(witness, found(placement(1, queue="b --> c"), placement(2, name="Ada")))

    assert sorted(problems) == [
        "a flowfile in 'a --> b' has other attributes than were committed",
        "a flowfile in 'b --> c' should be in 'a --> b'",
    ]


def test_a_state_that_was_not_committed_is_told(witness: Witness) -> None:
    problems = compared(witness, found(placement(1), placement(2), made="3"))

    assert problems == ["the state of 'a' is not what was committed"]


def test_a_content_that_is_another_is_told(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONTENTS, 2, "zwei")

    problems = compared(witness, found(placement(1), placement(2)))

    assert problems == ["a flowfile in 'a --> b' has other content than were committed"]


@pytest.mark.parametrize("is_true", [True, False])
def test_a_commit_that_was_cut_short_may_be_true_or_not(witness: Witness, tmp_path: Path, is_true: bool) -> None:
    witness.begin(Commit(2.0, taken=(1,), placed=(placement(3),), state=(StateChange("a", {"made": "3"}),)))
    again = Witness(tmp_path / "witness")
    left = found(placement(2), placement(3), made="3") if is_true else found(placement(1), placement(2))

    assert compared(again, left) == []
    assert (again.created, again.ended) == ((3, 1) if is_true else (2, 0))


def test_a_commit_that_is_true_by_half_is_told(witness: Witness, tmp_path: Path) -> None:
    witness.begin(Commit(2.0, taken=(1,), placed=(placement(3),)))
    again = Witness(tmp_path / "witness")

    assert compared(again, found(placement(2))) == ["lost: a flowfile in 'a --> b'"]


def test_a_flowfile_that_ended_and_is_there_again_is_told(witness: Witness) -> None:
    witness.begin(Commit(2.0, taken=(1, 2)))
    witness.end((), read)
    witness.begin(Commit(3.0, placed=(placement(1),)))
    witness.end((placement(1),), read)

    assert witness.problems == ["a flowfile that had ended is in 'a --> b' again"]
