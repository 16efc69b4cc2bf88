"""YAML's syntax errors in words that say what to do, at the place where it is to be done.

No message shows a value: the file may hold a secret.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml
from msgspec import Struct

from flowrun.flow.wording import COMMENTED_REFERENCE, NO_COLON
from flowrun.flow.yaml_text import BEFORE_COMMENTED_REFERENCE

_PARSED_AGAIN_UP_TO = 256 << 10
_PARSED_AGAIN_DOWN_TO = 100
_COMMENT = re.compile(r"(?:^|[ \t])#")
_BEFORE_VALUE = re.compile(r"^[ \t]*(?:-[ \t]+)*|:[ \t]+|,[ \t]*|[\[{][ \t]*")
_BEFORE_FIRST_VALUE = re.compile(r"[ \t]*(?:-[ \t]+)*(?:[^\s'\"\[{][^:]*:[ \t]+)?")


class Explanation(NamedTuple):
    """One helpful line and its place, counted from 1."""

    message: str
    line: int
    column: int


def explain(error: yaml.MarkedYAMLError, text: str) -> Explanation:
    """What is wrong and where. Small files are parsed again by PyYAML's own parser, whose marks are nearer."""
    if len(text) <= _PARSED_AGAIN_UP_TO:
        error = _parsed_again(text) or error
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Explanation(f"this file is not valid YAML: {error.problem}", 1, 1)
    at = _spot(text, mark)
    begin = _spot(text, error.context_mark) if error.context_mark else at
    mistake = _Mistake(text, error.problem or "", error.context or "", at, begin)
    for rule in _RULES:
        explanation = rule(mistake)
        if explanation is not None:
            return explanation
    return at.says(f"this file is not valid YAML: {mistake.problem}")


def _parsed_again(text: str) -> yaml.MarkedYAMLError | None:
    """What PyYAML's own parser says; None where it has no answer, or brackets are nested so deeply that it is slow."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _PARSED_AGAIN_DOWN_TO:
                return None
    except yaml.MarkedYAMLError as nearer:
        return nearer
    except (OverflowError, ValueError):  # an escape such as \UFFFFFFFF, which it takes for a character
        return None
    return None


class _Spot(Struct, frozen=True):
    """A position in the text and what stands around it on its line."""

    index: int
    line: int
    column: int
    before: str
    character: str

    def says(self, message: str, *, column: int | None = None) -> Explanation:
        return Explanation(message, self.line, self.column if column is None else column)


class _Mistake(Struct, frozen=True):
    """What the parser said: the problem at `at`, in what began at `begin`."""

    text: str
    problem: str
    context: str
    at: _Spot
    begin: _Spot


def _spot(text: str, mark: yaml.Mark) -> _Spot:
    index = min(mark.index, len(text))
    return _Spot(index, mark.line + 1, mark.column + 1, text[index - mark.column : index], text[index : index + 1])


def _commented_reference(mistake: _Mistake) -> Explanation | None:
    """`{a: #{b}}`, `key #{b}: c`: the comment took the rest of the line, and the parser stumbled later."""
    text, begin = mistake.text, mistake.begin
    start = 0 if "document start" in mistake.problem else begin.index - len(begin.before)
    for found in BEFORE_COMMENTED_REFERENCE.finditer(text, start, mistake.at.index):
        line_start = text.rfind("\n", 0, found.start()) + 1
        before = text[line_start : found.end()]
        in_quotes = before.count("'") % 2 or before.count('"') % 2
        if before.strip() and not in_quotes and not _COMMENT.search(before):
            return Explanation(COMMENTED_REFERENCE, text.count("\n", 0, line_start) + 1, _value_start(before) + 1)
    return None


def _unquoted_reference(mistake: _Mistake) -> Explanation | None:
    at = mistake.at
    opening = at.before[-1:] + at.character
    if opening not in ("${", "#{") or "flow" not in mistake.context:
        return None
    return at.says(f"'{opening}' inside {{…}} or […]: put this in quotes", column=_value_start(at.before[:-1]) + 1)


def _tab(mistake: _Mistake) -> Explanation | None:
    at = mistake.at
    indentation = re.match(r"[ \t]*", at.before + at.character)
    column = indentation[0].find("\t") if indentation else -1
    if column < 0 and at.character == "\t":
        column = len(at.before)
    return at.says("a tab: YAML is indented with blanks, never with tabs", column=column + 1) if column >= 0 else None


def _first_character(mistake: _Mistake) -> Explanation | None:
    """A plain value that begins with a character that YAML uses otherwise: `@`, `%`, `` ` ``, `*`, `&`, `|`."""
    spot = mistake.at
    if re.search("scanning an? (alias|anchor|tag|block scalar)|parsing a tag", mistake.context):
        spot = mistake.begin
    elif not re.search("cannot start any token|node content|undefined tag", mistake.problem):
        return None
    if not spot.character.strip():
        return None
    return spot.says(f"a value that begins with '{spot.character}': put this in quotes")


def _escape(mistake: _Mistake) -> Explanation | None:
    if "escape" not in mistake.problem:
        return None
    backslash = mistake.at.before.rfind("\\")
    message = "this backslash begins no escape that YAML knows in double quotes: use single quotes"
    return mistake.at.says(message, column=backslash + 1 if backslash >= 0 else None)


def _open_quote(mistake: _Mistake) -> Explanation | None:
    return mistake.begin.says("this quote is never closed") if "quoted scalar" in mistake.context else None


def _after_the_end(mistake: _Mistake) -> Explanation | None:
    """Text after a closing quote or bracket: `'it's'`, `[a-z]+`."""
    at = mistake.at
    last = at.before.rstrip()[-1:]
    if last in ("'", '"') and at.character not in ("\n", "\r", ""):
        return at.says(f"text follows the closing quote: double a {last} that belongs to the text, or use other quotes")
    value = _first_value(at.before)
    opening = at.before[value : value + 1]
    if last in ("]", "}") and opening in ("[", "{") and "flow" not in mistake.context:
        message = f"a value that begins with '{opening}' and goes on after the bracket: put this in quotes"
        return at.says(message, column=value + 1)
    return None


