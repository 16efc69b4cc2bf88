"""The folder in which a case works: what is in it before, and what must be in it afterwards."""

import os
import stat
import time
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conformance.tables import Case


def prepare_files(folder: Path, case: Case) -> None:
    """Make the directories and files of `dirs_before`, `files_before` and `files_age_seconds`."""
    for name in case.get("dirs_before", ()):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in case.get("files_before", {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_bytes(content))
    for name, age in case.get("files_age_seconds", {}).items():
        moment = time.time() - age
        os.utime(folder / name, (moment, moment))


def compare_files(folder: Path, case: Case) -> None:
    """Raise AssertionError where files, directories, modes or times are not as the case wants them."""
    if "files_after" in case:
        files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
        assert sorted(files) == sorted(case["files_after"])
        for name, content in case["files_after"].items():
            assert files[name].read_bytes() == _bytes(content), name
    if "dirs_after" in case:
        directories = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_dir()]
        assert sorted(directories) == sorted(case["dirs_after"])
    for name, mode in case.get("modes_after", {}).items():
        found = stat.S_IMODE((folder / name).stat().st_mode)
        assert mode in (stat.filemode(found | stat.S_IFREG)[1:], f"{found:03o}"), f"{name}: {found:03o}"
    for name, text in case.get("mtime_after", {}).items():
        moment = datetime.fromisoformat(text)
        wanted = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        assert datetime.fromtimestamp((folder / name).stat().st_mtime, UTC) == wanted, name


def _bytes(content: Any) -> bytes:
    if isinstance(content, dict):
        if "base64" in content:
            return b64decode(content["base64"])
        return str(content["repeat"]).encode() * int(content["times"])
    return str(content).encode()
