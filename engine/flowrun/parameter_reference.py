"""Parameters, and the one reader of `#{name}`.

Outside of expressions a reference is replaced by the parameter's value before anything else is read; inside of
`${…}` it is left to the Expression Language. Source: NiFi's `ExpressionLanguageAwareParameterParser` and `Query`.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from flowrun.errors import ExpressionError

Span = tuple[int, int]

_QUOTES = "'\""
_ONE_EXPRESSION = re.compile(r"""\$\{ (?: [^$'"{}\\]++ | '[^'\\]*+' | "[^"\\]*+" )*+ \}""", re.VERBOSE)
_SPECIAL = re.compile(r"[$'\"{}\\]")
_MARKS = re.compile(r"\$+\{|#+\{")
_INSIDE = re.compile(
    r"""\#\{ (?P<name> [^}]+ ) \} | \# [^{] [^\n]* \n | ' (?: [^'\\] | \\. )* ' | " (?: [^"\\] | \\. )* " """,
    re.VERBOSE | re.DOTALL,
)


class Parameters(NamedTuple):
    """The parameters of a flow.

    `unset` names those that are declared but have no value while a flow is only checked: they read as `""`. A name
    that is in neither is an error, unless `unknown_is_null`: then it reads as NiFi's evaluator has it, whose
    validation finds such names before. A value is looked up for a sensitive parameter outside of expressions only.
    """

    values: Mapping[str, str] = MappingProxyType({})
    sensitive: frozenset[str] = frozenset()
    unset: frozenset[str] = frozenset()
    unknown_is_null: bool = False

    def value(self, name: str, *, column: int) -> str | None:
        """The value outside of expressions; None where an unknown name is null, else such a name raises."""
        value = self.values.get(name)
        if value is not None:
            return value
        if name in self.unset:
            return ""
        if self.unknown_is_null:
            return None
        raise ExpressionError(f"there is no parameter '{name}'{self._guess(name)}", column=column)

    def value_inside_expression(self, name: str, *, column: int) -> str | None:
        """The value inside of `${…}`, where a sensitive parameter is null."""
        value = self.value(name, column=column)
        return None if name in self.sensitive else value

    def any_sensitive_in(self, text: str) -> bool:
        """Whether a sensitive parameter stands in the text, so that nobody may be shown what became of it."""
        return any(reference.name in self.sensitive for reference in references(text))

    def any_unset_in(self, text: str) -> bool:
        """Whether a parameter without a value stands in the text, so that it can't be checked yet."""
        return any(reference.name in self.unset for reference in references(text))

    def _guess(self, name: str) -> str:
        from difflib import get_close_matches  # slow to load, and needed only when something is wrong

        near = get_close_matches(name.strip(), [*self.values, *self.unset], n=1)
        return f"; did you mean '{near[0]}'?" if near else ""


NO_PARAMETERS = Parameters()


class Reference(NamedTuple):
    """One `#{name}`: the characters from `start` to `end`, which is the first behind it."""

    name: str
    start: int
    end: int
    inside_expression: bool


class Substitution(NamedTuple):
    """A text with its references replaced, and the way back from a place in it to the text as written."""

    text: str
    pieces: tuple[tuple[int, int, Reference | None], ...] = ((0, 0, None),)

    def origin(self, offset: int) -> tuple[int, Reference | None]:
        """The offset in the text as written, and the reference whose value lies there."""
        before = [piece for piece in self.pieces if piece[0] <= offset]
        start, origin, reference = before[-1]
        return (origin if reference else origin + offset - start), reference


def expression_spans(text: str, *, escaped: bool = False) -> list[Span]:
    """Where the expressions stand, or the escaped ones: from the `$` (escaped: the first) to behind the closing brace.

    What is not closed is no expression, and nothing behind it is. NiFi's counting is kept: dollar signs count as one
    run although braces, a backslash or a quoted part stand between them, and backslashes are counted from the start.
    """
    if _ONE_EXPRESSION.fullmatch(text):
        return [] if escaped else [(0, len(text))]
    spans: list[Span] = []
    depth, start, dollars, backslashes, behind, last = 0, -1, 0, 0, 0, ""
    while found := _SPECIAL.search(text, behind):
        offset, character = found.start(), found[0]
        if offset > behind:
            dollars, last = 0, ""
        behind = offset + 1
        if character in _QUOTES and start >= 0 and (last != "\\" or backslashes % 2 == 0):
            behind = _closing_quote(text, offset) + 1
            if not behind:
                break
        elif character == "}":
            if depth == 1:
                spans.append((start, behind))
                start = -1
            if depth:
                depth, last = depth - 1, character
        else:
            if character == "{":
                if last == "$" and not depth and dollars % 2 != escaped:
                    start = offset - (dollars if escaped else 1)
                depth += start >= 0
            dollars = dollars + 1 if character == "$" else 0 if character in _QUOTES else dollars
            backslashes += character == "\\"
            last = character
    return spans


def _closing_quote(text: str, opening: int) -> int:
    quote = text[opening]
    closing = text.find(quote, opening + 1)
    while closing > 0 and text[closing - 1] == "\\" and text.count("\\", opening, closing) % 2:
        closing = text.find(quote, closing + 1)
    return closing


def references(text: str) -> list[Reference]:
    """Every reference in a text, in its order; escaped ones (`##{name}`) are none."""
    if "#{" not in text:
        return []
    spans = expression_spans(text)
    found = [reference for _, _, reference in _outside(text, spans) if reference]
    for start, end in spans:
        found += _inside(text[start:end], start)
    return sorted(found, key=lambda reference: reference.start)


def substitute(text: str, parameters: Parameters) -> str:
    """The text with each reference outside of expressions replaced by its value, and `##{` by `#{`.

    An unknown name raises ExpressionError; the values are not read for further references.
    """
    return substitution(text, parameters).text if "#{" in text else text


def substitution(text: str, parameters: Parameters) -> Substitution:
    """As `substitute`, with the way back to the text as written."""
    written: list[str] = []
    pieces: list[tuple[int, int, Reference | None]] = []
    length = 0

    def write(piece: str, origin: int, reference: Reference | None) -> None:
        nonlocal length
        if piece:
            pieces.append((length, origin, reference))
            written.append(piece)
            length += len(piece)

    behind = 0
    for start, hashes, reference in _outside(text, expression_spans(text)):
        write(text[behind:start] + "#" * hashes, behind, None)
        behind = start
        if reference:
            value = parameters.value(reference.name, column=reference.start + 1)
            write(value or "", reference.start, reference)
            behind = reference.end
        else:
            behind = text.index("{", start)
    write(text[behind:], behind, None)
    return Substitution("".join(written), tuple(pieces) or ((0, 0, None),))


def _outside(text: str, spans: list[Span]) -> Iterator[tuple[int, int, Reference | None]]:
    """Each run of `#` before a brace that means something: its start, the `#` that it leaves, the reference behind."""
    offset, waiting = 0, list(spans)
    while mark := _MARKS.search(text, offset):
        start, offset = mark.span()
        while waiting and waiting[0][1] <= start:
            waiting.pop(0)
        if waiting and waiting[0][0] < offset:
            offset = waiting[0][1]
        elif text[start] == "$":
            offset = _unclosed_end(text, offset) if (offset - start) % 2 == 0 else offset
        else:
            hashes = offset - start - 1
            closing = text.find("}", offset)
            if closing < 0:
                return
            name = _name(text[offset:closing])
            if hashes % 2 and name is None:
                continue
            if hashes % 2 and name is not None:
                yield start, hashes // 2, Reference(name, start + hashes - 1, closing + 1, inside_expression=False)
            else:
                yield start, hashes // 2, None
            offset = closing + 1


def _unclosed_end(text: str, offset: int) -> int:
    """Where the braces that were opened before the offset are closed, quotes not heeded; else the end of the text."""
    depth = 1
    for position in range(offset, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if not depth:
            return position + 1
    return len(text)


def _name(written: str) -> str | None:
    """The name between the braces; None where a stray single quote makes it plain text."""
    if "'" not in written:
        return written
    quoted = written[1:-1]
    return quoted if len(written) > 1 and written == f"'{quoted}'" and "'" not in quoted else None


def _inside(expression: str, offset: int) -> list[Reference]:
    """The references in an expression, those of expressions in its quoted parts included."""
    found = []
    for token in _INSIDE.finditer(expression, 2):
        if token["name"] is not None:
            name = unquoted(token["name"])
            found.append(Reference(name, offset + token.start(), offset + token.end(), inside_expression=True))
        elif token[0][0] in _QUOTES and "#{" in token[0]:
            for start, end in expression_spans(token[0][1:-1]):
                found += _inside(token[0][start + 1 : end + 1], offset + token.start() + start + 1)
    return found


def unquoted(name: str) -> str:
    """A name as it stands between the braces inside of an expression, without the quotes of either kind around it."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in _QUOTES else name