def _second_colon(mistake: _Mistake) -> Explanation | None:
    if "mapping values are not allowed" not in mistake.problem:
        return None
    at = mistake.at
    value = _first_value(at.before)
    if ":" in at.before[:value]:
        return at.says("': ' inside a value: put this in quotes", column=value + 1)
    above = mistake.text[: at.index - len(at.before)].rstrip("\r\n").rpartition("\n")[2]
    if at.line > 1 and above.strip() and not re.search(r":\s|:$|^\s*[-#]", above):
        return Explanation(NO_COLON, at.line - 1, len(above) - len(above.lstrip()) + 1)
    return at.says("a key cannot stand here: check the indentation of this line", column=value + 1)


def _list_beside_key(mistake: _Mistake) -> Explanation | None:
    if "sequence entries are not allowed" not in mistake.problem:
        return None
    return mistake.at.says("a value that begins with '- ': put this in quotes, or begin a list on its own line")


def _open_bracket(mistake: _Mistake) -> Explanation | None:
    if "flow" not in mistake.context:
        return None
    at, begin = mistake.at, mistake.begin
    if at.line == begin.line and at.character not in ("\n", "\r", ""):
        closing = "}" if begin.character == "{" else "]"
        return at.says(f"expected ',' or '{closing}' here")
    if begin.character not in ("[", "{"):
        return begin.says("expected a value, or the bracket that closes what is open")
    return begin.says(f"this '{begin.character}' is never closed")


def _no_colon(mistake: _Mistake) -> Explanation | None:
    if "expected ':'" not in mistake.problem:
        return None
    return mistake.begin.says(NO_COLON)


def _alignment(mistake: _Mistake) -> Explanation | None:
    if "block" not in mistake.context:
        return None
    return mistake.at.says("this does not line up with what stands above it: check the indentation")


def _first_value(line: str) -> int:
    """Where the value of the line's own key begins."""
    found = _BEFORE_FIRST_VALUE.match(line)
    return found.end() if found else 0


def _value_start(before: str) -> int:
    """Where the value begins that `before` ends with: after the last `: `, `, `, bracket or dash."""
    return max(found.end() for found in _BEFORE_VALUE.finditer(before))


_RULES: tuple[Callable[[_Mistake], Explanation | None], ...] = (
    _commented_reference,
    _unquoted_reference,
    _tab,
    _escape,
    _open_quote,
    _first_character,
    _after_the_end,
    _second_colon,
    _list_beside_key,
    _open_bracket,
    _no_colon,
    _alignment,
)
