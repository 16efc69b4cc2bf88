"""From a property's text to literal pieces and expressions, and what happens to dollar signs between them.

Source: NiFi's `Query.prepare`.
"""

from typing import NamedTuple

from flowrun.parameter_reference import expression_spans


class Piece(NamedTuple):
    """An expression, or literal text, with its offset in the property's text."""

    text: str
    start: int
    is_expression: bool


def pieces(text: str) -> list[Piece]:
    """The pieces of a text, in order, none of them empty.

    In the literal ones `$$` has become `$`, as soon as the text holds any expression, be it an escaped one.
    """
    spans = expression_spans(text) if "${" in text else []
    are_expressions = bool(spans)
    if not spans and "${" in text:
        spans = expression_spans(text, escaped=True)
    if not spans:
        return [Piece(text, 0, is_expression=False)] if text else []
    found: list[Piece] = []
    behind = 0
    for start, end in spans:
        if start > behind:
            found.append(_literal(text[behind:start], behind))
        expression = text[start:end]
        found.append(Piece(expression, start, True) if are_expressions else _literal(expression, start))
        behind = end
    if behind < len(text):
        found.append(_literal(text[behind:], behind))
    return found


def _literal(text: str, start: int) -> Piece:
    """A literal piece, its dollar signs halved up to the first brace."""
    before, brace, behind = text.partition("{")
    return Piece(before.replace("$$", "$") + brace + behind, start, is_expression=False)


def halve_trailing_dollars(text: str, *, unless_all: bool) -> str:
    """The text with half of the dollar signs at its end, as happens in front of a bare attribute, on top of the rest.

    `unless_all` leaves a text alone that is nothing but dollar signs.
    """
    dollars = len(text) - len(text.rstrip("$"))
    if unless_all and dollars == len(text):
        return text
    return text[: len(text) - dollars // 2]
