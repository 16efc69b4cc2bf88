"""What the tests of pictures share."""

import itertools
from pathlib import Path
from textwrap import dedent

from flowrun.drawing.picture import DrawnConnection, DrawnProcessor, Picture, picture_of
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import build_graph
from flowrun.registry import Registry

ODD_NAMES = (
    "end",
    "1. list",
    "- dash",
    'a"b\\c',
    "<b>bold</b>",
    "a & b",
    "]]>",
    "#{x}",
    "--> x",
    "50 %",
    "処理",
    "p_end",
)


def drawn(text: str, *, built: bool = True) -> Picture:
    """The picture of a flow; `built`: with its graph, as the command draws it."""
    definition = load_flow_text("flow: drawn\n" + dedent(text), Path("drawn.yaml")).definition
    assert definition is not None
    parameters, _ = resolve_parameters(definition, files=(), environment={}, overrides={}, require=False)
    return picture_of(definition, build_graph(definition, Registry.installed(), parameters).graph if built else None)


def odd_picture() -> Picture:
    """A chain of processors whose names mean something to each of the formats."""
    processors = tuple(DrawnProcessor(name, "Type<T>", dead_letters=(name,), ended=(name,)) for name in ODD_NAMES)
    connections = tuple(
        DrawnConnection(source, destination, (source,)) for source, destination in itertools.pairwise(ODD_NAMES)
    )
    return Picture("odd", 'A "quoted" <description> & more \\', processors, connections)
