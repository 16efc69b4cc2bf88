"""The history of a flow as its commands find it: beside a flow that runs or not, and masked as the flow says."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from flowrun.cli.flow_access import FlowAccess
from flowrun.cli.loading import plugin_folders_for
from flowrun.control.viewing import Viewing
from flowrun.errors import FlowrunError, Place
from flowrun.expression.scanner import pieces
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import FlowGraph, build_graph
from flowrun.history.archive import Archive
from flowrun.history.event import BY_A_PERSON, HistoryEvent
from flowrun.history.finding import Finding
from flowrun.history.generation import Generation, generation_at, read_generations, read_text, runs_as
from flowrun.history.query import flowfile_id
from flowrun.history.trail import Hop, trails
from flowrun.masking import MASK
from flowrun.registry import Registry

_QUOTE = re.compile("['\"]")


class HistoryAccess:
    """What history says of one flow, as a person may see it. Raises click.UsageError if the flow keeps none."""

    def __init__(self, flow: FlowAccess) -> None:
        self.flow = flow
        self.graph = flow.graph()
        if self.graph.definition.history is None:
            raise click.UsageError("the flow says 'history: off', so nothing is known of what happened")
        self.archive = Archive(flow.folder)
        self._viewing: Viewing = flow.viewing(self.graph)
        self._graphs: dict[str, FlowGraph | None] = {}
        self._viewings: dict[int, Viewing] = {}

    @cached_property
    def _generations(self) -> list[Generation]:
        return read_generations(self.flow.folder)

    def require_id(self, uuid: str) -> int:
        """The id of a flowfile that history knows. Raises click.UsageError."""
        found = flowfile_id(uuid)
        if found is None:
            raise click.UsageError(f"expected a flowfile's UUID, found '{uuid}': 'flowrun history' lists them")
        return found

    def require_trail(self, uuid: str) -> list[Hop]:
        """The steps of that flowfile's way. Raises click.UsageError if history does not know it."""
        found = self.require_id(uuid)
        hops = trails(self.archive, (found,))[found]
        told = next((hop.after.attributes["uuid"] for hop in hops if "uuid" in hop.after.attributes), None)
        if not hops or (told is not None and told != uuid.strip().lower()):
            raise click.UsageError(
                f"history knows no flowfile {uuid}: it never was in this flow, or what was known has been dropped by "
                "the limit of 'history:'"
            )
        return hops

    def graph_at(self, moment: float) -> FlowGraph | None:
        """The flow as it ran then; as it is now, if that is not known."""
        generation = generation_at(self._generations, moment)
        if generation is None:
            return self.graph
        if generation.digest not in self._graphs:
            self._graphs[generation.digest] = self._build(generation)
        return self._graphs[generation.digest]

    def _viewings_at(self, moment: float) -> tuple[Viewing, ...]:
        """What says what may be seen: the flow as it is now, and as it was then."""
        graph = self.graph_at(moment)
        if graph is None or graph is self.graph:
            return (self._viewing,)
        if id(graph) not in self._viewings:
            self._viewings[id(graph)] = self.flow.viewing(graph)
        return self._viewing, self._viewings[id(graph)]

    def uuid(self, flowfile: int) -> str:
        """A flowfile's uuid; its number, if nothing tells it."""
        return self.archive.uuid(flowfile) or f"number {flowfile}"

    def text(self, text: str, hop: Hop) -> str:
        """A text about a flowfile, without secrets."""
        for viewing in self._viewings_at(hop.passage.moment) if text else ():
            for flowfile in (hop.before, hop.after):
                text = viewing.text(text, flowfile) if flowfile is not None else text
        return text

    def value(self, name: str, value: str | None, hop: Hop) -> str | None:
        """An attribute's value, if it may be seen."""
        if value is None:
            return None
        return MASK if self._hid(name, hop) else self.text(value, hop)

    def expression(self, finding: Finding, hop: Hop) -> str:
        """An expression's text; of one that gives a sensitive value, no text that may be a part of it."""
        if not self._hid(finding.name, hop):
            return finding.expression
        return "".join(
            piece.text if piece.is_expression and not _QUOTE.search(piece.text) else MASK
            for piece in pieces(finding.expression)
        )

    def result(self, finding: Finding, hop: Hop) -> str | None:
        """What an expression gave, if that may be seen: what it made of a sensitive attribute may not."""
        if finding.gave is None:
            return None
        if finding.gave in ("true", "false"):
            return finding.gave
        is_hidden = any(self._hid(name, hop) for name in (finding.name, *finding.saw))
        return MASK if is_hidden else f"'{self.text(finding.gave, hop)}'"

    def hides(self, attribute: str) -> bool:
        """Whether the attribute's value must not be seen."""
        return self._viewing.hides(attribute)

    def _hid(self, attribute: str, hop: Hop) -> bool:
        """Whether it must not be seen, or must not have been then."""
        return any(viewing.hides(attribute) for viewing in self._viewings_at(hop.passage.moment))

    def place(self, place: Place | None) -> str:
        """`flows/hello.yaml:12`, as the command line names the file."""
        return f"{self.flow.path}:{place.line}" if place is not None else ""

    def as_json(self, event: HistoryEvent, hop: Hop) -> dict[str, Any]:
        """An event for machines."""
        changes = {
            name: {"before": self.value(name, old, hop), "after": self.value(name, new, hop)}
            for name, (old, new) in event.changes.items()
        }
        return {
            "moment": event.moment,
            "event": event.type.value,
            "flowfile": self.uuid(event.flowfile),
            "processor": event.processor or None,
            "relationship": event.relationship or None,
            "connection": event.connection or None,
            "details": self.text(event.details, hop),
            "attributes": changes,
            "content": {
                side: None if claim is None else {"file": claim.file, "offset": claim.offset, "size": claim.length}
                for side, claim in (("before", event.before), ("after", event.after))
            },
            "from": [self.uuid(other) for other in event.others],
        }

    def _build(self, generation: Generation) -> FlowGraph | None:
        """The graph of a text that ran; None if it can't be had any more."""
        try:
            if runs_as(self.graph, generation):
                return self.graph
        except OSError:  # the file has gone meanwhile; the text that was kept has not
            pass
        text = read_text(self.flow.folder, generation)
        if text is None:
            return None
        loaded = load_flow_text(text, Path(generation.file))
        if loaded.definition is None:
            return None
        try:
            parameters, _ = resolve_parameters(
                loaded.definition, environment=os.environ, overrides=dict(generation.parameters), require=False
            )
            folders = plugin_folders_for(self.flow.path, self.flow.options.plugin_folders)
            return build_graph(loaded.definition, Registry.installed(folders), parameters, to_run=False).graph
        except FlowrunError:
            return None


def author_text(event: HistoryEvent) -> str:
    """Whose work it was."""
    return event.processor or BY_A_PERSON
