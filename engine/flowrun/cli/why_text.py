"""The steps of a flowfile's way as a person reads them."""

from collections.abc import Iterator, Sequence

from flowrun.cli.history import change_text
from flowrun.cli.history_access import HistoryAccess
from flowrun.cli.log_lines import on_one_line
from flowrun.cli.moments import age_text, moment_text
from flowrun.cli.report import styled
from flowrun.history.event import BY_A_PERSON, DEAD_LETTERS, HistoryEvent
from flowrun.history.explanation import Branch, Step
from flowrun.history.finding import Finding
from flowrun.history.passage import Passage
from flowrun.repository.commit import EventType
from flowrun.units import format_data_size, format_duration

_SAID_ELSEWHERE = frozenset((EventType.ROUTE, EventType.ATTRIBUTES_MODIFIED, EventType.ROLLBACK))


class WhyText:
    """Writes lines; sensitive values are masked."""

    def __init__(self, access: HistoryAccess) -> None:
        self._access = access

    def lines(self, uuid: str, steps: Sequence[Step]) -> Iterator[str]:
        """All lines about one flowfile."""
        yield styled(f"flowfile {uuid} in {self._access.graph.definition.name}", bold=True)
        if steps[0].hop.passage.born is None:
            yield "what came before has been dropped by the limit of 'history:'"
        for step in steps:
            yield ""
            yield from self._step(step)
        yield ""
        yield _now(steps[-1].hop.passage)

    def _step(self, step: Step) -> Iterator[str]:
        passage = step.hop.passage
        kind = f" ({step.type})" if step.type else ""
        where = self._access.place(step.place)
        title = styled(f"{_clock(passage.moment)}  {passage.author or BY_A_PERSON}{kind}", bold=True)
        yield f"{title}  {where}".rstrip()
        if not step.is_known:
            yield "    the flow that ran then is not known any more, or has no such processor: no more can be told"
        yield from map(_indented, self._before(step))
        yield from map(_indented, self._done(step))
        yield from map(_indented, self._way(step))

    def _before(self, step: Step) -> Iterator[str]:
        if step.waited is not None:
            tries = f", tried {step.tried} times before" if step.tried > 1 else ", tried once before" * step.tried
            yield f"waited {format_duration(step.waited)} in '{step.hop.came_by}'{tries}"

    def _done(self, step: Step) -> Iterator[str]:
        """What it did, and what expressions said of it."""
        hop, access = step.hop, self._access
        if step.hop.passage.reason:
            yield f"undone: {access.text(hop.passage.reason, hop)}"
            if hop.passage.penalized_until > hop.passage.moment:
                yield f"it waits again until {_clock(hop.passage.penalized_until)}"
        for event in step.events:
            if event.type not in _SAID_ELSEWHERE and not (event.type is EventType.DROP and step.taken is not None):
                yield self._event(event, step)
        told = {finding.name: finding for finding in step.findings}
        for name, change in hop.changes.items() if hop.passage.born is None else ():
            yield change_text(name, *change, hop, access)
            if name in told:
                yield from map(_indented, self._finding(told.pop(name), step, is_value=True))
        for finding in (one for one in told.values() if not one.is_constant):
            yield f"{finding.name} = {access.expression(finding, hop)}"
            yield from map(_indented, self._finding(finding, step, is_value=False))
        for remark in step.remarks:
            yield access.text(remark, hop)

    def _event(self, event: HistoryEvent, step: Step) -> str:
        parts = [event.type.value.lower().replace("_", " "), self._access.text(event.details, step.hop)]
        if event.others:
            parts.append(f"of {', '.join(self._access.uuid(other) for other in event.others)}")
        if event.type is EventType.CONTENT_MODIFIED:
            sizes = [claim.length if claim is not None else 0 for claim in (event.before, event.after)]
            parts.append(f"{format_data_size(sizes[0])} → {format_data_size(sizes[1])}")
        return " ".join(part for part in parts if part)

    def _way(self, step: Step) -> Iterator[str]:
        passage = step.hop.passage
        if step.taken is not None:
            yield self._branch(step.taken)
            yield from map(_indented, self._reason(step.taken, step))
        elif passage.relationship:
            yield f"{passage.relationship} → {passage.connection or 'nothing: it ended'}"
        if passage.cause:
            yield f"given up: {self._access.text(passage.cause, step.hop)}"
        for branch in step.not_taken:
            clones = [child for child, way in passage.children if way == branch.relationship]
            what = f"by {self._access.uuid(clones[0])}, made of it" if clones else "not taken"
            yield f"{what}: {self._branch(branch)}"
            yield from map(_indented, self._reason(branch, step))

    def _branch(self, branch: Branch) -> str:
        return f"{branch.relationship} → {branch.leads_to}  {self._access.place(branch.place)}".rstrip()

    def _reason(self, branch: Branch, step: Step) -> Iterator[str]:
        if branch.finding is not None:
            yield self._access.expression(branch.finding, step.hop)
            yield from map(_indented, self._finding(branch.finding, step, is_value=False))
        elif branch.meaning:
            yield branch.meaning

    def _finding(self, finding: Finding, step: Step, *, is_value: bool) -> Iterator[str]:
        """What an expression saw and gave; the value of an attribute that it set is told already."""
        hop, access = step.hop, self._access
        where = access.place(finding.place)
        if is_value and finding.is_constant:
            yield f"= {access.expression(finding, hop)}  {where}".rstrip()
            return
        if is_value:
            yield f"= {access.expression(finding, hop)}"
        for name, value in finding.saw.items():
            shown = "none" if value is None else f"'{access.value(name, value, hop)}'"
            yield f"saw {name}: {shown}"
        gave = access.result(finding, hop)
        said = f"gave {gave}" if gave is not None else access.text(finding.note, hop)
        yield f"{said}  {where}".rstrip()


def _now(passage: Passage) -> str:
    if not passage.connection:
        return "It has ended."
    if passage.connection.endswith(DEAD_LETTERS):
        return f"It is a dead letter in '{passage.connection}': 'flowrun dlq' shows it, and tries it again."
    waits = f"It waits in '{passage.connection}', since {moment_text(passage.queued_since)}"
    return f"{waits} ({age_text(passage.queued_since)})."


def _clock(moment: float) -> str:
    return f"{moment_text(moment)}.{int(moment % 1 * 1000):03d}"


def _indented(line: str) -> str:
    return f"    {on_one_line(line)}"
