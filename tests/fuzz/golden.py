"""The files of answers that Java and its libraries gave, as seeds."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "dialect"


def golden(name: str) -> Any:
    """The content of that file."""
    return json.loads((_FOLDER / f"{name}_golden.json").read_text("utf-8"))
