"""The module `FLOW.sandbox.py`: what it must define, and what it may define besides.

    start(folder) -> dict[str, str]      play the outside world until the process ends; gives the flow's parameters

For `flowrun chaos`, each in a process of its own, before the world starts or while it runs:

    variants() -> dict[str, Variant]     the ways in which the world may behave; the flow is killed in each of them
    check_killed(folder) -> list[str]    what is wrong right after a kill, when nothing has been mended yet
    check(folder) -> list[str]           what is wrong at the end, when the flow has come to rest again
"""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Window:
    """Where a kill may do harm whatever the flow does: in the commit of `processor`, or of a service of that name,
    until its record is whole. `name` says between what and what that is."""

    processor: str
    name: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which the outside world may behave: `prepare` is given the folder, still empty, before the start."""

    prepare: Callable[[Path], None]
    window: Window | None = None


def load_module(file: Path) -> Any:
    """The module in that file, loaded anew."""
    spec = importlib.util.spec_from_file_location("flow_sandbox", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module
