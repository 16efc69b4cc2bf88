"""JSON as NiFi reads and prints it: a strict reader, and a printer that writes doubles as Java does or as they were.

NiFi source: `JacksonJsonProvider` as `AbstractJsonPathProcessor` and `JsonPathBaseEvaluator` use it.
"""

import re
from json import JSONDecodeError, JSONDecoder
from json.encoder import encode_basestring
from typing import Literal, NoReturn, Self, TypeAlias

from flowrun.dialect.character_sets import decode_utf8
from flowrun.dialect.numbers import format_double
from flowrun.errors import EvaluationError

JsonValue: TypeAlias = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None

Doubles: TypeAlias = Literal["java", "text"]

_BLANKS = " \t\n\r"
_EXPECTATIONS = {
    "Expecting value": "a value",
    "Expecting ',' delimiter": "',' or the end of the list or object",
    "Expecting ':' delimiter": "':'",
    "Expecting property name enclosed in double quotes": "a name in double quotes",
    "Illegal trailing comma before end of object": "a name in double quotes after the comma",
    "Illegal trailing comma before end of array": "a value after the comma",
    "Invalid control character at": "an escape such as \\n in place of a raw control character",
    "Unterminated string starting at": "a closing double quote for the string that starts here",
    "Invalid \\escape": 'one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX',
    "Invalid \\uXXXX escape": "four hexadecimal digits after \\u",
}
_CONSTANT_OUTSIDE_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"|(NaN|-?Infinity)', re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPED_SURROGATES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:u00[0-9a-f]{2}|.)", re.DOTALL)


class JsonError(EvaluationError):
    """A text that is not JSON, or not such as can be read.

    `line` and `column` count from 1; None where no single place is to blame. `expected` is what should stand there; it
    quotes nothing of the text, as the message does.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None, expected: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.expected = expected


class JsonNumber(float):
    """A number with a fraction or an exponent: counts as a float, and `text` is how the document spelled it."""

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        self = super().__new__(cls, text)
        self.text = text
        return self


class _ConstantError(Exception):
    """NaN or Infinity was met; the scanner does not say where."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(name)


_DECODER = JSONDecoder(parse_float=JsonNumber, parse_constant=_refuse_constant)


def read_json(text: str | bytes, *, trailing: bool = True, maximum_string_length: int | None = None) -> JsonValue:
    """The first JSON value in a text, whole numbers exact, other numbers as `JsonNumber`, the last of equal names kept.

    The grammar is strict; what follows the first value is ignored unless `trailing` is false. Bytes are UTF-8 without a
    byte order mark. As in NiFi, bytes that are not UTF-8 become U+FFFD, and an escaped half of a surrogate pair becomes
    `?`: no encoding could write it again. `maximum_string_length` counts UTF-16 units, and does not hold for names.

    Raises JsonError.
    """
    if isinstance(text, bytes):
        text = decode_utf8(text)
    start = len(text) - len(text.lstrip(_BLANKS))
    value, end = _decode(text, start)
    _check_end(text, start, end, trailing=trailing)
    if _SURROGATE_ESCAPE.search(text):
        value, _ = _decode(_ESCAPED_SURROGATES.sub(_without_half_pair, text), start)
    if maximum_string_length is not None and 2 * len(text) > maximum_string_length:
        _check_strings(value, maximum_string_length)
    return value


def read_document(text: str | bytes, *, maximum_string_length: int | None = None) -> JsonValue:
    """A JSON document for a JsonPath to look into: as `read_json`, but a bare `null` is refused, as in NiFi."""
    document = read_json(text, maximum_string_length=maximum_string_length)
    if document is None:
        raise EvaluationError("expected a JSON document to look into, found null")
    return document


def print_json(value: JsonValue, *, doubles: Doubles = "java") -> str:
    """Compact JSON: member order kept, non-ASCII and `/` as they are; numbers as Java prints them or as they were read.

    Where the text is not known, as of a sum, `text` prints as Java does. Raises EvaluationError if nested too deeply.
    """
    pieces: list[str] = []
    try:
        _print_into(pieces, value, doubles)
    except RecursionError:
        raise EvaluationError("the lists and objects of this JSON are nested too deeply to be printed") from None
    return "".join(pieces)


