"""Every test ends what it has started."""

from collections.abc import Iterator

import pytest
from tests.cli.program import end_all


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    yield
    end_all()
