"""Escaping for JSON, XML, CSV and HTML, as Apache Commons Text does it."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Example, Function, NullSubject
from flowrun.expression.functions.java_text import shown, united, units
from flowrun.expression.types import ResultType

_STRING = ResultType.STRING

_JSON_UNSAFE = re.compile(r'["\\/]|[^ -~]')
_JSON_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
}
_JSON_ESCAPED = re.compile(
    r"\\(?:(?P<octal>[0-3][0-7]{0,2}|[4-7][0-7]?)|u+\+?(?P<unit>.{0,4})|(?P<letter>.?))", re.DOTALL
)
_JSON_LETTERS = {"b": "\b", "n": "\n", "t": "\t", "f": "\f", "r": "\r"}
_HEXADECIMAL = re.compile("[0-9A-Fa-f]{4}")

_BASIC_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_XML_ENTITIES = {**_BASIC_ENTITIES, "'": "&apos;"}
_XML_UNSAFE = re.compile("[&<>\"'\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_XML_NUMBERED = re.compile("[\x7f-\x9f]")
_ENTITY = re.compile(r"&(?:#(?P<hexadecimal>[xX]?)(?P<digits>[0-9A-Fa-f]+)|(?P<name>[A-Za-z][A-Za-z0-9]*));")

_CSV_SPECIAL = re.compile('[,"\r\n]')


def _escape_json(subject: str) -> str:
    return _JSON_UNSAFE.sub(lambda found: _JSON_ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04X}", units(subject))


def _unescape_json(subject: str) -> str:
    return united(_JSON_ESCAPED.sub(_json_character, subject)) if "\\" in subject else subject


def _json_character(found: re.Match[str]) -> str:
    if found["octal"]:
        return chr(int(found["octal"], 8))
    if found["unit"] is None:
        return _JSON_LETTERS.get(found["letter"], found["letter"])
    if _HEXADECIMAL.fullmatch(found["unit"]) is None:
        raise EvaluationError(f"unescapeJson(): expected \\u and four hexadecimal digits, found {shown(found[0])}")
    return chr(int(found["unit"], 16))


def _escape_xml(subject: str) -> str:
    return _XML_UNSAFE.sub(_xml_character, united(subject))


def _xml_character(found: re.Match[str]) -> str:
    character = found[0]
    if _XML_NUMBERED.match(character):
        return f"&#{ord(character)};"
    return _XML_ENTITIES.get(character, "")


def _unescape_xml(subject: str) -> str:
    return _unescaped(subject, {entity[1:-1]: character for character, entity in _XML_ENTITIES.items()})


def _unescaped(subject: str, characters: Mapping[str, str]) -> str:
    def character(found: re.Match[str]) -> str:
        if found["name"]:
            return characters.get(found["name"], found[0])
        return _numbered(found)

    return united(_ENTITY.sub(character, subject)) if "&" in subject else subject


def _numbered(found: re.Match[str]) -> str:
    try:
        code = int(found["digits"], 16 if found["hexadecimal"] else 10)
    except ValueError:  # hexadecimal digits without the x
        return found[0]
    if code > 0x7FFFFFFF:
        return found[0]
    if code > 0x10FFFF:
        raise EvaluationError(f"there is no character {shown(found[0])}")
    return chr(code)


@lru_cache(maxsize=2)
def _entities(*, latin_only: bool) -> Mapping[str, str]:
    """Character to entity, by HTML 3.2 (Latin-1 only) or HTML 4."""
    from html.entities import codepoint2name  # costs an import that most flows need not pay

    return {
        chr(code): f"&{name};"
        for code, name in codepoint2name.items()
        if not latin_only or 0xA0 <= code <= 0xFF or chr(code) in _BASIC_ENTITIES
    }


@lru_cache(maxsize=2)
def _table(*, latin_only: bool) -> Mapping[int, str]:
    return {ord(character): entity for character, entity in _entities(latin_only=latin_only).items()}


@lru_cache(maxsize=2)
def _characters(*, latin_only: bool) -> Mapping[str, str]:
    return {entity[1:-1]: character for character, entity in _entities(latin_only=latin_only).items()}


def _escape_html3(subject: str) -> str:
    return subject.translate(_table(latin_only=True))


def _escape_html4(subject: str) -> str:
    return subject.translate(_table(latin_only=False))


def _unescape_html3(subject: str) -> str:
    return _unescaped(subject, _characters(latin_only=True))


def _unescape_html4(subject: str) -> str:
    return _unescaped(subject, _characters(latin_only=False))


def _escape_csv(subject: str) -> str:
    if _CSV_SPECIAL.search(subject) is None:
        return subject
    return '"' + subject.replace('"', '""') + '"'


def _unescape_csv(subject: str) -> str:
    if subject == '"':
        raise EvaluationError("unescapeCsv(): a lone quote is no CSV")
    if subject[:1] != '"' or subject[-1:] != '"':
        return subject
    return subject[1:-1].replace('""', '"')


def _escaping(name: str, compute: Callable[[str], str], meaning: str, subject: str, result: str) -> Function:
    example = Example(f"${{text:{name}()}}", result, {"text": subject})
    return Function(name, _STRING, (), _STRING, meaning, example, compute, NullSubject.EMPTY)


FUNCTIONS = (
    _escaping(
        "escapeJson",
        _escape_json,
        'The subject as it may stand between quotes in JSON: `" \\ /` and control characters escaped, all that is not '
        "ASCII as `\\uXXXX`.",
        'say "é"',
        'say \\"\\u00E9\\"',
    ),
    _escaping("unescapeJson", _unescape_json, "The opposite of `escapeJson`.", 'say \\"\\u00E9\\"', 'say "é"'),
    _escaping(
        "escapeXml",
        _escape_xml,
        "The subject as it may stand in XML 1.0: the five entities; characters that XML can't hold are dropped.",
        "<a> & 'b'",
        "&lt;a&gt; &amp; &apos;b&apos;",
    ),
    _escaping(
        "unescapeXml",
        _unescape_xml,
        "The subject with XML's five entities, and numbers such as `&#163;`, read.",
        "&lt;a&gt; &#163;",
        "<a> £",
    ),
    _escaping(
        "escapeCsv",
        _escape_csv,
        "The subject in double quotes if it holds a comma, a quote or a line end; quotes in it are doubled.",
        'a "b", c',
        '"a ""b"", c"',
    ),
    _escaping(
        "unescapeCsv",
        _unescape_csv,
        "The subject without the quotes around it, doubled quotes made single; as it is where it is not in quotes.",
        '"a ""b"", c"',
        'a "b", c',
    ),
    _escaping(
        "escapeHtml3",
        _escape_html3,
        'The subject with the entities of HTML 3.2: `& < > "` and those of Latin-1.',
        "£ < €",
        "&pound; &lt; €",
    ),
    _escaping(
        "unescapeHtml3",
        _unescape_html3,
        "The subject with the entities of HTML 3.2, and numbers, read; others stay.",
        "&pound; &lt; &euro;",
        "£ < &euro;",
    ),
    _escaping(
        "escapeHtml4",
        _escape_html4,
        "The subject with all entities of HTML 4; the apostrophe stays.",
        "£ < €",
        "&pound; &lt; &euro;",
    ),
    _escaping(
        "unescapeHtml4",
        _unescape_html4,
        "The subject with the entities of HTML 4, and numbers, read; others, such as `&apos;`, stay.",
        "&pound; &lt; &euro; &apos;",
        "£ < € &apos;",
    ),
)