def print_scalar(value: str | float | None, *, doubles: Doubles = "java", null: str = "") -> str:
    """A string, number, boolean or null as an attribute holds it: strings without quotes, null as `null` says."""
    if isinstance(value, str):
        return value
    if value is None:
        return null
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return _print_float(value, doubles)


def _print_float(value: float, doubles: Doubles) -> str:
    if doubles == "text" and isinstance(value, JsonNumber):
        return value.text
    return format_double(value)


def _print_into(pieces: list[str], value: JsonValue, doubles: Doubles) -> None:
    if isinstance(value, str):
        pieces.append(_quote(value))
    elif isinstance(value, dict):
        before = "{"
        for name, member in value.items():
            pieces.append(f"{before}{_quote(name)}:")
            _print_into(pieces, member, doubles)
            before = ","
        pieces.append("}" if value else "{}")
    elif isinstance(value, list):
        before = "["
        for item in value:
            pieces.append(before)
            _print_into(pieces, item, doubles)
            before = ","
        pieces.append("]" if value else "[]")
    else:
        text = print_scalar(value, doubles=doubles, null="null")
        # JSON has no Infinity or NaN: Jackson prints them as strings.
        pieces.append(f'"{text}"' if text[-1] in "yN" else text)


def _quote(text: str) -> str:
    quoted: str = encode_basestring(text)
    if "\\u00" in quoted:
        return _ESCAPE.sub(_upper_hexadecimal, quoted)
    return quoted


def _upper_hexadecimal(escape: re.Match[str]) -> str:
    return escape[0] if len(escape[0]) == 2 else "\\u" + escape[0][2:].upper()


def _decode(text: str, start: int) -> tuple[JsonValue, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except JSONDecodeError as error:
        raise _syntax_error(text, error.pos, _EXPECTATIONS.get(error.msg, error.msg)) from None
    except _ConstantError as error:
        raise _constant_error(text, str(error)) from None
    except RecursionError:
        raise JsonError("not JSON that can be read: lists and objects are nested too deeply") from None
    except ValueError:
        raise JsonError("not JSON that can be read: a whole number has more than 4,300 digits") from None


def _without_half_pair(escape: re.Match[str]) -> str:
    return "?" if escape[1] else escape[0]


def _check_end(text: str, start: int, end: int, *, trailing: bool) -> None:
    if end == len(text):
        return
    following = text[end]
    if text[start] in "tfn":
        ends = not (following.isalnum() or following == "_")
    else:
        ends = text[start] in '"[{' or following in _BLANKS
    if not ends:
        raise _syntax_error(text, end, "a blank or the end of the text")
    rest = text[end:].lstrip(_BLANKS)
    if rest and not trailing:
        raise _syntax_error(text, len(text) - len(rest), "the end of the text")


def _check_strings(document: JsonValue, maximum: int) -> None:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and 2 * len(value) > maximum:
            length = len(value.encode("utf-16-le", "surrogatepass")) // 2
            if length > maximum:
                raise JsonError(f"expected JSON strings of at most {maximum:,} characters, found one of {length:,}")


def _constant_error(text: str, name: str) -> JsonError:
    for found in _CONSTANT_OUTSIDE_STRINGS.finditer(text):
        if found[1]:
            return _syntax_error(text, found.start(), "a JSON value")
    return JsonError(f"not JSON: {name} is not a JSON value")


def _syntax_error(text: str, offset: int, expected: str) -> JsonError:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    found = repr(text[offset : offset + 12]) if offset < len(text) else "the end of the text"
    if text[offset : offset + 1] == "\ufeff":
        found = "a byte order mark, which JSON may not start with"
    message = f"not JSON: line {line}, column {column}: expected {expected}, found {found}"
    return JsonError(message, line=line, column=column, expected=expected)
