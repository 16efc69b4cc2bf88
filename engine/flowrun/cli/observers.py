"""Who is told each session of a run that has come true: the trace, and the command that hears of dead letters."""

from types import TracebackType
from typing import Self

from flowrun.bulletin import BulletinBoard
from flowrun.cli.answering import viewing_of
from flowrun.cli.log_lines import log_bulletin
from flowrun.cli.run_options import RunOptions
from flowrun.gathering import Gathered
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.orphans import OrphanRule
from flowrun.repository import Repository
from flowrun.runner import FlowRunner
from flowrun.settlement import Observer
from flowrun.transaction import Transaction


class Observers:
    """The observers of one run; what they have to say last is said when the `with` block ends."""

    def __init__(self, graph: FlowGraph, options: RunOptions) -> None:
        self._graph = graph
        self._bulletins = BulletinBoard(listener=log_bulletin)
        self._trace = None
        self._notice = None
        if options.trace:
            from flowrun.cli.trace import Trace

            self._trace = Trace(graph)
        if graph.dead_letter_command is not None or options.watch:
            from flowrun.notice import DeadLetterNotice

            self._notice = DeadLetterNotice(graph, viewing_of, self._bulletins)
        self._told: list[Observer] = [each.settled for each in (self._trace, self._notice) if each is not None]

    def runner(self, repository: Repository, orphans: OrphanRule) -> FlowRunner:
        """The runner that they observe, whatever graph it runs."""
        observer = self._settled if len(self._told) > 1 else self._told[0] if self._told else None
        runner = FlowRunner(self._graph, repository, bulletins=self._bulletins, observer=observer, orphans=orphans)
        runner.graph_listeners += [each.follow for each in (self._trace, self._notice) if each is not None]
        return runner

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._notice is not None:
            self._notice.__exit__(kind, error, trace)

    def _settled(self, node: ProcessorNode, transaction: Transaction, gathered: Gathered) -> None:
        for told in self._told:
            told(node, transaction, gathered)
