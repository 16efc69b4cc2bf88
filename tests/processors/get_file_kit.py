"""What the tests of GetFile share."""

from pathlib import Path

from flowrun.testing import TestRunner, Triggered
from flowrun_processors.get_file import GetFile


def runner_for(folder: Path, properties: dict[str, str] | None = None) -> TestRunner:
    return TestRunner(GetFile({"Input Directory": str(folder), **(properties or {})}))


def names(triggered: Triggered) -> list[str]:
    return sorted(output.attributes["filename"] for output in triggered["success"])
