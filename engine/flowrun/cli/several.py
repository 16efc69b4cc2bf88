"""Several flows in one call: each in a process of its own, so that none can harm another."""

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import click

from flowrun.cli.exit_codes import ExitCode

_WORST_FIRST = (
    ExitCode.BUG,
    ExitCode.DAMAGED,
    ExitCode.IN_USE,
    ExitCode.WRONG,
    ExitCode.UNFINISHED,
    ExitCode.DEAD_LETTERS,
    ExitCode.INTERRUPTED,
    ExitCode.OK,
)


def run_several(flows: Sequence[Path], arguments: Sequence[str], *, as_json: bool) -> ExitCode:
    """Run flow files beside each other with the same options, until all have ended. Gives the worst of their codes.

    Each line says whose it is; as JSON, the summaries become one list.
    """
    width = max(len(name) for name in _names(flows))
    runs = [_Run(path, name.ljust(width), as_json=as_json) for path, name in zip(flows, _names(flows), strict=True)]

    def pass_on(number: int, _frame: object) -> None:
        for run in runs:
            run.send(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    for run in runs:
        run.start(arguments)
    codes = [run.wait() for run in runs]
    if as_json:
        click.echo(json.dumps([run.summary() for run in runs], indent=2))
    return min(codes, key=_WORST_FIRST.index)


def _names(flows: Sequence[Path]) -> list[str]:
    """What lines begin with: the file's name without its ending, or the whole path where two would be the same."""
    same = Counter(path.stem for path in flows)
    return [path.stem if same[path.stem] == 1 else str(path) for path in flows]


class _Run:
    """One flow's process, and the thread that passes its words on: the log as it comes, the summary at its end."""

    def __init__(self, path: Path, name: str, *, as_json: bool) -> None:
        self._path = path
        self._name = name
        self._as_json = as_json
        self._output = b""
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []

    def start(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flowrun", "run", *arguments, "--", str(self._path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,  # a Ctrl-C on the terminal comes to the parent alone, which passes it on
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._threads = [
            threading.Thread(target=self._collect, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._print_log, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self) -> ExitCode:
        assert self._process is not None
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        if code < 0:
            self._print(f"ended by {signal.Signals(-code).name}", err=True)
        return ExitCode(code) if code in set(ExitCode) else ExitCode.BUG

    def summary(self) -> dict[str, Any]:
        assert self._process is not None
        told = json.loads(self._output) if self._output.strip() else {}
        return {"file": str(self._path), "exit_code": self._process.returncode, **told}

    def _collect(self, stream: IO[bytes]) -> None:
        self._output = stream.read()
        if self._as_json:
            return
        self._threads[1].join()
        for line in self._output.decode("utf-8", "replace").splitlines():
            self._print(line, err=False)

    def _print_log(self, stream: IO[bytes]) -> None:
        """Pass log lines on; one that is JSON says itself whose it is, and would be none with a name before it."""
        for line in stream:
            text = line.decode("utf-8", "replace").rstrip("\n")
            if text.startswith("{") and text.endswith("}"):
                click.echo(text, err=True)
            else:
                self._print(text, err=True)

    def _print(self, line: str, *, err: bool) -> None:
        click.echo(f"{self._name} │ {line}".rstrip(), err=err)
