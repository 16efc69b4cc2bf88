"""From a property's text to its parts: literal text, and the terms of its expressions."""

from typing import NamedTuple, TypeAlias

from flowrun.errors import ExpressionError
from flowrun.expression.parser import Parser, Uses
from flowrun.expression.scanner import halve_trailing_dollars, pieces
from flowrun.expression.types import Term
from flowrun.parameter_reference import Parameters, Substitution, references, substitution

Part: TypeAlias = str | Term


class Reading(NamedTuple):
    """What was read: the parts, and what they depend on."""

    parts: tuple[Part, ...]
    attributes: frozenset[str]
    by_pattern: bool
    parameters: frozenset[str]
    is_sensitive: bool


def read(text: str, parameters: Parameters) -> Reading:
    """The parts of a text. Raises ExpressionError with the column in the text as written."""
    uses = Uses()
    is_sensitive = False
    try:
        if "#{" in text:
            parts = _read_substituted(text, parameters, uses)
            uses.parameters.update(reference.name for reference in references(text))
            is_sensitive = not parameters.sensitive.isdisjoint(uses.parameters)
        else:
            parts = _parts(text, parameters, uses)
    except RecursionError:
        raise ExpressionError("expressions are nested too deeply") from None
    return Reading(tuple(parts), frozenset(uses.attributes), uses.by_pattern, frozenset(uses.parameters), is_sensitive)


def _read_substituted(text: str, parameters: Parameters, uses: Uses) -> list[Part]:
    replaced = substitution(text, parameters)
    try:
        return _parts(replaced.text, parameters, uses)
    except ExpressionError as error:
        raise _placed(error, replaced, parameters) from error


def _placed(error: ExpressionError, replaced: Substitution, parameters: Parameters) -> ExpressionError:
    """The error at its place in the text as written; what a sensitive parameter holds is not told."""
    if error.column is None:
        return error
    offset, reference = replaced.origin(error.column - 1)
    if reference is None:
        return ExpressionError(error.message, column=offset + 1)
    why = "the reason is not told, since it is sensitive" if reference.name in parameters.sensitive else error.message
    return ExpressionError(f"in the value of the parameter '{reference.name}': {why}", column=offset + 1)


def _parts(text: str, parameters: Parameters, uses: Uses) -> list[Part]:
    parts: list[Part] = []
    for piece in pieces(text):
        if not piece.is_expression:
            parts.append(piece.text)
            continue
        term = Parser(piece.text, parameters, uses, offset=piece.start).parse()
        if term.is_attribute and parts and isinstance(parts[-1], str):
            parts[-1] = halve_trailing_dollars(parts[-1], unless_all=True)
        parts.append(term)
    return parts
