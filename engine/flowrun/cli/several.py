"""Several flows in one call: each in a process of its own, so that none can harm another."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

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


def run_several(flows: Sequence[Path]) -> ExitCode:
    """Run the command line's flows beside each other; each line of output says whose it is. Gives the worst code."""
    options = _options_of_this_call(flows)
    width = max(len(path.stem) for path in flows)
    processes: list[subprocess.Popen[bytes]] = []
    printers: list[threading.Thread] = []
    for path in flows:
        process = subprocess.Popen(
            [sys.executable, "-m", "flowrun", "run", str(path), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        assert process.stdout is not None
        printer = threading.Thread(target=_print_lines, args=(process.stdout, path.stem.ljust(width)), daemon=True)
        printer.start()
        processes.append(process)
        printers.append(printer)
    _pass_signals_on(processes)
    codes = [process.wait() for process in processes]
    for printer in printers:
        printer.join()
    return min((_code(code) for code in codes), key=_WORST_FIRST.index)


def _options_of_this_call(flows: Sequence[Path]) -> list[str]:
    names = {str(path) for path in flows}
    words = sys.argv[1:]
    if words and words[0] == "run":
        words = words[1:]
    return [word for word in words if word not in names]


def _pass_signals_on(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    def pass_on(number: int, _frame: object) -> None:
        for process in processes:
            if process.poll() is None:
                process.send_signal(number)

    signal.signal(signal.SIGINT, pass_on)
    signal.signal(signal.SIGTERM, pass_on)


def _print_lines(stream: IO[bytes], name: str) -> None:
    for line in stream:
        click.echo(f"{name} │ {line.decode('utf-8', 'replace')}", nl=False)


def _code(code: int) -> ExitCode:
    return ExitCode(code) if code in set(ExitCode) else ExitCode.BUG
