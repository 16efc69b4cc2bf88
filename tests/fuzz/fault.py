"""What went wrong with an input."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.target import Input

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Fault:
    """An input that failed, and how: the error and the innermost place of the project; a crash or hang by its name."""

    target: str
    input: Input
    what: str


def described(error: BaseException) -> str:
    """An error in one line, the same for all that fail at one place in one way."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename]
    place = f" at {Path(own[-1].filename).relative_to(_ROOT)}, {own[-1].name}" if own else ""
    return f"{type(error).__name__}{place}"
