"""What a run came to: a table and sentences for a person, or JSON."""

import json
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from flowrun.cli.columns import fitted
from flowrun.cli.exit_codes import ExitCode
from flowrun.cli.processor_columns import NOTHING, name_column, queued_column, total_columns, type_column
from flowrun.cli.report import counted, styled
from flowrun.graph import FlowGraph
from flowrun.runner import Outcome
from flowrun.status import FlowStatus, ProcessorStatus, status_of

_MOST_CAUSES = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """A run that is over; `folder` is where its queues are kept, None: in memory only."""

    graph: FlowGraph
    outcome: Outcome
    code: ExitCode
    folder: Path | None
    notes: Sequence[str] = ()

    def print(self, *, as_json: bool) -> None:
        """Print it to standard output."""
        status = status_of(self.graph)
        if as_json:
            click.echo(json.dumps(self._as_json(status), indent=2))
            return
        click.echo()
        for line in _table(status.processors):
            click.echo(line)
        click.echo()
        for line in self._sentences(status):
            click.echo(line)

    def _as_json(self, status: FlowStatus) -> dict[str, object]:
        causes = [{"processor": name, "cause": cause, "count": n} for (name, cause), n in self._causes().items()]
        return {
            "flow": status.flow,
            "exit_code": int(self.code),
            **asdict(self.outcome),
            "dead_letter_causes": causes,
            "notes": list(self.notes),
            "status": asdict(status),
        }

    def _sentences(self, status: FlowStatus) -> list[str]:
        lines = [*self.notes, *self._dead_letters(status)]
        for name in self.outcome.failing:
            lines.append(f"'{name}' was failing at the end; its flowfiles are in their queue.")
        if self.outcome.queued:
            lines.append(self._queued())
        idle = [f"'{name}' found nothing to bring in." for name in self._idle_sources()]
        return [*idle, *(lines or ["All is done: nothing is queued, nothing failed."])]

    def _idle_sources(self) -> list[str]:
        """The sources that were triggered, had no trouble, and brought no flowfile."""
        nodes = [node for node in self.graph.nodes.values() if node.is_source and node.settings.enabled]
        counts = [(node.name, node.statistics) for node in nodes]
        return [name for name, c in counts if c.triggers and not (c.placed or c.dropped or c.failures)]

    def _dead_letters(self, status: FlowStatus) -> list[str]:
        if not status.dead_letters:
            return []
        new, old = self.outcome.dead_letters, status.dead_letters - self.outcome.dead_letters
        head = f"{counted(new, 'dead letter') if new else 'No dead letter'} in this run"
        head += f", {old:,} of earlier runs" if old else ""
        head += f"; kept in {self.folder}" if self.folder is not None else "; they were in memory only"
        causes = list(self._causes().items())
        lines = [f"  {name} ─ {cause} ({counted(number, 'flowfile')})" for (name, cause), number in causes]
        if len(lines) > _MOST_CAUSES:
            lines[_MOST_CAUSES:] = [f"  … and {len(lines) - _MOST_CAUSES} more causes"]
        return [f"{head}:", *lines, *self._ways_on()]

    def _ways_on(self) -> list[str]:
        if self.folder is None:
            return []
        path, base = self.graph.definition.path, self.folder.parent
        where = str(path) if base == path.absolute().parent / ".flowrun" else f"{path} --state {base}"
        shown = f"'flowrun dlq list {where}' shows them"
        nodes = self.graph.nodes.values()
        refuses = {node.settings.allows_replay for node in nodes if node.dead_letters}
        if refuses == {False}:
            return [f"{shown}, 'flowrun dlq drop {where} --all' removes them; the flow allows no replay of them."]
        if refuses == {False, True}:
            more = "gives another try to those that may have one"
        else:
            more = "gives them another try"
        return [f"{shown}, 'flowrun dlq replay {where} --all' {more}."]

    def _causes(self) -> Counter[tuple[str, str]]:
        """Why flowfiles are dead letters, those of earlier runs too."""
        return Counter(
            (connection.source, self.graph.masking.message(placement.cause, placement.flowfile))
            for connection in self.graph.dead_letters
            for placement in connection
        )

    def _queued(self) -> str:
        outcome = self.outcome
        waiting = f", {outcome.penalized:,} of them until a penalty ends" if outcome.penalized else ""
        fate = "the next run goes on with them" if self.folder is not None else "they were in memory only, and are gone"
        return f"{counted(outcome.queued, 'flowfile')} left in queues{waiting}; {fate}."


def _table(processors: Sequence[ProcessorStatus]) -> list[str]:
    columns = [name_column(processors), type_column(processors), *total_columns(processors)]
    queued = queued_column(processors)
    if set(queued.cells) - {NOTHING}:
        columns.append(queued)
    fitting = fitted(columns, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)
    heading = "  ".join(column.padded(None, width) for column, width in fitting)
    rows = ["  ".join(column.padded(n, width) for column, width in fitting) for n in range(len(processors))]
    return [styled(heading.rstrip(), bold=True), *(row.rstrip() for row in rows)]
