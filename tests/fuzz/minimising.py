"""An input made as small as it can be while it still fails in the same way."""

import time
from collections.abc import Callable

from tests.fuzz.target import Input

SECONDS = 20.0


def minimised(failing: Input, still_fails: Callable[[Input], bool]) -> Input:
    """The smallest input found in so many seconds. Stretches are left out of each part, long ones first."""
    deadline = time.monotonic() + SECONDS
    smallest = dict(failing)
    progress = True
    while progress and time.monotonic() < deadline:
        progress = False
        for part in smallest:
            shorter = _shortened(smallest, part, still_fails, deadline)
            progress = progress or len(shorter[part]) < len(smallest[part])
            smallest = shorter
    return smallest


def _shortened(failing: Input, part: str, still_fails: Callable[[Input], bool], deadline: float) -> Input:
    size = max(1, len(failing[part]) // 2)
    while size and time.monotonic() < deadline:
        start = 0
        while start < len(failing[part]) and time.monotonic() < deadline:
            text = failing[part]
            candidate = {**failing, part: text[:start] + text[start + size :]}
            if still_fails(candidate):
                failing = candidate
            else:
                start += size
        size //= 2
    return failing
