"""What differs in what a flow says about itself and its parameters."""

from collections.abc import Iterator, Sequence

from flowrun.flow.definition import FlowDefinition, ParameterDeclaration
from flowrun.plan.change import Change, Kind, Part
from flowrun.plan.wording import Wording
from flowrun.units import format_data_size, format_duration


def flow_changes(old: FlowDefinition, new: FlowDefinition, wording: Wording) -> Iterator[Change]:
    """The changes at the top of the file."""
    for aspect, before, after in (
        ("flow", old.name, new.name),
        ("fsync", old.fsync, new.fsync),
        ("cron", old.cron, new.cron),
        ("history", _history(old), _history(new)),
        ("on_dead_letter", _told(old, wording), _told(new, wording)),
    ):
        if before != after:
            words = f"{aspect}: {before} → {after}"
            words += ": its state directory is another" if aspect == "flow" else ""
            yield Change(Part.FLOW, Kind.CHANGED, new.name, words, aspect, before, after)
    yield from _masked(sorted(old.sensitive_attributes), sorted(new.sensitive_attributes), new.name)
    for name in dict.fromkeys([*old.parameters, *new.parameters]):
        yield from _parameter(name, old.parameters.get(name), new.parameters.get(name), wording)


def _history(flow: FlowDefinition) -> str:
    limit = flow.history
    return "off" if limit is None else f"{format_data_size(limit.size)}, {format_duration(limit.age)}"


def _told(definition: FlowDefinition, wording: Wording) -> str:
    """Who is told of dead letters."""
    told = definition.on_dead_letter
    if told is None:
        return "nobody is told"
    parts = [f"the command '{wording.shown(' '.join(text.value for text in told.command))}'"] if told.command else []
    parts += [f"every {told.every}"] if told.every is not None else []
    parts += [f"within {told.time_limit}"] if told.time_limit is not None else []
    parts += [f"the processor '{told.processor}'"] if told.processor is not None else []
    return ", ".join(parts)


def _masked(old: Sequence[str], new: Sequence[str], flow: str) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if (name in old) == (name in new):
            continue
        kind, words = (Kind.ADDED, "is masked from now on") if name in new else (Kind.REMOVED, "is no longer masked")
        yield Change(Part.FLOW, kind, flow, f"the attribute '{name}' {words}", f"sensitive_attributes: {name}")


def _parameter(
    name: str, old: ParameterDeclaration | None, new: ParameterDeclaration | None, wording: Wording
) -> Iterator[Change]:
    if old is None or new is None:
        kind, words = (Kind.ADDED, "is new") if old is None else (Kind.REMOVED, "is gone")
        texts = [None if it is None else _source(it, it.sensitive, wording) for it in (old, new)]
        more = f": {texts[1]}" if texts[1] else ""
        yield Change(Part.PARAMETER, kind, name, f"{words}{more}", "", *texts)
        return
    is_secret = old.sensitive or new.sensitive
    if _facts(old) != _facts(new):
        before, after = _source(old, is_secret, wording), _source(new, is_secret, wording)
        words = f"{before} → {after}" if before != after else "its value is another"
        yield Change(Part.PARAMETER, Kind.CHANGED, name, words, "", before, after)
    if old.sensitive != new.sensitive:
        words = "is sensitive now" if new.sensitive else "is no longer sensitive: it will be shown"
        flags = [str(it.sensitive).lower() for it in (old, new)]
        yield Change(Part.PARAMETER, Kind.CHANGED, name, words, "sensitive", *flags)


def _facts(declaration: ParameterDeclaration) -> tuple[str | None, ...]:
    value = None if declaration.value is None else declaration.value.value
    return (value, declaration.env, declaration.file)


def _source(declaration: ParameterDeclaration, is_secret: bool, wording: Wording) -> str:
    """Where its value comes from, and the value if that may be shown."""
    parts = []
    if declaration.value is not None:
        parts.append("a value that is not shown" if is_secret else f"'{wording.shown(declaration.value.value)}'")
    if declaration.env is not None:
        parts.append(f"the variable {declaration.env}")
    if declaration.file is not None:
        parts.append(f"the file {declaration.file}")
    return " or ".join(parts) or "no value of its own"
