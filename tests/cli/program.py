"""The command as a program of its own: for what only a process has, such as signals, locks and exit codes."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.cli.kit import Called

FLOWS = Path(__file__).parents[2] / "flows"
_STARTED: "list[subprocess.Popen[str]]" = []

TICKS = """\
flow: ticks
parameters:
  word: {value: tick, env: TICKS_WORD}
processors:
  make:
    type: GenerateFlowFile
    schedule: {every: 50 ms}
    properties: {Custom Text: "#{word}"}
  name:
    type: UpdateAttribute
    properties: {filename: "${uuid}.txt"}
  save:
    type: PutFile
    properties: {Directory: out}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - make -- success --> name
  - name -- success --> save
"""
"""A flow that makes a file every 50 ms."""

JAM = """\
flow: jam
processors:
  make:
    type: GenerateFlowFile
    schedule: {every: 1 h}
    properties: {Custom Text: a}
  save:
    type: PutFile
    properties: {Directory: /dev/null/out}
    retry: {relationships: [failure], attempts: 9}
    penalty_duration: 1 h
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - make -- success --> save
"""
"""A flow whose one flowfile is penalized for an hour."""

PASS = """\
from flowrun import Processor, Relationship


class Pass(Processor):
    \"""Says that it saw a flowfile.\"""

    success = Relationship("success", "Every flowfile.")

    def process(self, session, flowfile):
        print("seen")
        session.transfer(flowfile, self.success)
"""
"""A plug-in, `type: Pass`."""


def write(folder: Path, text: str, name: str = "flow.yaml") -> Path:
    """A flow file in that folder."""
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def start(folder: Path, *words: object, environment: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """Start `flowrun` with these words, in that folder; end it with `finish`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flowrun", *map(str, words)],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    _STARTED.append(process)
    return process


def finish(process: "subprocess.Popen[str]") -> Called:
    """Wait for its end."""
    out, err = process.communicate(timeout=50)
    return Called(process.returncode, out, err)


def end_all() -> None:
    """End whatever a test that failed has left behind."""
    while _STARTED:
        process = _STARTED.pop()
        process.kill()
        process.communicate()


def run(folder: Path, *words: object, environment: Mapping[str, str] | None = None) -> Called:
    """Run `flowrun` to its end."""
    return finish(start(folder, *words, environment=environment))


def read_until(process: "subprocess.Popen[str]", pattern: str) -> str:
    """What it has logged, up to the first line in which the pattern is found; all, if it is in none."""
    assert process.stderr is not None
    text = ""
    for line in process.stderr:
        text += line
        if re.search(pattern, line):
            break
    return text
