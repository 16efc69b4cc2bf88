"""What a picture of a flow shows: its processors, and the connections between them."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from flowrun.flow.definition import ConnectionDefinition, FlowDefinition, ProcessorDefinition, ScheduleDefinition, Text
from flowrun.graph import FlowGraph
from flowrun.wiring import DEAD_LETTERS


class DrawnProcessor(Struct, frozen=True):
    """A processor. `ended` are its auto-terminated relationships, `dead_letters` those that end as dead letters.

    `schedule` is as the flow writes it, parameters unresolved. `is_missing`: an arrow names it, and nothing else does.
    """

    name: str
    type: str
    schedule: str = ""
    comment: str = ""
    ended: tuple[str, ...] = ()
    dead_letters: tuple[str, ...] = ()
    is_source: bool = False
    is_disabled: bool = False
    is_missing: bool = False


class DrawnConnection(Struct, frozen=True):
    """A connection; no relationships means that the only one there is can't be told."""

    source: str
    destination: str
    relationships: tuple[str, ...]

    @property
    def label(self) -> str:
        """The relationships, as an arrow of a flow file has them."""
        return ", ".join(self.relationships)

    def __str__(self) -> str:
        shaft = f"-- {self.label} -->" if self.relationships else "-->"
        return f"{self.source} {shaft} {self.destination}"


class Picture(Struct, frozen=True):
    """A flow to be drawn, in the order of its file."""

    flow: str
    description: str
    processors: tuple[DrawnProcessor, ...]
    connections: tuple[DrawnConnection, ...]


def picture_of(definition: FlowDefinition, graph: FlowGraph | None = None) -> Picture:
    """What is to be drawn of a flow. Without the graph, which a flow with mistakes has not, names are as written."""
    artist = _Artist(definition, graph)
    known = [artist.processor(processor) for processor in definition.processors.values()]
    connections = (*(artist.connection(written) for written in definition.connections), *artist.notices())
    named = dict.fromkeys(end for connection in connections for end in (connection.source, connection.destination))
    missing = [DrawnProcessor(name, "", is_missing=True) for name in named if name not in definition.processors]
    return Picture(definition.name, _line(definition.description), (*known, *missing), connections)


class _Artist:
    def __init__(self, definition: FlowDefinition, graph: FlowGraph | None) -> None:
        self._graph = graph
        self._fed = {c.destination.value for c in definition.connections if c.source.value != c.destination.value}

    def processor(self, definition: ProcessorDefinition) -> DrawnProcessor:
        node = self._graph.nodes[definition.name] if self._graph is not None else None
        is_disabled = definition.enabled is not None and definition.enabled.value.lower() in ("false", "no", "off")
        return DrawnProcessor(
            definition.name,
            type(node.processor).__name__ if node is not None else definition.type.value.rpartition(".")[2],
            _schedule(definition.schedule),
            _line(definition.comment.value) if definition.comment is not None else "",
            self._names(definition.name, definition.auto_terminate),
            self._names(definition.name, definition.dead_letter),
            is_source=node.is_source if node is not None else definition.name not in self._fed,
            is_disabled=not node.settings.enabled if node is not None else is_disabled,
        )

    def connection(self, written: ConnectionDefinition) -> DrawnConnection:
        names = self._names(written.source.value, written.relationships)
        if not names and self._graph is not None:
            names = tuple(self._graph.nodes[written.source.value].processor.relationships)
        return DrawnConnection(written.source.value, written.destination.value, names)

    def notices(self) -> Iterator[DrawnConnection]:
        """The ways of what tells a processor of dead letters."""
        for connection in self._graph.connections.values() if self._graph is not None else ():
            if connection.is_notice and connection.destination is not None:
                yield DrawnConnection(connection.source, connection.destination, (DEAD_LETTERS,))

    def _names(self, processor: str, relationships: Iterable[Text]) -> tuple[str, ...]:
        """The relationships in their own spelling, which a flow need not keep to."""
        known = self._graph.nodes[processor].processor.relationships if self._graph is not None else ()
        own = {name.lower(): name for name in known}
        written = [relationship.value for relationship in relationships]
        return tuple(name if name in known else own.get(name.lower(), name) for name in written)


def _schedule(schedule: ScheduleDefinition | None) -> str:
    if schedule is None:
        return ""
    if schedule.cron is not None:
        return _line(f"cron {schedule.cron}")
    return _line(f"every {schedule.every}") if schedule.every is not None else ""


def _line(text: str) -> str:
    """The text on one line, without characters that no format can show."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in _words(text))


def _words(text: str) -> str:
    return " ".join(text.split())
