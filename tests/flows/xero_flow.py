"""The Xero flow as it is shipped, run in this process against the sandbox, with credentials and a clock of its own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.flows.xero import FLOW, XeroSandbox

from flowrun.cli.loading import Given, load
from flowrun.clock import MovableClock
from flowrun.graph import FlowGraph
from flowrun.repository import Repository
from flowrun.runner import FlowRunner, Outcome
from flowrun.settlement import Observer
from flowrun.state_directory import open_repository


@dataclass(frozen=True)
class DeadLetter:
    """What a person finds at the end of an error path."""

    processor: str
    cause: str
    attributes: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Run:
    """How a run ended, and what it left behind."""

    outcome: Outcome
    dead_letters: list[DeadLetter]
    seconds: float
    """How far the flow's clock was moved: penalties and schedules."""

    @property
    def ends(self) -> list[tuple[str, str]]:
        """Where the dead letters lie: processor and relationship."""
        return [(letter.processor, letter.cause.partition(":")[0]) for letter in self.dead_letters]


class XeroFlow:
    """The flow, its folders under `folder`, and a fresh pair of tokens in the credentials file."""

    def __init__(self, folder: Path, xero: XeroSandbox) -> None:
        self.credentials = folder / "credentials" / "credentials.json"
        self.credentials.parent.mkdir()
        self.output = folder / "output"
        self.state = folder / "state"
        self.file = FLOW
        self.parameters = dict(xero.parameters)
        self.parameters |= {"credentials_dir": str(self.credentials.parent), "output_dir": str(self.output)}
        self.credentials.write_text(json.dumps(xero.grant()))
        self.credentials.chmod(0o600)
        self._folder = folder

    def tokens(self) -> dict[str, Any]:
        """What the credentials file holds."""
        found: dict[str, Any] = json.loads(self.credentials.read_text())
        return found

    def rewire(self, old: str, new: str) -> None:
        """Run a copy of the flow in which a piece of text is another."""
        text = self.file.read_text()
        assert text.count(old) == 1
        self.file = self._folder / FLOW.name
        self.file.write_text(text.replace(old, new))

    def run(
        self,
        *,
        duration: float | None = None,
        repository: Repository | None = None,
        observer: Observer | None = None,
    ) -> Run:
        """Poll once and finish, or run for `duration` seconds of the flow's clock."""
        graph = load(self.file, Given(self.parameters, (), ()), to_run=True).require()
        repository = repository or open_repository(graph.definition, str(self.state))
        clock = MovableClock()
        start = clock.now()
        runner = FlowRunner(graph, repository, clock=clock, observer=observer)
        try:
            outcome = runner.run(once=duration is None, duration=duration)
            dead_letters = _dead_letters(graph, repository)
        finally:
            repository.close()
        return Run(outcome, dead_letters, clock.now() - start)


def _dead_letters(graph: FlowGraph, repository: Repository) -> list[DeadLetter]:
    return [
        DeadLetter(
            connection.source,
            placement.cause,
            dict(placement.flowfile.attributes),
            repository.content.read(placement.flowfile.content) if placement.flowfile.content else b"",
        )
        for connection in graph.dead_letters
        for placement in connection
    ]
