"""A flow as it is found from outside: running, and answering on its socket, or stopped, with its state directory."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from flowrun.cli.hidden_attributes import hidden_attributes
from flowrun.cli.loading import Given, load
from flowrun.control.answering import Answering
from flowrun.control.client import ControlClient
from flowrun.control.requests import Answer, AnyRequest, Changed, FlowReport, Request, StatusRequest, Value
from flowrun.control.stopped import StoppedFlow
from flowrun.control.viewing import Viewing
from flowrun.errors import ControlError, FlowError, NoAnswerError, StateInUseError
from flowrun.flow.definition import FlowDefinition
from flowrun.flow.loader import load_flow
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import FlowGraph
from flowrun.repository import Recovered
from flowrun.repository.disk_content import DiskContentRepository
from flowrun.repository.folder_lock import lock_holder
from flowrun.repository.room import Room
from flowrun.repository.stored import last_change, read_stored
from flowrun.state_directory import check_owner, open_repository, state_directory

_PATIENCE = 3.0
"""Seconds for which a state directory that somebody holds is tried: the flow may be about to listen, or to end."""
_PAUSE = 0.1


class FlowAccess:
    """Asks about one flow. Raises FlowError if its file can't be read or the state is that of another file."""

    def __init__(self, path: Path, state: str | None, options: Given) -> None:
        self._path = path
        self._state = state
        self._options = options
        self._definition = _definition(path)
        folder = state_directory(self._definition, state)
        if folder is None:
            raise click.BadParameter("a flow whose queues are in memory can't be looked into", param_hint="--state")
        self.folder = folder
        check_owner(self._definition, folder)
        self._stopped: Answering | None = None

    def ask(self, request: Request[Value]) -> Iterator[Answer[Value]]:
        """The answer to a request that changes nothing. Raises ControlError and RepositoryError."""
        client = ControlClient.connect(self.folder)
        answered = False
        if client is not None:
            with client:
                try:
                    for answer in client.ask(request):
                        answered = True
                        yield answer
                    return
                except NoAnswerError as error:
                    if answered:
                        raise
                    click.echo(f"{error}; this is what its state directory says", err=True)
        yield from self._as_stored(is_told=client is not None).answer(_any(request))

    def report(self) -> FlowReport:
        """How the flow is."""
        return next(answer.value for answer in self.ask(StatusRequest()))

    def change(self, request: Request[Changed]) -> int:
        """How many flowfiles were changed; of others a line on standard error says why they were not.

        Raises as `perform` does.
        """
        return _sum(self.perform(request))

    def perform(self, request: Request[Value]) -> list[Value]:
        """The values of the answer to a request that changes something.

        Raises ControlError, RepositoryError, and StateInUseError if a process holds the flow and does not answer.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            client = ControlClient.connect(self.folder)
            if client is not None:
                with client:
                    return [answer.value for answer in client.ask(request)]
            if not self.folder.is_dir():
                return []
            try:
                return self._change_stored(request)
            except StateInUseError:
                if time.monotonic() > deadline:
                    holder = lock_holder(self.folder) or "that has just ended"
                    raise NoAnswerError(f"a process ({holder}) holds {self.folder}, and does not answer") from None
                time.sleep(_PAUSE)

    def _change_stored(self, request: Request[Value]) -> list[Value]:
        owner = self.folder.stat().st_uid
        if owner != os.geteuid():
            raise ControlError(f"{self.folder} belongs to another user ({owner}): only that user may change it")
        repository = open_repository(self._definition, self._state)
        try:
            graph = self.graph()
            placements = repository.recover().placements
            flow = StoppedFlow(graph, placements, repository.content, repository=repository)
            answering = Answering(flow, self.viewing(graph), self.folder)
            return [answer.value for answer in answering.answer(_any(request))]
        finally:
            repository.close()

    def _as_stored(self, *, is_told: bool) -> Answering:
        if self._stopped is None:
            holder = None if is_told else lock_holder(self.folder)
            if holder is not None:
                message = (
                    f"another process ({holder}) holds the state directory and does not answer; this is what is there"
                )
                click.echo(message, err=True)
            graph = self.graph()
            stored = read_stored(self.folder) if self.folder.is_dir() else Recovered()
            content = DiskContentRepository(self.folder / "content", Room())
            flow = StoppedFlow(graph, stored.placements, content, since=last_change(self.folder))
            self._stopped = Answering(flow, self.viewing(graph), self.folder)
        return self._stopped

    @property
    def path(self) -> Path:
        """The flow file."""
        return self._path

    @property
    def options(self) -> Given:
        """What the command line says about parameters and plug-ins."""
        return self._options

    def graph(self) -> FlowGraph:
        """The flow as its file is now. Raises FlowError."""
        return load(self._path, self._options, to_run=False).require()

    def viewing(self, graph: FlowGraph) -> Viewing:
        """Secrets that are not known can't be found in contents, so none is shown then."""
        parameters, _ = resolve_parameters(
            self._definition,
            files=self._options.parameter_files,
            environment=os.environ,
            overrides=self._options.parameters,
            require=False,
        )
        unknown = sorted(parameters.sensitive & parameters.unset)
        withheld = ""
        if unknown:
            names = ", ".join(f"'{name}'" for name in unknown)
            withheld = f"it may hold the value of {names}, which is not known here (give it with --param)"
        return Viewing(graph.masking, hidden_attributes(graph), withheld)


def _definition(path: Path) -> FlowDefinition:
    loaded = load_flow(path)
    if loaded.definition is None:
        raise FlowError(loaded.problems)
    return loaded.definition


def _sum(changes: Iterable[Changed]) -> int:
    count = 0
    for value in changes:
        count += value.count
        if value.note:
            click.echo(value.note, err=True)
    return count


def _any(request: Request[Any]) -> AnyRequest:
    """The request as one of the kinds there are, which all requests are."""
    assert isinstance(request, AnyRequest)
    return request
