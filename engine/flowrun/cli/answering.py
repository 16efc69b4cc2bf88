"""While a flow runs, it answers those who look in from outside."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowrun.cli.hidden_attributes import hidden_attributes
from flowrun.cli.log_lines import LOG
from flowrun.control.answering import Answering
from flowrun.control.running import RunningFlow
from flowrun.control.server import ControlServer
from flowrun.control.viewing import Viewing
from flowrun.errors import ControlError, RepositoryError
from flowrun.graph import FlowGraph
from flowrun.history.generation import keep_generation
from flowrun.repository import Repository
from flowrun.runner import FlowRunner


@contextmanager
def answering(runner: FlowRunner, repository: Repository, folder: Path | None) -> Iterator[None]:
    """Answer on a socket in `folder` as long as the `with` block lasts; None: the queues are in memory, for nobody.

    A flow that can't be asked runs all the same.
    """
    if folder is None:
        yield
        return
    flow = RunningFlow(runner, repository.content)
    answers = Answering(flow, viewing_of(runner.graph), folder)
    _remember(folder, runner.graph)

    def follow(graph: FlowGraph) -> None:
        answers.viewing = viewing_of(graph)
        _remember(folder, graph)

    runner.graph_listeners.append(follow)
    server = ControlServer(folder, flow, answers)
    try:
        server.start()
    except ControlError as error:
        LOG.warning("'flowrun status' and its like can't reach this run: %s", error)
    try:
        yield
    finally:
        server.close()


def _remember(folder: Path, graph: FlowGraph) -> None:
    """Keep the flow file's text, by which history will be explained."""
    if graph.definition.history is None:
        return
    try:
        keep_generation(folder, graph, time.time())
    except (OSError, RepositoryError) as error:
        LOG.warning("'flowrun why' will not know the flow file as it is now: %s", error)


def viewing_of(graph: FlowGraph) -> Viewing:
    """What of this flow's flowfiles may be seen."""
    return Viewing(graph.masking, hidden_attributes(graph))
