"""Keys in their canonical order, which is that of `keys.py`. Names that the author chose stay where they are."""

from collections.abc import Iterator

from flowrun.flow import keys
from flowrun.flow.formatting.blocks import blocks_in_order
from flowrun.flow.formatting.edits import Edit
from flowrun.flow.formatting.source import Mapping, Sequence
from flowrun.flow.keys import Keys

LEVELS = 3
"""How deep mappings with an order lie in each other: parts of components, components, the flow."""


def ordered_mappings(root: Mapping, level: int) -> Iterator[tuple[Mapping, Keys]]:
    """The mappings of a level, 0 the innermost, each with the keys it may have: none lies inside another."""
    components = [(each, keys.PROCESSOR_KEYS) for _, each in root.mappings("processors")]
    services = [(each, keys.SERVICE_KEYS) for _, each in root.mappings("controller_services")]
    listed = root.under("connections")
    items = listed.items if isinstance(listed, Sequence) else []
    connections = [(each, keys.CONNECTION_KEYS) for each in items if isinstance(each, Mapping)]
    if level == LEVELS - 1:
        yield root, keys.FLOW_KEYS
    elif level == LEVELS - 2:
        yield from (*components, *services, *connections)
        yield from ((each, keys.PARAMETER_KEYS) for _, each in root.mappings("parameters"))
        for name, known in (("history", keys.HISTORY_KEYS), ("on_dead_letter", keys.ON_DEAD_LETTER_KEYS)):
            part = root.mapping(name)
            if part is not None:
                yield part, known
    else:
        parts = {"schedule": keys.SCHEDULE_KEYS, "retry": keys.RETRY_KEYS, "back_pressure": keys.BACK_PRESSURE_KEYS}
        for component, _ in components:
            rules = component.under("rules")
            if isinstance(rules, Sequence):
                yield from ((rule, keys.RULE_KEYS) for rule in rules.items if isinstance(rule, Mapping))
        for component, _ in (*components, *connections):
            for name, known in parts.items():
                part = component.mapping(name)
                if part is not None:
                    yield part, known


def in_order(mapping: Mapping, known: Keys, text: str, *, is_root: bool) -> Edit | None:
    """The edit that puts the keys in order; None if they are, or if comments make it unclear what belongs to what."""
    ranks = {name: rank for rank, name in enumerate(known)}
    order = sorted(range(len(mapping.entries)), key=lambda index: ranks.get(mapping.entries[index].name, len(ranks)))
    if order == list(range(len(order))) or not mapping.has_all:
        return None
    if mapping.in_braces:
        return _in_braces(mapping, order, text)
    return blocks_in_order(mapping, order, text, is_root=is_root)


def first_misplaced(mapping: Mapping, known: Keys) -> tuple[int, str]:
    """Where the first key stands that is too late, and what to tell about it."""
    ranks = list(known)
    ordered = sorted(mapping.entries, key=lambda entry: ranks.index(entry.name))
    late, there = next((a, b) for a, b in zip(ordered, mapping.entries, strict=True) if a is not b)
    return late.key.start, f"'{late.name}' belongs before '{there.name}'"


def _in_braces(mapping: Mapping, order: list[int], text: str) -> Edit | None:
    """`{b: 1, a: 2}`: entries change places, what stands between them stays."""
    entries = mapping.entries
    bounds = [mapping.start, *(edge for e in entries for edge in (e.key.start, e.value.end)), mapping.end]
    between = [text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True)]
    if any("#" in part for part in between):
        return None
    written = [text[entries[index].key.start : entries[index].value.end] for index in order]
    pieces = [part for pair in zip(between, [*written, ""], strict=True) for part in pair]
    return Edit(mapping.start, mapping.end, "".join(pieces))
