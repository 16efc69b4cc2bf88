"""`--trace`: a line for each flowfile that passes a step, with what it brought in from or sent to the world outside."""

import logging
import re
from collections.abc import Iterator

from flowrun.cli.hidden_attributes import hidden_attributes
from flowrun.cli.log_lines import on_one_line
from flowrun.flowfile import FlowFile
from flowrun.gathering import Gathered
from flowrun.graph import FlowGraph
from flowrun.ledger import Ledger
from flowrun.node import ProcessorNode
from flowrun.repository import EventType
from flowrun.transaction import Transaction
from flowrun.units import format_data_size

_LOG = logging.getLogger("flowrun.trace")
_LONGEST_VALUE = 60
_MOST_ATTRIBUTES = 3
_FLOWFILE_WIDTH = 27
_URL = re.compile(r"([a-z][a-z0-9+.-]*://)(?:[^/?#\s]*@)?([^?#\s]*)\S*", re.IGNORECASE)


class Trace:
    """Writes trace lines to the log, without secrets."""

    def __init__(self, graph: FlowGraph) -> None:
        self.follow(graph)

    def follow(self, graph: FlowGraph) -> None:
        """Trace this graph from now on."""
        self._masking = graph.masking
        self._hidden = hidden_attributes(graph)
        self._width = max(len(name) for name in graph.nodes)
        self._comments = {
            name: definition.comment.value
            for name, definition in graph.definition.processors.items()
            if definition.comment is not None
        }

    def settled(self, node: ProcessorNode, transaction: Transaction, gathered: Gathered) -> None:
        """Called for each session that came true."""
        ledger = transaction.ledger
        if ledger.taken or ledger.transfers:
            comment = self._comments.pop(node.name, None)
            if comment is not None:
                _LOG.info("%s  ── %s", node.name.ljust(self._width), comment)
        for flowfile, relationship, _ in ledger.transfers:
            where = self._destinations(node, relationship)
            details = "".join(f"; {detail}" for detail in self._details(ledger, flowfile))
            self._line(node, f"{_described(flowfile)} ─ {relationship} ─▶ {where}{details}", flowfile)
        for flowfile in ledger.removed:
            self._line(node, f"{_described(flowfile)} ends here", flowfile)

    def _line(self, node: ProcessorNode, text: str, flowfile: FlowFile) -> None:
        line = self._masking.message(text, flowfile)
        about = {"processor": node.name, "flowfile": flowfile.uuid, "plain": line}
        _LOG.info("%s  %s", node.name.ljust(self._width), on_one_line(line), extra=about)

    def _destinations(self, node: ProcessorNode, relationship: str) -> str:
        connections = node.routes[relationship]
        if not connections:
            return "(end)"
        return ", ".join(connection.destination or "(dead letter)" for connection in connections)

    def _details(self, ledger: Ledger, flowfile: FlowFile) -> Iterator[str]:
        for event in ledger.events:
            if event.flowfile == flowfile.id and event.type in (EventType.RECEIVE, EventType.FETCH):
                yield f"from {event.details}"
            elif event.flowfile == flowfile.id and event.type is EventType.SEND:
                yield f"to {event.details}"
        changes = ledger.changes.get(flowfile.id, {})
        for name, value in list(changes.items())[:_MOST_ATTRIBUTES]:
            if value is not None and len(value) <= _LONGEST_VALUE and name not in self._hidden:
                yield f"{name}={_URL.sub(_without_user_and_query, value)}"


def _without_user_and_query(url: re.Match[str]) -> str:
    """What the lines about requests show of a URL too: the rest may hold a password, or a key."""
    return url[1] + url[2]


def _described(flowfile: FlowFile) -> str:
    return f"{flowfile.filename} ({format_data_size(flowfile.size)})".ljust(_FLOWFILE_WIDTH)
