"""What the tests of PutFile share."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from flowrun.testing import Output, TestRunner, Triggered
from flowrun_processors.put_file import PutFile


def runner_for(folder: Path, conflict: str = "fail", **properties: str) -> TestRunner:
    named = {name.replace("_", " "): value for name, value in properties.items()}
    return TestRunner(PutFile({"Directory": str(folder), "Conflict Resolution Strategy": conflict, **named}))


def failed(triggered: Triggered) -> Output:
    assert triggered["success"] == []
    assert not triggered.failed
    [output] = triggered["failure"]
    assert output.penalized
    return output


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> str:
    return stat.filemode(path.stat().st_mode)[1:]


def fail_with(number: int) -> Callable[..., None]:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail
