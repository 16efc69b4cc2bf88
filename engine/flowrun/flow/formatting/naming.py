"""Current names in the place of former ones: of types, and of their properties."""

import re
from collections.abc import Iterator

from msgspec import Struct

from flowrun.flow.formatting.edits import Edit
from flowrun.flow.formatting.source import Mapping, Scalar
from flowrun.flow.formatting.vocabulary import TypeNames, Vocabulary
from flowrun.flow.wording import quoted

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ._/()-]*[A-Za-z0-9)])?")


class Renaming(Struct, frozen=True):
    """One name to be replaced, and what to tell about it."""

    edit: Edit
    message: str


def renamings(root: Mapping, text: str, vocabulary: Vocabulary) -> Iterator[Renaming]:
    """Every former name of the file, in no order."""
    for section, names in (("processors", vocabulary.processors), ("controller_services", vocabulary.services)):
        for _, component in root.mappings(section):
            yield from _of_component(component, text, names)


def _of_component(component: Mapping, text: str, names: TypeNames) -> Iterator[Renaming]:
    kind = component.under("type")
    known = names.type_name(kind.value) if isinstance(kind, Scalar) else None
    if not isinstance(kind, Scalar) or known is None:
        return
    if known != kind.value and _is_simple(kind, text):
        yield Renaming(_replaced(kind, known), f"the type {quoted(kind.value)} is called {quoted(known)} here")
    properties = component.mapping("properties")
    entries = properties.entries if properties is not None else []
    taken = {entry.name for entry in entries}
    for key in [entry.key for entry in entries]:
        current = names.property_name(known, key.value)
        if current not in taken and _is_simple(key, text):
            taken.add(current)
            yield Renaming(_replaced(key, current), f"the property {quoted(key.value)} is called {quoted(current)} now")


def _is_simple(scalar: Scalar, text: str) -> bool:
    """Whether it is written in one line, without an anchor."""
    written = text[scalar.start : scalar.end]
    return "\n" not in written and (written[0] == scalar.style if scalar.style else written == scalar.value)


def _replaced(scalar: Scalar, name: str) -> Edit:
    quote = scalar.style or ("" if _PLAIN.fullmatch(name) else '"')
    inside = name.replace("\\", "\\\\").replace('"', '\\"') if quote == '"' else name
    inside = inside.replace("'", "''") if quote == "'" else inside
    return Edit(scalar.start, scalar.end, f"{quote}{inside}{quote}")
