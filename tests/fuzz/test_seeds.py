"""What has failed once does not fail again; and the fuzzing itself works."""

import time
from random import Random

import pytest

from tests.fuzz import seeds
from tests.fuzz.campaign import NAMES
from tests.fuzz.fault import Fault
from tests.fuzz.inputs import Inputs
from tests.fuzz.minimising import minimised
from tests.fuzz.search import SLOW, target_of


@pytest.mark.parametrize("fault", seeds.kept(), ids=lambda fault: f"{fault.target}-{fault.what}")
def test_what_has_failed_once_gives_a_value_or_a_typed_error_soon(fault: Fault) -> None:
    begun = time.process_time()

    assert target_of(fault.target).check(fault.input)
    assert time.process_time() - begun < SLOW


@pytest.mark.parametrize("name", NAMES)
def test_inputs_made_by_chance_give_a_value_or_a_typed_error(name: str) -> None:
    target = target_of(name)
    inputs = Inputs(target, Random(1))

    for _ in range(60):
        assert target.check(inputs.next())


def test_the_same_chance_makes_the_same_inputs() -> None:
    first, second = (Inputs(target_of("crons"), Random(7)) for _ in range(2))

    assert [first.next() for _ in range(50)] == [second.next() for _ in range(50)]


def test_a_failing_input_is_made_small() -> None:
    failing = {"text": "a" * 500 + "(" + "b" * 500, "other": "c" * 100}

    assert minimised(failing, lambda made: "(" in made["text"]) == {"text": "(", "other": ""}
