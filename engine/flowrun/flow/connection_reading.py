"""The entries of `connections:`, arrows and the long form."""

from collections.abc import Collection

from msgspec.structs import replace

from flowrun.errors import FlowError
from flowrun.flow.arrows import FORM, parse_arrow
from flowrun.flow.definition import BackPressureDefinition, ConnectionDefinition, Text
from flowrun.flow.fields import Fields, is_name, read_text_item
from flowrun.flow.keys import BACK_PRESSURE_KEYS, CONNECTION_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import nearest, quoted
from flowrun.flow.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

_BETWEEN = " \t->:,."


def read_connections(node: SequenceNode, problems: ProblemList) -> tuple[ConnectionDefinition, ...]:
    """Every connection that could be read, in the file's order."""
    connections = (_read_connection(item, problems) for item in node.items)
    return tuple(connection for connection in connections if connection is not None)


def check_connections(
    connections: tuple[ConnectionDefinition, ...], processors: Collection[str], problems: ProblemList
) -> tuple[ConnectionDefinition, ...]:
    """Report unknown processors and repetitions; a misspelt name is replaced by the one that was meant."""
    checked: dict[tuple[str, frozenset[str], str], ConnectionDefinition] = {}
    for written in connections:
        source = _known_source(written, processors, problems)
        destination = _known(written.destination, processors, problems)
        connection = replace(written, source=source, destination=destination)
        identity = (source.value, frozenset(name.value for name in connection.relationships), destination.value)
        first = checked.setdefault(identity, connection)
        if first is not connection:
            message = f"this connection stands in line {first.place.line} already: remove one"
            problems.report(message, connection.place)
    return tuple(checked.values())


def _read_connection(item: Node, problems: ProblemList) -> ConnectionDefinition | None:
    if isinstance(item, MappingNode):
        if any("-->" in key for key in item.entries):
            message = "a ':' follows this arrow: settings need the long form, 'from', 'relationships', 'to'"
            problems.lose(message, item.place)
            return None
        return _read_long_form(item, problems)
    if not isinstance(item, ScalarNode):
        problems.lose(f"a connection is an arrow, {FORM}, or has 'from', 'relationships' and 'to'", item.place)
        return None
    text = read_text_item("a connection", item, problems)
    if text is None:
        return None
    try:
        arrow = parse_arrow(text)
    except FlowError as error:
        problems.add(error)
        return None
    if not all(is_name(name, problems) for name in (arrow.source, *arrow.relationships, arrow.destination)):
        return None
    return ConnectionDefinition(arrow.source, arrow.relationships, arrow.destination, text.place)


def _read_long_form(node: MappingNode, problems: ProblemList) -> ConnectionDefinition | None:
    fields = Fields(node, CONNECTION_KEYS, problems)
    fields.require("from", "this connection", node.place)
    fields.require("to", "this connection", node.place)
    source, destination = fields.name("from"), fields.name("to")
    relationships, prioritizers = fields.names("relationships"), fields.texts("prioritizers")
    back_pressure = _read_back_pressure(fields.mapping("back_pressure"), problems)
    if source is None or destination is None:
        return None
    return ConnectionDefinition(
        source,
        relationships,
        destination,
        node.place,
        back_pressure=back_pressure,
        expiration=fields.text("expiration"),
        prioritizers=prioritizers,
    )


def _read_back_pressure(node: MappingNode | None, problems: ProblemList) -> BackPressureDefinition | None:
    if node is None:
        return None
    fields = Fields(node, BACK_PRESSURE_KEYS, problems)
    return BackPressureDefinition(node.place, objects=fields.text("objects"), size=fields.text("size"))


def _known_source(connection: ConnectionDefinition, processors: Collection[str], problems: ProblemList) -> Text:
    """The source; where a relationship follows it without `--` between them, the arrow that was meant is offered."""
    source = connection.source
    if source.value not in processors and not connection.relationships and not problems.is_full:
        for name in processors:
            rest = source.value.removeprefix(name)
            if rest != source.value and rest.startswith((" ", ":", "--")):
                meant = f"{name} -- {rest.strip(' :->')} --> {connection.destination}"
                problems.lose(f"no processor {quoted(source.value)}; did you mean {quoted(meant)}?", source.place)
                return source
    return _known(source, processors, problems)


def _known(name: Text, processors: Collection[str], problems: ProblemList) -> Text:
    if name.value in processors:
        return name
    meant = None if problems.is_full else nearest(name.value, processors)
    guess = "" if meant is None else f"; did you mean {quoted(meant)}?"
    problems.report(f"no processor {quoted(name.value)}{guess}", name.place)
    return name if meant is None else Text(meant, name.place)
