"""From the text of one expression to its tokens. Source: NiFi's `AttributeExpressionLexer.g`.

The longest token wins; where two are equally long, a number wins over a name.
"""

import re
from typing import NamedTuple

from flowrun.errors import ExpressionError

_NAME_CHARACTER = r"[^${}()\[\],:;/*' \t\r\n]"
_DIGITS = r"(?: [0-9]+ \. [0-9]* (?: [eE] [+-]? [0-9]+ )? | [0-9]+ [eE] [+-]? [0-9]+ )"
_FRACTION = r"[+-]? \. [0-9]+ (?: [eE] [+-]? [0-9]+ )?"

_SKIPPED = r"(?: [ \t\r\n]+ | \# [^{] [^\n]* \n )*"
_BETWEEN = re.compile(_SKIPPED, re.VERBOSE)
_TOKEN = re.compile(
    rf"""
    {_SKIPPED}
    (?:
        (?P<parameter> \#\{{ [^}}]+ \}} )
      | ' (?P<single> (?: [^'\\\n\r\t] | \\. )* ) '
      | " (?P<double> (?: [^"\\\n\r\t] | \\. )* ) "
      | (?P<decimal> {_DIGITS} | (?: {_FRACTION} | [+-] {_DIGITS} ) (?! {_NAME_CHARACTER} ) )
      | (?P<whole> [0-9]+ | [+-] [0-9]+ (?! {_NAME_CHARACTER} ) )
      | (?P<name> (?! [0-9\#"] | \. (?! {_NAME_CHARACTER} ) ) {_NAME_CHARACTER}+ )
      | (?P<mark> [${{}}():,] )
      | (?P<end> \Z )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\\\"}


class Token(NamedTuple):
    """A token: `kind` is parameter, string, decimal, whole, name, mark or end; `start` its offset."""

    kind: str
    text: str
    start: int


def tokens(expression: str, offset: int = 0) -> list[Token]:
    """The tokens of an expression, the end as the last; offsets count from `offset`.

    A string comes without its quotes; its escapes are replaced, but for `\\\\` and those unknown, which a string
    literal reads once it is clear where expressions stand in it. Raises ExpressionError.
    """
    found: list[Token] = []
    append, match = found.append, _TOKEN.match
    position = 0
    while True:
        token = match(expression, position)
        if token is None:
            raise _unreadable(expression, position, offset)
        kind = token.lastgroup
        assert kind is not None  # every alternative is a named group
        text = token[kind]
        start = token.start(kind) + offset
        if kind in ("single", "double"):
            kind, start = "string", start - 1
            if "\\" in text:
                text = _ESCAPED.sub(_unescaped, text)
        append(Token(kind, text, start))
        if kind == "end":
            return found
        position = token.end()


def _unescaped(escape: re.Match[str]) -> str:
    return _ESCAPES.get(escape[1]) or escape[0]


def _unreadable(expression: str, position: int, offset: int) -> ExpressionError:
    between = _BETWEEN.match(expression, position)
    position = between.end() if between else position
    found = expression[position]
    column = offset + position + 1
    if found in "'\"":
        return ExpressionError("a string can't hold a raw line break or tab: write \\n, \\r or \\t", column=column)
    if found == "#":
        return ExpressionError(
            "'#' starts a comment, which must hold a character and end with a line break; "
            "a parameter is #{name}, an attribute with '#' in front is '#name' in quotes",
            column=column,
        )
    if found in "[]/*":
        return ExpressionError(f"'{found}' can't be part of a bare name: put the name in quotes", column=column)
    return ExpressionError(f"'{found}' has no meaning here", column=column)
