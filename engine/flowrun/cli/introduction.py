"""What a run says first: which flow it is, where its queues lie, and which directories it works on."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from flowrun.cli.log_lines import LOG
from flowrun.cli.report import counted
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.property import ConfiguredExpression, Declaration
from flowrun.property_types import path

if TYPE_CHECKING:
    from flowrun.sandbox import Sandbox


def introduce(graph: FlowGraph, folder: Path | None, sandbox: "Sandbox | None") -> None:
    """Write it to the log; `folder` is where the queues are kept, None: in memory."""
    definition = graph.definition
    LOG.info(
        "flow '%s': %s, %s; queues are kept in %s",
        definition.name,
        counted(len(graph.nodes), "processor"),
        counted(len(graph.connections), "connection"),
        folder.absolute() if folder is not None else "memory",
    )
    if sandbox is not None:
        LOG.info("the outside world is played by %s; its data lies in %s", sandbox.file, sandbox.folder)
    width = max(len(name) for name in graph.nodes)
    for name, node in graph.nodes.items():
        for declaration, directory in _directories(node):
            LOG.info("%s  %s: %s", name.ljust(width), declaration.name, graph.masking.message(directory))


def _directories(node: ProcessorNode) -> Iterator[tuple[Declaration, str]]:
    """The properties that name directories, with the absolute paths they mean, as far as that is known now."""
    for declaration in node.processor.declarations.properties:
        if declaration.type is not path and declaration.reaches not in ("read", "write"):
            continue
        value = node.processor.configuration[declaration.attribute]
        if isinstance(value, ConfiguredExpression):
            value = value.evaluate() if value.expression.is_constant else None
        if isinstance(value, str | Path) and str(value).strip():
            yield declaration, str(Path(value).absolute())
