"""String literals and names: which expressions stand in them, and how `$$` and backslashes are read.

Source: NiFi's `ExpressionCompiler.newStringLiteralEvaluator` and `StringLiteralEvaluator`.
"""

import re
from collections.abc import Callable

from flowrun.expression.conversion import convert
from flowrun.expression.scanner import halve_trailing_dollars
from flowrun.expression.scope import Scope
from flowrun.expression.types import Constant, Literal, ResultType, Term, Value
from flowrun.parameter_reference import Span, expression_spans

ParseEmbedded = Callable[[str, int], Term]

_BACKSLASH = re.compile(r"\\(.?)", re.DOTALL)
_READ = {"n": "\n", "r": "\r", "\\": "\\", "": ""}
_ESCAPED_DOLLARS = re.compile("\\$\\$(?=\\$*\\{[^\n\r\x85\u2028\u2029]*?\\})")


def literal_term(text: str, start: int, parse_embedded: ParseEmbedded) -> Term:
    """The term for a literal's text as the lexer gives it; `start` is the offset of its first character.

    `parse_embedded` reads an expression that stands in it, given its text and offset.
    """
    column = start + 1
    if "$" not in text and "\\" not in text:
        return Literal(text, column)
    parts = _parts(text, start, parse_embedded)
    if len(parts) == 1:
        [part] = parts
        if isinstance(part, Term):
            return convert(part, ResultType.STRING)
        return Literal(part, column)
    return _concatenation(
        [part if isinstance(part, str) else convert(part, ResultType.STRING) for part in parts], column
    )


def _parts(text: str, start: int, parse_embedded: ParseEmbedded) -> list[str | Term]:
    spans = expression_spans(text) if "${" in text else []
    if not spans:
        return [*_escaped_parts(text)]
    parts: list[str | Term] = []
    behind = 0
    for span_start, span_end in spans:
        embedded = parse_embedded(text[span_start:span_end], start + span_start)
        if span_start > behind:
            before = text[behind:span_start]
            if embedded.is_attribute:
                before = halve_trailing_dollars(before, unless_all=False)
            parts += _parts(before, start + behind, parse_embedded)
        parts.append(embedded)
        behind = span_end
    if behind < len(text):
        parts += _parts(text[behind:], start + behind, parse_embedded)
    return parts


def _escaped_parts(text: str) -> list[str]:
    spans: list[Span] = expression_spans(text, escaped=True) if "${" in text else []
    parts: list[str] = []
    behind = 0
    for start, end in spans:
        if start > behind:
            parts.append(_read(text[behind:start]))
        parts.append(_read(_ESCAPED_DOLLARS.sub("$", text[start:end])))
        behind = end
    if behind < len(text) or not parts:
        parts.append(_read(text[behind:]))
    return parts


def _read(text: str) -> str:
    """Backslashes for good: `\\\\` is one, others stay, and one at the very end is dropped."""
    if "\\" not in text:
        return text
    return _BACKSLASH.sub(lambda found: _READ.get(found[1], found[0]), text)


def _concatenation(parts: list[str | Term], column: int) -> Term:
    """The parts, all of them Strings, in one text; null counts as nothing."""
    terms = [part for part in parts if isinstance(part, Term)]
    name = "the string"
    if all(term.constant for term in terms):
        texts = [part if isinstance(part, str) else part.value for part in parts]
        return Constant(ResultType.STRING, "".join([str(text) for text in texts if text]), column=column, name=name)
    pieces = [part if isinstance(part, str) else part.evaluate for part in parts]

    def evaluate(scope: Scope) -> Value:
        texts = [piece if isinstance(piece, str) else piece(scope) for piece in pieces]
        return "".join([text for text in texts if isinstance(text, str)])

    depth = max(term.depth for term in terms) + 1
    return Term(ResultType.STRING, evaluate, column=column, name=name, depth=depth)
