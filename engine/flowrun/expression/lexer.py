"""From the text of one expression to its tokens. Source: NiFi's `AttributeExpressionLexer.g`.

The longest token wins; where two are equally long, a number wins over a name. So `+5` is a number, `+5a` a name.
"""

import re

from msgspec import Struct

from flowrun.errors import ExpressionError

_NO_NAME = r"${}()\[\],:;/*' \t\r\n"
_SKIPPED = r"[ \t\r\n]*+ (?: \# [^{] [^\n]*+ \n [ \t\r\n]*+ )*+"
_TOKEN = re.compile(
    rf"""
    {_SKIPPED}
    (?:
        (?P<mark> [{{}}():,] )
      | (?P<name> [^{_NO_NAME}0-9"\#.+\-] [^{_NO_NAME}]*+ ) (?: {_SKIPPED} (?P<call> \( ) )?+
      | (?P<opening> \$ {_SKIPPED} \{{ )
      | ' (?P<single> [^'\\\n\r\t]* (?: \\. [^'\\\n\r\t]* )* ) '
      | " (?P<double> [^"\\\n\r\t]* (?: \\. [^"\\\n\r\t]* )* ) "
      | (?P<parameter> \#\{{ [^}}]+ \}} )
      | (?P<digits> [0-9]+ (?: \. [0-9]* )? (?: [eE] [+-]? [0-9]+ )? )
      | (?P<signed> [.+\-] [^{_NO_NAME}]* )
      | (?P<end> \Z )
      | (?P<unknown> . )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {number: name for name, number in _TOKEN.groupindex.items()}
_MARK, _NAME, _CALL, _END = (_TOKEN.groupindex[name] for name in ("mark", "name", "call", "end"))
_STRINGS = (_TOKEN.groupindex["single"], _TOKEN.groupindex["double"])
_SIGNED_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "'": "'", '"': '"', "\\": "\\\\"}


class Token(Struct, frozen=True, gc=False):
    """A token: `kind` is call, parameter, string, decimal, whole, name, end, `${`, or the mark that it is.

    `text` of a call is the name before the parenthesis, which belongs to it. `start` is the offset.
    """

    kind: str
    text: str
    start: int


def tokens(expression: str, offset: int = 0) -> list[Token]:
    """The tokens of an expression, the end as the last; offsets count from `offset`.

    A string comes without its quotes; its escapes are replaced, but for `\\\\` and those unknown, which a string
    literal reads once it is clear where expressions stand in it. Raises ExpressionError.
    """
    found: list[Token] = []
    add = found.append
    for match in _TOKEN.finditer(expression):
        group = match.lastindex or 0
        if group == _CALL:
            add(Token("call", match[_NAME], match.start(_NAME) + offset))
            continue
        text, start = match[group], match.start(group) + offset
        if group == _MARK:
            add(Token(text, text, start))
        elif group in _STRINGS:
            add(Token("string", _ESCAPED.sub(_unescaped, text) if "\\" in text else text, start - 1))
        elif group == _END:
            break
        else:
            add(_other_token(_KINDS[group], text, start))
    add(Token("end", "", len(expression) + offset))
    return found


def _other_token(kind: str, text: str, start: int) -> Token:
    match kind:
        case "opening":
            return Token("${", text, start)
        case "digits" | "signed":
            kind = _number_kind(text)
    if kind == "unknown":
        raise _unreadable(text, start + 1)
    return Token(kind, text, start)


def _number_kind(text: str) -> str:
    """What a token is that starts as a number may: one that is no number as a whole is a name."""
    if text == ".":
        return "unknown"
    if re.fullmatch(_SIGNED_NUMBER, text) is None:
        return "name"
    return "whole" if text.lstrip("+-").isdigit() else "decimal"


def _unescaped(escape: re.Match[str]) -> str:
    return _ESCAPES.get(escape[1]) or escape[0]


def _unreadable(found: str, column: int) -> ExpressionError:
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
