"""Changes of a text, by character."""

from collections.abc import Iterable

from msgspec import Struct


class Edit(Struct, frozen=True):
    """What stands from `start` up to `end` becomes `text`."""

    start: int
    end: int
    text: str


def apply(edits: Iterable[Edit], text: str) -> str:
    """The text after all edits, none of which may overlap another."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
