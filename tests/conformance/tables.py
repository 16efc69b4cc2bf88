"""The conformance tables: facts about NiFi as data. The format is described in README.md beside this file."""

import json
from pathlib import Path
from typing import Any

Case = dict[str, Any]
HERE = Path(__file__).parent


class Tables:
    """All tables of a folder, whatever their files are called: cases by what they test, and property tables."""

    def __init__(self, folder: Path) -> None:
        self.expressions: list[Case] = []
        self.processors: list[Case] = []
        self.properties: dict[str, Any] = {}
        files = sorted(folder.glob("*.json"))
        if not files:
            raise FileNotFoundError(f"there are no tables (*.json) in {folder}")
        for file in files:
            try:
                self._add(json.loads(file.read_text("utf-8")))
            except ValueError as error:
                raise ValueError(f"{file}: {error}") from error

    def _add(self, content: Any) -> None:
        if isinstance(content, dict) and all(isinstance(v, dict) and "properties" in v for v in content.values()):
            self.properties.update(content)
            return
        cases = content.get("cases") if isinstance(content, dict) else content
        if not isinstance(cases, list):
            raise ValueError("expected a list of cases, or the properties of processors by their types")
        for case in cases:
            if "expression" in case:
                self.expressions.append(case)
            elif "processor" in case:
                self.processors.append(case)
            else:
                raise ValueError(f"expected 'expression' or 'processor' in each case, found neither in {case}")


def listed(name: str) -> set[str]:
    """The ids in one of the lists beside this file; what follows a `#` is for people."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines} - {""}
