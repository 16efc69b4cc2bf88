"""Java's character properties: `\\p{Lower}`, `\\p{L}`, `\\p{IsGreek}`, `\\p{InGreek}`, `\\p{javaLowerCase}`."""

import string
from typing import Final

import regex

from flowrun.dialect.regex.character_set import CharacterSet

HORIZONTAL_SPACE: Final = CharacterSet(r"\x09\x20\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000")
VERTICAL_SPACE: Final = CharacterSet(r"\x0a-\x0d\x85\u2028\u2029")
ASCII_DIGIT: Final = CharacterSet("0-9")
ASCII_SPACE: Final = CharacterSet(r"\x09-\x0d\x20")
ASCII_WORD: Final = CharacterSet("0-9A-Za-z_")
UNICODE_DIGIT: Final = CharacterSet(r"\p{Nd}")
UNICODE_SPACE: Final = CharacterSet(r"\p{Z}\x09-\x0d\x85")
UNICODE_WORD: Final = CharacterSet(r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d")

_ANY_CASE = r"\p{Lowercase}\p{Uppercase}\p{Lt}"
_CASED_CATEGORIES: Final = frozenset(("Lu", "Ll", "Lt"))
_CATEGORIES: Final = frozenset(
    (
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Me", "Mc", "N", "Nd", "Nl", "No", "Z", "Zs", "Zl", "Zp"),
        *(
            "C",
            "Cc",
            "Cf",
            "Cn",
            "Co",
            "Cs",
            "P",
            "Pd",
            "Ps",
            "Pe",
            "Pc",
            "Po",
            "Pi",
            "Pf",
            "S",
            "Sm",
            "Sc",
            "Sk",
            "So",
        ),
    )
)
_IGNORABLE = r"\x00-\x08\x0e-\x1b\x7f-\x9f\p{Cf}"

_ASCII: Final = {
    "ASCII": r"\x00-\x7f",
    "Alnum": "0-9A-Za-z",
    "Alpha": "A-Za-z",
    "Blank": r"\x09\x20",
    "Cntrl": r"\x00-\x1f\x7f",
    "Digit": "0-9",
    "Graph": r"\x21-\x7e",
    "Lower": "a-z",
    "Print": r"\x20-\x7e",
    "Punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "Space": ASCII_SPACE.content,
    "Upper": "A-Z",
    "XDigit": "0-9A-Fa-f",
    "L1": r"\x00-\xff",
    "LC": r"\p{Lu}\p{Ll}\p{Lt}",
    "LD": r"\p{L}\p{Nd}",
    "all": r"\x00-\U0010ffff",
}
_JAVA: Final = {
    "javaLowerCase": r"\p{Lowercase}",
    "javaUpperCase": r"\p{Uppercase}",
    "javaTitleCase": r"\p{Lt}",
    "javaAlphabetic": r"\p{Alphabetic}",
    "javaIdeographic": r"\p{Ideographic}",
    "javaDigit": r"\p{Nd}",
    "javaDefined": r"\P{Cn}",
    "javaLetter": r"\p{L}",
    "javaLetterOrDigit": r"\p{L}\p{Nd}",
    "javaJavaIdentifierStart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}",
    "javaJavaIdentifierPart": r"\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mc}\p{Mn}" + _IGNORABLE,
    "javaUnicodeIdentifierStart": r"\p{ID_Start}",
    "javaUnicodeIdentifierPart": r"\p{ID_Continue}" + _IGNORABLE,
    "javaIdentifierIgnorable": _IGNORABLE,
    "javaSpaceChar": r"\p{Z}",
    "javaWhitespace": r"[\p{Z}--[\xa0\u2007\u202f]]\x09-\x0d\x1c-\x1f",
    "javaISOControl": r"\x00-\x1f\x7f-\x9f",
    "javaMirrored": r"\p{Bidi_Mirrored}",
}
_NAME: Final = frozenset(string.ascii_letters + string.digits)
_CASED: Final = frozenset(("javaLowerCase", "javaUpperCase", "javaTitleCase"))
_VISIBLE = r"[^\p{Z}\p{Cc}\p{Cs}\p{Cn}]"
_POSIX: Final = {
    "ALPHA": r"\p{Alphabetic}",
    "LOWER": r"\p{Lowercase}",
    "UPPER": r"\p{Uppercase}",
    "SPACE": UNICODE_SPACE.content,
    "PUNCT": r"\p{P}",
    "XDIGIT": r"\p{Nd}0-9A-Fa-f\uff10-\uff19\uff21-\uff26\uff41-\uff46",
    "ALNUM": r"\p{Alphabetic}\p{Nd}",
    "CNTRL": r"\p{Cc}",
    "DIGIT": r"\p{Nd}",
    "BLANK": r"\p{Zs}\x09",
    "GRAPH": _VISIBLE,
    "PRINT": _VISIBLE + r"\p{Zs}",
}
_BINARY: Final = {
    **_POSIX,
    "ALPHABETIC": r"\p{Alphabetic}",
    "ASSIGNED": r"\P{Cn}",
    "CONTROL": r"\p{Cc}",
    "EMOJI": r"\p{Emoji}",
    "EMOJI_PRESENTATION": r"\p{Emoji_Presentation}",
    "EMOJI_MODIFIER": r"\p{Emoji_Modifier}",
    "EMOJI_MODIFIER_BASE": r"\p{Emoji_Modifier_Base}",
    "EMOJI_COMPONENT": r"\p{Emoji_Component}",
    "EXTENDED_PICTOGRAPHIC": r"\p{Extended_Pictographic}",
    "HEXDIGIT": _POSIX["XDIGIT"],
    "HEX_DIGIT": _POSIX["XDIGIT"],
    "IDEOGRAPHIC": r"\p{Ideographic}",
    "JOINCONTROL": r"\u200c\u200d",
    "JOIN_CONTROL": r"\u200c\u200d",
    "LETTER": r"\p{L}",
    "LOWERCASE": r"\p{Lowercase}",
    "NONCHARACTERCODEPOINT": r"\p{Noncharacter_Code_Point}",
    "NONCHARACTER_CODE_POINT": r"\p{Noncharacter_Code_Point}",
    "TITLECASE": r"\p{Lt}",
    "PUNCTUATION": r"\p{P}",
    "UPPERCASE": r"\p{Uppercase}",
    "WHITESPACE": UNICODE_SPACE.content,
    "WHITE_SPACE": UNICODE_SPACE.content,
    "WORD": UNICODE_WORD.content,
}
_CASED_NAMES: Final = frozenset(("LOWER", "UPPER", "LOWERCASE", "UPPERCASE", "TITLECASE"))


def property_named(name: str, flags: frozenset[str]) -> CharacterSet | None:
    """The characters that have the property between the braces of `\\p{…}`; None if Java knows no such property."""
    key, equals, value = name.partition("=")
    if equals:
        return _property_valued(key.lower(), value, flags)
    if name.startswith("In"):
        return _library_property("Block", name[2:])
    if name.startswith("Is"):
        return _binary(name[2:], flags) or _general(name[2:], flags) or _library_property("Script", name[2:])
    if "U" in flags and (found := _posix(name, flags)):
        return found
    return _general(name, flags)


def _property_valued(key: str, value: str, flags: frozenset[str]) -> CharacterSet | None:
    if key in ("sc", "script"):
        return _library_property("Script", value)
    if key in ("blk", "block"):
        return _library_property("Block", value)
    return _general(value, flags) if key in ("gc", "general_category") else None


def _binary(name: str, flags: frozenset[str]) -> CharacterSet | None:
    return _named(_BINARY, name.upper(), flags)


def _posix(name: str, flags: frozenset[str]) -> CharacterSet | None:
    return _named(_POSIX, name.upper(), flags)


def _named(table: dict[str, str], name: str, flags: frozenset[str]) -> CharacterSet | None:
    if "i" in flags and name in _CASED_NAMES and name in table:
        return CharacterSet(_ANY_CASE)
    content = table.get(name)
    return None if content is None else CharacterSet(content)


def _general(name: str, flags: frozenset[str]) -> CharacterSet | None:
    """A general category, an ASCII class or one of the Java methods: all of them spelled exactly so."""
    ignore_case = "i" in flags
    if name in _CATEGORIES:
        return CharacterSet(_ASCII["LC"] if ignore_case and name in _CASED_CATEGORIES else f"\\p{{{name}}}")
    if ignore_case and name in ("Lower", "Upper"):
        return CharacterSet(_ASCII["Alpha"])
    if ignore_case and name in _CASED:
        return CharacterSet(_ANY_CASE)
    content = _ASCII.get(name) or _JAVA.get(name)
    return None if content is None else CharacterSet(content)


def _library_property(kind: str, value: str) -> CharacterSet | None:
    """A block or script, whose names the library knows; Java takes blanks and hyphens in those of blocks only."""
    separators = " _-" if kind == "Block" else "_"
    if not value[:1].isalnum() or not set(value) <= _NAME.union(separators):
        return None
    content = f"\\p{{{kind}={value}}}"
    try:
        regex.compile(content, regex.VERSION1)
    except regex.error:
        return None
    return CharacterSet(content)
