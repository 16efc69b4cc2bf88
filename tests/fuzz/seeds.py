"""The inputs that have failed once, each with what it showed then: `seeds.json`."""

import json
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.fault import Fault

FILE = Path(__file__).with_name("seeds.json")


def kept() -> list[Fault]:
    """All of them, in the order in which they were found."""
    return [Fault(**entry) for entry in json.loads(FILE.read_text("utf-8"))] if FILE.exists() else []


def keep(fault: Fault) -> None:
    """Add one to the file, unless it is there."""
    faults = kept()
    if fault not in faults:
        lines = [json.dumps(asdict(each)) for each in (*faults, fault)]
        FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
