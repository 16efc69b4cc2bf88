"""The unit that a page shows is one that systemd understands, and its command line one that flowrun does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_documents import DOCS, understood

PAGE = (DOCS / "running_as_a_service.md").read_text("utf-8")
[UNIT] = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    installed = str(Path(sys.executable).parent / "flowrun")
    (tmp_path / "flowrun@.service").write_text(UNIT.replace("/opt/flowrun/bin/flowrun", installed))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / "flowrun@hello.service"],
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )

    assert [line for line in done.stderr.splitlines() if "flowrun@" in line] == []
    assert done.returncode == 0, done.stderr


def test_its_commands_are_flowrun_s() -> None:
    lines = re.findall(r"^Exec\w+=/opt/flowrun/bin/flowrun (.*)$", UNIT, re.MULTILINE)

    assert len(lines) == 2
    for line in lines:
        understood(line.replace("%i", "hello").split())
