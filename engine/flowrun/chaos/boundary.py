"""A flow that is to be killed some hundred times must not touch anything outside of its scratch folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flowrun.configurable import Configurable
from flowrun.errors import FlowError, Place, Problem
from flowrun.graph import FlowGraph
from flowrun.property import ConfiguredExpression, Declaration
from flowrun.property_types import path

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_HERE = ("localhost", "127.0.0.1", "::1")


def check_boundary(graph: FlowGraph, scratch: Path) -> None:
    """Raises FlowError if a property names a place in the file system, or an address, outside of the scratch folder
    and of this machine."""
    problems = [
        Problem(
            f"'{name}': '{declared.name}' leads to {graph.masking.message(text)}, which is not within the scratch "
            "folder in which the flow is to be killed: make it a relative path, or a parameter that the sandbox sets",
            _place(graph, name),
        )
        for name, component in _components(graph)
        for declared, text in _texts(component)
        if _is_outside(declared, text, scratch.resolve())
    ]
    if problems:
        raise FlowError(problems)


def _components(graph: FlowGraph) -> Iterator[tuple[str, Configurable]]:
    yield from graph.services.items()
    for name, node in graph.nodes.items():
        yield name, node.processor


def _place(graph: FlowGraph, name: str) -> Place:
    definition = graph.definition
    return (definition.processors if name in definition.processors else definition.services)[name].place


def _texts(component: Configurable) -> Iterator[tuple[Declaration, str]]:
    """The properties' values, as far as they are texts that are known before a flowfile comes."""
    for declaration in component.declarations.properties:
        value = component.configuration[declaration.attribute]
        if isinstance(value, ConfiguredExpression):
            expression = value.expression
            value = expression.evaluate({}) if expression.is_constant else expression.text
        if isinstance(value, str | Path):
            yield declaration, str(value)


def _is_outside(declaration: Declaration, text: str, scratch: Path) -> bool:
    """Whether it leads outside. Where a property does not declare what it reaches, a text that looks like it counts."""
    try:
        if declaration.reaches == "connect" or (declaration.reaches is None and _ADDRESS.match(text)):
            return _is_elsewhere(text)
        is_place = declaration.reaches is not None or declaration.type is path
        return _is_path_outside(Path(text), scratch) and (is_place or _seems_a_place(Path(text)))
    except (ValueError, OSError):  # neither an address nor a path
        return False


def _is_elsewhere(address: str) -> bool:
    """Whether the address, or name of a host, is one of another machine; one that is not known yet is not."""
    found = urlsplit(address if "//" in address else f"//{address}")
    return "${" not in found.netloc and bool(found.hostname) and found.hostname not in _HERE


def _is_path_outside(place: Path, scratch: Path) -> bool:
    return (place.is_absolute() or ".." in place.parts) and not place.resolve().is_relative_to(scratch)


def _seems_a_place(place: Path) -> bool:
    """Whether it is there, or a name in a folder that is, and not only a text that begins with a slash."""
    is_name = place.parent != Path("/") and place.parent.is_dir() and not re.search(r"\s", str(place))
    return place.exists() or is_name
