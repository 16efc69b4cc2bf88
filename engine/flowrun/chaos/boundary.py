"""A flow that is to be killed some hundred times must not touch anything outside of its scratch folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flowrun.configurable import Configurable
from flowrun.errors import FlowError, Place, Problem
from flowrun.graph import FlowGraph
from flowrun.property import ConfiguredExpression

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_HERE = ("localhost", "127.0.0.1", "::1")


def check_boundary(graph: FlowGraph, scratch: Path) -> None:
    """Raises FlowError if a property names a place in the file system, or an address, outside of the scratch folder
    and of this machine."""
    problems = [
        Problem(
            f"'{name}': '{declared}' leads to {graph.masking.message(text)}, which is not within the scratch folder in "
            "which the flow is to be killed: make it a relative path, or a parameter that the sandbox sets",
            _place(graph, name),
        )
        for name, component in _components(graph)
        for declared, text in _texts(component)
        if _is_outside(text, scratch.resolve())
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


def _texts(component: Configurable) -> Iterator[tuple[str, str]]:
    """The properties' values, as far as they are texts that are known before a flowfile comes."""
    for declaration in component.declarations.properties:
        value = component.configuration[declaration.attribute]
        if isinstance(value, ConfiguredExpression):
            expression = value.expression
            value = expression.evaluate({}) if expression.is_constant else expression.text
        if isinstance(value, str | Path):
            yield declaration.name, str(value)


def _is_outside(text: str, scratch: Path) -> bool:
    try:
        if _ADDRESS.match(text):
            address = urlsplit(text)
            return address.hostname not in _HERE and "${" not in address.netloc
        return _is_path_outside(Path(text), scratch)
    except (ValueError, OSError):  # neither an address nor a path
        return False


def _is_path_outside(path: Path, scratch: Path) -> bool:
    if not (path.is_absolute() or ".." in path.parts):
        return False
    found = path.resolve()
    return not found.is_relative_to(scratch) and (path.exists() or _has_real_parent(found))


def _has_real_parent(path: Path) -> bool:
    """Whether it is a name in a folder that is there, and not only a text that begins with a slash."""
    return path.parent != Path("/") and path.parent.is_dir()
