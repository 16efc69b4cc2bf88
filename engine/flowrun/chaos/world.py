"""The stand-in for the outside world, as cheap to start as to end: a copy of this process instead of a new one."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from flowrun.chaos.child import Child, ChildError, run_in_child
from flowrun.chaos.scratch import Scratch
from flowrun.sandbox.__main__ import main
from flowrun.sandbox.module import Variant, Window, load_module
from flowrun.sandbox.reading import read_line

_PATIENCE = 30.0


class World:
    """Runs while the `with` block does; `file` is the sandbox of the flow, None if it has none.

    Entering raises ChildError if it does not start.
    """

    def __init__(self, file: Path | None, scratch: Scratch) -> None:
        self.parameters: Mapping[str, str] = {}
        self._file = file
        self._scratch = scratch
        self._child: Child | None = None
        self._life_line = -1

    def __enter__(self) -> "World":
        if self._file is not None:
            self.parameters = self._start(self._file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            os.close(self._life_line)
            self._child.wait(5.0)
            self._child = None

    def check(self, name: str) -> list[str]:
        """What the sandbox's function of that name finds wrong; nothing if it has none."""
        file, folder = self._file, self._scratch.world
        if file is None:
            return []
        try:
            found = run_in_child(lambda: list(getattr(load_module(file), name, _nothing)(folder)), self._scratch.log)
        except ChildError as error:
            return [f"{name}() of the sandbox failed: {error}"]
        return [str(problem) for problem in found]

    def _start(self, file: Path) -> Mapping[str, str]:
        lived_from, self._life_line = os.pipe()
        answers, answered = os.pipe()

        def play() -> None:
            os.close(self._life_line)
            os.dup2(lived_from, 0)
            os.dup2(answered, 1)
            sys.stdin = open(0, closefd=False)  # noqa: SIM115 for the process's life
            os.close(answered)
            main(file, self._scratch.world)

        self._child = Child(play, self._scratch.log)
        os.close(lived_from)
        os.close(answered)
        try:
            line = read_line(answers, _PATIENCE)
        except TimeoutError:
            line = b""
        finally:
            os.close(answers)
        if not line.endswith(b"\n"):
            os.close(self._life_line)
            raise ChildError(f"the sandbox {file} did not start: {self._child.wait(1.0).words}")
        parameters: Mapping[str, str] = json.loads(line)
        return parameters


def variants_of(file: Path | None, log: Path) -> Mapping[str, Window | None]:
    """The names of the ways in which a world may behave, each with its window; one without a name if there are none.

    Raises ChildError if the sandbox can't be asked.
    """
    if file is None:
        return {"": None}
    found = run_in_child(lambda: {name: variant.window for name, variant in _variants(file).items()}, log)
    assert isinstance(found, dict)
    return found or {"": None}


def prepare(file: Path | None, variant: str, scratch: Scratch) -> None:
    """Prepare the world's folder for that variant. Raises ChildError."""
    if file is not None and variant:
        run_in_child(lambda: _variants(file)[variant].prepare(scratch.world), scratch.log)


def _variants(file: Path) -> Mapping[str, Variant]:
    found: Mapping[str, Variant] = getattr(load_module(file), "variants", dict)()
    return found


def _nothing(_folder: Path) -> list[str]:
    return []
