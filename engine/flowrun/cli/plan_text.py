"""A plan as text for a terminal, and as Markdown for a pull request."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from flowrun.cli.log_lines import on_one_line
from flowrun.cli.report import counted, styled
from flowrun.plan.change import Change, Kind, Part, Plan

_SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.RENAMED: "~", Kind.CHANGED: "~"}
_COLORS = {Kind.ADDED: "green", Kind.REMOVED: "red", Kind.RENAMED: "yellow", Kind.CHANGED: "yellow"}
_HEADINGS = {
    Part.FLOW: "flow",
    Part.PARAMETER: "parameters",
    Part.SERVICE: "controller services",
    Part.PROCESSOR: "processors",
    Part.CONNECTION: "connections",
}


def text_lines(plan: Plan, old: str, new: str) -> Iterator[str]:
    """The lines for a terminal."""
    yield styled(f"{old} → {new}: {summary(plan)}", bold=True)
    for part, changes in groupby(plan.changes, lambda change: change.part):
        yield from ("", styled(_HEADINGS[part], bold=True))
        for subject, some in _by_subject(changes):
            kind = some[0].kind
            yield styled(f"  {_SIGNS[kind]} {subject}", color=_COLORS[kind])
            for change in some:
                yield f"      {on_one_line(change.words)}"
    if plan.reached:
        yield from ("", styled("newly reachable", bold=True))
        for reached in plan.reached:
            yield styled(f"  ! {on_one_line(reached.words)}", color="red")
    queues = [queue for queue in plan.queues if queue.is_touched]
    if queues:
        yield from ("", styled("queued flowfiles", bold=True))
        for queue in queues:
            line = f"  '{queue.id}' {on_one_line(queue.words)}"
            yield styled(line, color="red") if queue in plan.orphans else line


def markdown_lines(plan: Plan, old: str, new: str) -> Iterator[str]:
    """The lines for a pull request."""
    yield f"### Plan for {_code(new)}: {summary(plan)}"
    yield from ("", f"Compared with {_code(old)}.")
    if plan.orphans:
        number = sum(queue.queued or 0 for queue in plan.orphans)
        yield from ("", f"**The new flow would not start: {counted(number, 'flowfile')} wait in queues it lacks.**")
    if plan.reached:
        yield from ("", "#### Newly reachable", "")
        for reached in plan.reached:
            yield f"- **{reached.how}** {_code(reached.place)} ({_code(reached.subject)}, {_plain(reached.aspect)})"
    for part, changes in groupby(plan.changes, lambda change: change.part):
        yield from ("", f"#### {_HEADINGS[part].capitalize()}", "")
        for subject, some in _by_subject(changes):
            if len(some) == 1:
                yield f"- {_code(subject)}: {_plain(some[0].words)}"
                continue
            yield f"- {_code(subject)}"
            for change in some:
                yield f"  - {_plain(change.words)}"
    queues = [queue for queue in plan.queues if queue.is_touched]
    if queues:
        yield from ("", "#### Queued flowfiles", "")
        for queue in queues:
            yield f"- {_code(queue.id)} {_plain(queue.words)}"


def summary(plan: Plan) -> str:
    """The plan in one line."""
    if plan.is_empty:
        return "nothing changes"
    processors = {change.subject: change.kind for change in plan.changes if change.part is Part.PROCESSOR}
    for change in plan.changes:
        if change.part is Part.PROCESSOR and change.kind is Kind.RENAMED:
            processors[change.subject] = Kind.RENAMED
    numbers = Counter(processors.values())
    words = [f"{counted(numbers[kind], 'processor')} {kind}" for kind in Kind if numbers[kind]]
    others = sum(change.part is not Part.PROCESSOR for change in plan.changes)
    words += [counted(others, "other change")] if others else []
    words += [f"{counted(len(plan.reached), 'place')} newly reachable"] if plan.reached else []
    gone = sum(queue.is_gone for queue in plan.queues)
    words += [f"{counted(gone, 'queue')} gone"] if gone else []
    dropped = sum(queue.too_old for queue in plan.queues)
    words += [f"{counted(dropped, 'flowfile')} dropped"] if dropped else []
    return ", ".join(words)


def _by_subject(changes: Iterator[Change]) -> Iterator[tuple[str, list[Change]]]:
    for subject, some in groupby(changes, lambda change: change.subject):
        yield subject, list(some)


def _code(text: str) -> str:
    """Inline code, whatever is in it."""
    shown = on_one_line(text)
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _plain(text: str) -> str:
    """Text in which Markdown sees no marks."""
    shown = on_one_line(text)
    return "".join(f"\\{character}" if character in r"\`*_{}[]<>#|~" else character for character in shown)
