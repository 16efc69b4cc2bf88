"""The command line, called within this process: much faster than as a program, and the same but for signals."""

import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from flowrun.cli import main


class Called(NamedTuple):
    """How a call ended, and what it printed."""

    code: int
    out: str
    err: str


def flowrun(folder: Path, *words: str) -> Called:
    """Call `flowrun` with these words, in that folder."""
    out, err = StringIO(), StringIO()
    code: object = None
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["flowrun", *words]):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Called(int(code), out.getvalue(), err.getvalue())
