"""What Xero's stand-in says of the credentials, for `flowrun chaos`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowrun.sandbox import Sandbox
from flowrun.sandbox.module import load_module

FILE = Path(__file__).parents[2] / "flows" / "xero_refresh.sandbox.py"


@pytest.fixture
def world() -> Any:
    return load_module(FILE)


@pytest.fixture(params=["grace period", "strict server"])
def variant(request: pytest.FixtureRequest, world: Any, tmp_path: Path) -> Iterator[str]:
    world.variants()[request.param].prepare(tmp_path)
    with Sandbox(FILE, tmp_path):
        yield request.param


def test_the_credentials_it_begins_with_are_good(variant: str, world: Any, tmp_path: Path) -> None:
    assert world.check_killed(tmp_path) == []
    assert world.check(tmp_path) == []


def test_a_token_that_was_spent_is_forgiven_or_the_access_is_lost(variant: str, world: Any, tmp_path: Path) -> None:
    world.check(tmp_path)  # spends it

    lost = ["the access is lost: the server refuses the refresh token for good"]
    assert world.check(tmp_path) == (lost if variant == "strict server" else [])


def test_credentials_that_are_half_written_or_of_somebody_else_are_told(world: Any, tmp_path: Path) -> None:
    world.variants()["grace period"].prepare(tmp_path)
    file = world.credentials_file(tmp_path)
    whole = file.read_text()
    file.write_text(whole[:100])
    half = world.check_killed(tmp_path)
    file.write_text(json.dumps(json.loads(whole) | {"access_token": "another"}))

    assert half == ["the credentials file is not whole: JSONDecodeError"]
    assert world.check(tmp_path) == ["the credentials file holds no pair of tokens that was issued"]
    file.unlink()
    assert world.check_killed(tmp_path) == ["the credentials file is not whole: FileNotFoundError"]
