"""Formatting: canonical order and current names, in the author's own layout.

The text is edited and never printed anew, so comments, quotes, indentation and empty lines are the author's to the last
character. What comes out is loaded again and compared with what went in: formatting never changes what a flow means.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from flowrun.errors import FlowError, Place, Problem, Severity
from flowrun.flow.definition import FlowDefinition
from flowrun.flow.formatting.edits import apply
from flowrun.flow.formatting.meaning import meaning
from flowrun.flow.formatting.naming import renamings
from flowrun.flow.formatting.order import LEVELS, first_misplaced, in_order, ordered_mappings
from flowrun.flow.formatting.source import place_of, read_source
from flowrun.flow.formatting.vocabulary import TypeNames, Vocabulary
from flowrun.flow.loader import load_flow_text

__all__ = ["Change", "Formatted", "TypeNames", "Vocabulary", "format_flow"]


class _Aspect(Struct, frozen=True):
    """One side of formatting: how it changes a text, and what it then tells."""

    format: Callable[[str, Vocabulary], str]
    changes: Callable[[str, Path, Vocabulary], Iterator["Change"]]


class Change(Struct, frozen=True):
    """One thing that formatting changes, and where it stands in the text as it was."""

    message: str
    place: Place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Formatted(Struct, frozen=True):
    """A flow file's text as it should be, and what was changed; nothing, if it was so already."""

    text: str
    changes: tuple[Change, ...]


def format_flow(text: str, path: Path, vocabulary: Vocabulary) -> Formatted:
    """Format the text of a flow file.

    Raises FlowError with the loader's problems if there is an error among them, or if no way of formatting it leaves
    its meaning alone.
    """
    before = _loaded(text, path)
    for aspects in ((_NAMES, _ORDER), (_NAMES,), (_ORDER,)):
        formatted = text
        for aspect in aspects:
            formatted = aspect.format(formatted, vocabulary)
        if formatted == text:
            return Formatted(text, ())
        if _means(formatted, path, before, vocabulary):
            changes = (change for aspect in aspects for change in aspect.changes(text, path, vocabulary))
            return Formatted(formatted, tuple(sorted(changes, key=_by_place)))
    raise FlowError(Problem("formatting this file would change what it means, so it was left as it is", before.place))


def _loaded(text: str, path: Path) -> FlowDefinition:
    loaded = load_flow_text(text, path)
    errors = [problem for problem in loaded.problems if problem.severity is Severity.ERROR]
    if errors or loaded.definition is None:
        raise FlowError(loaded.problems)
    return loaded.definition


def _means(text: str, path: Path, before: FlowDefinition, vocabulary: Vocabulary) -> bool:
    try:
        after = _loaded(text, path)
    except FlowError:
        return False
    return meaning(after, vocabulary) == meaning(before, vocabulary)


def _with_names(text: str, vocabulary: Vocabulary) -> str:
    return apply([renaming.edit for renaming in renamings(read_source(text), text, vocabulary)], text)


def _with_order(text: str, vocabulary: Vocabulary) -> str:
    for level in range(LEVELS):
        is_root = level == LEVELS - 1
        mappings = ordered_mappings(read_source(text), level)
        edits = [in_order(mapping, known, text, is_root=is_root) for mapping, known in mappings]
        text = apply([edit for edit in edits if edit is not None], text)
    return text


def _changes_of_names(text: str, path: Path, vocabulary: Vocabulary) -> Iterator[Change]:
    for renaming in renamings(read_source(text), text, vocabulary):
        yield Change(renaming.message, place_of(renaming.edit.start, text, str(path)))


def _changes_of_order(text: str, path: Path, vocabulary: Vocabulary) -> Iterator[Change]:
    root = read_source(text)
    for level in range(LEVELS):
        for mapping, known in ordered_mappings(root, level):
            if in_order(mapping, known, text, is_root=mapping is root) is not None:
                index, message = first_misplaced(mapping, known)
                yield Change(message, place_of(index, text, str(path)))


_NAMES = _Aspect(_with_names, _changes_of_names)
_ORDER = _Aspect(_with_order, _changes_of_order)


def _by_place(change: Change) -> tuple[int, int]:
    return (change.place.line, change.place.column)
