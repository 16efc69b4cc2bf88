"""Flows that are cheap to kill, and the command that kills them, as a program of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli import program

MOVE = """\
flow: move
parameters: {in: {value: in}}
processors:
  get:
    type: GetFile
    schedule: {every: 1 h}
    properties: {Input Directory: "#{in}", Polling Interval: 0 sec}
  save:
    type: PutFile
    properties: {Directory: out, Conflict Resolution Strategy: replace}
    auto_terminate: [success]
    dead_letter: [failure]
connections: [get --> save]
"""
LISTING = MOVE.replace("PutFile", "List").replace("{Directory: out, Conflict Resolution Strategy: replace}", "{}")
"""The same with an end that minds being done twice."""
PLUGIN = """\
from flowrun import Processor, Relationship


class List(Processor):
    \"""Adds a line to a list: two, if it is done twice.\"""

    success = Relationship("success", "Added.")
    failure = Relationship("failure", "Never.")

    def process(self, session, flowfile):
        with open("list", "a") as list:
            list.write(flowfile.attributes["filename"] + "\\n")
        session.transfer(flowfile, self.success)
"""
SANDBOX = """\
def start(folder):
    if not (folder / "in").exists():
        (folder / "in").mkdir()
        (folder / "in" / "one.txt").write_text("one")
    return {"in": str(folder / "in")}
"""


class Killed(NamedTuple):
    """What `flowrun chaos --json` said."""

    code: int
    findings: dict[str, Any]
    err: str

    @property
    def steps(self) -> list[dict[str, Any]]:
        return [step for variant in self.findings["variants"] for step in variant["steps"]]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        return [outcome for step in self.steps for outcome in step["outcomes"].values()]

    @property
    def problems(self) -> set[str]:
        return {problem for outcome in self.outcomes for problem in outcome["problems"]}


def write(folder: Path, text: str, sandbox: str = SANDBOX) -> Path:
    """The flow, what stands in for the world, and the plug-in."""
    (folder / "plugins").mkdir()
    (folder / "plugins" / "list.py").write_text(PLUGIN)
    program.write(folder, sandbox, "flow.sandbox.py")
    return program.write(folder, text)


def kill(file: Path, *words: object, jobs: int = 1) -> Killed:
    """Have the flow killed, in so many processes at a time."""
    command = [sys.executable, "-m", "flowrun", "chaos", file.name, "--json", "--jobs", str(jobs), *map(str, words)]
    done = subprocess.run(command, cwd=file.parent, capture_output=True, encoding="utf-8", check=False)
    return Killed(done.returncode, json.loads(done.stdout) if done.stdout.strip() else {}, done.stderr)
