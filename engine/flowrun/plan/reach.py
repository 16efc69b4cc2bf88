"""Which files and hosts a flow can reach, as the declarations of its properties say."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flowrun.configurable import Configurable
from flowrun.errors import ExpressionError
from flowrun.graph import FlowGraph
from flowrun.parameter_reference import substitute
from flowrun.plan.wording import Wording
from flowrun.property import ConfiguredExpression, Declaration
from flowrun.property_types import path

_AUTHORITY = re.compile(r"([a-z][a-z0-9+.-]*)://(?:[^/?#@]*@)?([^/?#]*)", re.IGNORECASE)
_VERBS = {"read": "reads", "write": "writes", "connect": "connects to", "use": "uses", "run": "runs"}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Reached:
    """A file, folder or host that one property names. `how` is read, write, connect, use (a path, however), or run: the
    command that hears of dead letters.

    `is_open`: it is known only for each flowfile, or when a parameter has its value; `place` is then as it is written.
    """

    how: str
    place: str
    subject: str
    aspect: str
    is_open: bool = False

    @property
    def words(self) -> str:
        """In a sentence."""
        uncertain = " (known when it runs)" if self.is_open else ""
        return f"{_VERBS[self.how]} {self.place}{uncertain}: '{self.subject}', {self.aspect}"


def newly_reached(old: FlowGraph, new: FlowGraph, wording: Wording) -> tuple[Reached, ...]:
    """What the new flow can reach and the old one could not. A folder covers what is below it."""
    before = list(_all_reached(old, wording))
    found: dict[tuple[str, str], Reached] = {}
    for reached in _all_reached(new, wording):
        if not any(_covers(known, reached) for known in before):
            found.setdefault((reached.how, reached.place), reached)
    return tuple(found.values())


def _covers(known: Reached, reached: Reached) -> bool:
    if known.how != reached.how:
        return False
    if known.place == reached.place:
        return True
    if known.how in ("connect", "run") or known.is_open or reached.is_open:
        return False
    return _absolute(reached.place).is_relative_to(_absolute(known.place))


def _absolute(place: str) -> Path:
    return Path(os.path.normpath(Path(place).absolute()))


def _all_reached(graph: FlowGraph, wording: Wording) -> Iterator[Reached]:
    for name, service in graph.services.items():
        yield from _of(name, service, graph, wording)
    for name, node in graph.nodes.items():
        if node.settings.enabled:
            yield from _of(name, node.processor, graph, wording)

    if graph.dead_letter_command is not None:
        yield Reached("run", wording.shown(" ".join(graph.dead_letter_command.words)), "on_dead_letter", "command")


def _of(name: str, component: Configurable, graph: FlowGraph, wording: Wording) -> Iterator[Reached]:
    for declaration in component.declarations.properties:
        how = declaration.reaches or ("use" if _is_path(component, declaration) else None)
        text = component.configuration.set_text(declaration.name)
        if how is None or not text or not component.configuration.meets(declaration.only_with):
            continue
        written, is_open = _value(component, declaration, text, graph)
        place = _host(written) if how == "connect" else _folder(written)
        yield Reached(how, wording.shown(place, declaration), name, declaration.name, is_open and "{" in place)


def _is_path(component: Configurable, declaration: Declaration) -> bool:
    """Whether it is a path by its type or its value, though nobody says what for."""
    return declaration.type is path or isinstance(component.configuration[declaration.attribute], Path)


def _value(component: Configurable, declaration: Declaration, text: str, graph: FlowGraph) -> tuple[str, bool]:
    """The text as far as it is known now, and whether it will be known only later."""
    if graph.parameters.any_unset_in(text):
        return text, True
    value = component.configuration[declaration.attribute]
    if isinstance(value, ConfiguredExpression):
        if value.expression.is_constant:
            return value.expression.evaluate({}), False
        try:
            return substitute(text, graph.parameters), True
        except ExpressionError:
            return text, True
    return (str(value), False) if isinstance(value, Path) else (substitute(text, graph.parameters), False)


def _host(text: str) -> str:
    """Scheme, host and port of a URL, without user and password; what is none, a host's name, as it is."""
    found = _AUTHORITY.match(text.strip())
    if found is None:
        return text.strip()
    scheme, host = found[1].lower(), found[2]
    if "{" in host:
        return f"{scheme}://{host}"
    return f"{scheme}://{host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ' '))}"


def _folder(text: str) -> str:
    return text if "{" in text else str(Path(text))
