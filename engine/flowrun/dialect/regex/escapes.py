"""What a backslash means that stands for one character, or for one of a set."""

import string
import unicodedata
from typing import Final

from flowrun.dialect.regex.character_set import CharacterSet
from flowrun.dialect.regex.properties import (
    ASCII_DIGIT,
    ASCII_SPACE,
    ASCII_WORD,
    HORIZONTAL_SPACE,
    UNICODE_DIGIT,
    UNICODE_SPACE,
    UNICODE_WORD,
    VERTICAL_SPACE,
    property_named,
)
from flowrun.dialect.regex.reader import END, PatternReader

_CONTROL: Final = {"a": "\x07", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEXADECIMAL: Final = frozenset(string.hexdigits)
_OCTAL: Final = frozenset(string.octdigits)
_LAST_CODE: Final = 0x10FFFF
_SETS: Final = {
    "d": (ASCII_DIGIT, UNICODE_DIGIT),
    "h": (HORIZONTAL_SPACE, HORIZONTAL_SPACE),
    "s": (ASCII_SPACE, UNICODE_SPACE),
    "v": (VERTICAL_SPACE, VERTICAL_SPACE),
    "w": (ASCII_WORD, UNICODE_WORD),
}


def set_escape(letter: str, flags: frozenset[str]) -> CharacterSet | None:
    """`\\d \\h \\s \\v \\w` and their upper-case opposites; None for any other letter."""
    both = _SETS.get(letter.lower())
    if both is None:
        return None
    found = both["U" in flags]
    return found.negated() if letter.isupper() else found


def character_escape(reader: PatternReader, letter: str) -> str:
    """The one character that an escape stands for, its letter just read; raises ExpressionError if none."""
    match letter:
        case "0":
            return _octal(reader)
        case "c":
            if reader.raw() is END:
                raise reader.error("\\c must be followed by a character")
            return chr(ord(reader.read()) ^ 64)
        case "x":
            return _hexadecimal(reader)
        case "u":
            return _unicode(reader)
        case "N":
            return _character_named(reader)
    if letter in _CONTROL:
        return _CONTROL[letter]
    if letter is END:
        raise reader.error("a backslash at the end escapes nothing; write \\\\ for the backslash itself")
    if letter.isascii() and letter.isalnum():
        raise reader.error(f"\\{letter} is no escape of Java's regular expressions")
    return letter


def property_escape(reader: PatternReader) -> CharacterSet:
    """`\\p{…}`, `\\pL` and `\\P…`, the reader standing on the `p`."""
    negated = reader.raw() == "P"
    if reader.next() == "{":
        name = _braced(reader, "\\p{")
    else:
        name = reader.read()
    found = property_named(name, reader.flags)
    if found is None:
        raise reader.error(f"unknown character property {name!r}")
    return found.negated() if negated else found


def _braced(reader: PatternReader, opening: str) -> str:
    """The text up to the closing brace, the reader standing on the opening one."""
    reader.position += 1
    name = ""
    while (character := reader.raw()) != "}":
        if character is END:
            raise reader.error(f"{opening} has no closing brace")
        name += character
        reader.position += 1
    reader.position += 1
    return name


def _octal(reader: PatternReader) -> str:
    digits = ""
    while len(digits) < 3 and reader.peek() in _OCTAL and int(digits + reader.peek(), 8) <= 0o377:
        digits += reader.read()
    if not digits:
        raise reader.error("\\0 must be followed by one to three octal digits")
    return chr(int(digits, 8))


def _hexadecimal(reader: PatternReader) -> str:
    digits = ""
    if reader.peek() == "{":
        reader.position += 1
        while reader.peek() in _HEXADECIMAL:
            digits += reader.read()
        if reader.read() != "}" or not digits or int(digits, 16) > _LAST_CODE:
            raise reader.error("\\x{…} must hold a hexadecimal code point of at most 10FFFF")
        return chr(int(digits, 16))
    return chr(_code(reader, 2))


def _unicode(reader: PatternReader) -> str:
    """`\\uXXXX`; two of them that are a surrogate pair are one character."""
    code = _code(reader, 4)
    if 0xD800 <= code < 0xDC00 and reader.raw() == "\\" and reader.raw(1) == "u":
        before = reader.position
        reader.position += 2
        low = _code(reader, 4)
        if 0xDC00 <= low < 0xE000:
            return chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00)
        reader.position = before
    return chr(code)


def _code(reader: PatternReader, length: int) -> int:
    digits = ""
    while len(digits) < length:
        digit = reader.read()
        if digit not in _HEXADECIMAL:
            raise reader.error(f"expected {length} hexadecimal digits")
        digits += digit
    return int(digits, 16)


def _character_named(reader: PatternReader) -> str:
    if reader.peek() != "{":
        raise reader.error("\\N must be followed by a character's name in braces")
    name = _braced(reader, "\\N{")
    try:
        return unicodedata.lookup(name)
    except KeyError:
        raise reader.error(f"unknown character name {name!r}") from None
