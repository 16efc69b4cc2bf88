"""The child process of a sandbox: `python -m flowrun.sandbox FILE FOLDER`.

It prints one line, the parameters as JSON, and then lives until its standard input ends: that is when the engine
closes it, or dies. What the stand-in itself prints goes to standard error.
"""

import fcntl
import json
import os
import sys
from pathlib import Path

from flowrun.sandbox.module import load_module


def main(file: Path, folder: Path) -> None:
    """Start the stand-in of that file; returns when the engine is gone."""
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a predecessor whose engine was killed may still be on its way out
        parameters = load_module(file).start(folder)
        if not isinstance(parameters, dict) or not all(isinstance(text, str) for text in parameters.values()):
            raise TypeError("start(folder) must return a dict of parameter names and texts")
        with answer:
            answer.write(json.dumps(parameters) + "\n")
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
