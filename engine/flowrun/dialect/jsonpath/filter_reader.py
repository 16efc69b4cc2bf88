"""Reads the filter of a Jayway JsonPath, `?(@.price < 10 && @.tags contains 'new')`, into a condition.

Jayway source: `FilterCompiler`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from flowrun.dialect.json_text import JsonValue
from flowrun.dialect.jsonpath.comparisons import COMPARISONS, Comparison, is_number, number_text
from flowrun.dialect.jsonpath.nodes import NOT_FOUND, Condition, Found
from flowrun.dialect.jsonpath.path import SelectorPath
from flowrun.dialect.jsonpath.pattern_search import matches
from flowrun.dialect.jsonpath.scanner import Scanner
from flowrun.errors import ExpressionError

ReadNested: TypeAlias = Callable[[str, int], SelectorPath]

_OPERATOR = re.compile(r"[<>=!~]+|[A-Za-z]+")
_NUMBER = re.compile(r"-?(?:[0-9]{1,1000}(?![0-9])\.?[0-9]*|\.[0-9]+)(?:[eE]-?[0-9]+)?")
_CONSTANT = re.compile("true|false|null")
_WORD = re.compile(r"[^\s,:\[\]{}()'\"]+")
_PATTERN = re.compile(r"/((?:[^/\\]|\\.)*+)/([dixmsuU]*)", re.DOTALL)
_CONSTANTS: dict[str, JsonValue] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is written in a filter."""

    matches: Callable[[str], bool]


Side: TypeAlias = SelectorPath | JsonValue
Operand: TypeAlias = Side | Pattern


class FilterReader:
    """Reads one filter from a scanner that stands at its opening parenthesis."""

    def __init__(self, scanner: Scanner, read_nested: ReadNested) -> None:
        self.scanner = scanner
        self.read_nested = read_nested

    def read(self) -> Condition:
        """The condition in parentheses. Raises ExpressionError with the column."""
        self.scanner.require("(")
        condition = self._read_any()
        self.scanner.require(")")
        return condition

    def _read_any(self) -> Condition:
        conditions = [self._read_all()]
        while self.scanner.take("||"):
            conditions.append(self._read_all())
        if len(conditions) == 1:
            return conditions[0]
        return lambda item, root: any(condition(item, root) for condition in conditions)

    def _read_all(self) -> Condition:
        conditions = [self._read_one()]
        while self.scanner.take("&&"):
            conditions.append(self._read_one())
        if len(conditions) == 1:
            return conditions[0]
        return lambda item, root: all(condition(item, root) for condition in conditions)

    def _read_one(self) -> Condition:
        character = self.scanner.skip_blanks()
        if character == "(":
            return self.read()
        if character != "!":
            return self._read_comparison()
        self.scanner.position += 1
        if self.scanner.skip_blanks() in ("$", "@"):
            condition = _exists(self._read_path())
            if _OPERATOR.match(self.scanner.text, self.scanner.position):
                raise self.scanner.error("'&&', '||' or ')': a comparison after ! takes parentheses, !(a == b)")
        else:
            condition = self._read_one()
        return lambda item, root: not condition(item, root)

    def _read_comparison(self) -> Condition:
        scanner = self.scanner
        start = scanner.position
        left = self._read_operand()
        scanner.skip_blanks()
        found = _OPERATOR.match(scanner.text, scanner.position)
        if found is None:
            if isinstance(left, SelectorPath):
                return _exists(left)
            raise scanner.error("an operator after a value")
        name = found[0].lower()
        if name != "=~" and name not in COMPARISONS:
            raise scanner.error(f"an operator ({' '.join(COMPARISONS)} =~)")
        scanner.position = found.end()
        right = self._read_operand()
        if isinstance(left, Pattern):
            left, right = right, left
        if isinstance(left, Pattern) or isinstance(right, Pattern) != (name == "=~"):
            raise scanner.error("a pattern such as /a.*/i on one side of =~, and only there", position=start)
        return _matches(left, right) if isinstance(right, Pattern) else _compare(COMPARISONS[name], left, right)

    def _read_operand(self) -> Operand:
        scanner = self.scanner
        character = scanner.skip_blanks()
        if character in ("$", "@"):
            return self._read_path()
        if character in ("'", '"'):
            return scanner.read_quoted()
        if character == "/":
            return self._read_pattern()
        if character == "[":
            return self._read_list()
        if character == "{":
            return self._read_object()
        return self._read_word(bare=False)

    def _read_path(self) -> SelectorPath:
        start = self.scanner.position
        text = self.scanner.read_until("<>=!~ \t\r\n)", words=("&&", "||"))
        self.scanner.skip_blanks()
        return self.read_nested(text, start)

    def _read_pattern(self) -> Pattern:
        # Here, so that a path without a pattern need not load the regular expressions.
        from flowrun.dialect.regex import compile_regex

        scanner = self.scanner
        found = _PATTERN.match(scanner.text, scanner.position)
        if found is None:
            raise scanner.error("a pattern that ends with /")
        try:
            pattern = compile_regex(f"(?{found[2]}){found[1]}" if found[2] else found[1])
        except ExpressionError as error:
            raise scanner.error(f"a regular expression ({error.message})") from None
        scanner.position = found.end()
        return Pattern(partial(matches, pattern))

    def _read_literal(self) -> JsonValue:
        character = self.scanner.skip_blanks()
        if character == "[":
            return self._read_list()
        if character == "{":
            return self._read_object()
        if character in ("'", '"'):
            return self.scanner.read_quoted()
        return self._read_word(bare=True)

    def _read_list(self) -> JsonValue:
        self.scanner.require("[")
        items: list[JsonValue] = []
        if self.scanner.take("]"):
            return items
        items.append(self._read_literal())
        while self.scanner.take(","):
            items.append(self._read_literal())
        self.scanner.require("]")
        return items

    def _read_object(self) -> JsonValue:
        self.scanner.require("{")
        members: dict[str, JsonValue] = {}
        if self.scanner.take("}"):
            return members
        while True:
            name = self._read_literal()
            self.scanner.require(":")
            members[name if isinstance(name, str) else str(name)] = self._read_literal()
            if self.scanner.take("}"):
                return members
            self.scanner.require(",")

    def _read_word(self, *, bare: bool) -> JsonValue:
        """A number, true, false or null; within lists and objects also a text without quotes, as Jayway takes it."""
        scanner = self.scanner
        found = (_WORD if bare else _CONSTANT).match(scanner.text, scanner.position)
        number = _NUMBER.match(scanner.text, scanner.position)
        if found and found[0] in _CONSTANTS:
            scanner.position = found.end()
            return _CONSTANTS[found[0]]
        if number and (not bare or not found or number.end() == found.end()):
            scanner.position = number.end()
            return int(number[0]) if number[0].lstrip("-").isdigit() else float(number[0])
        if not bare or not found:
            raise scanner.error("@, $, a number, true, false, null, a quoted text, a list or a pattern")
        scanner.position = found.end()
        return found[0]


def _exists(path: SelectorPath) -> Condition:
    required = path.required()
    return lambda item, root: required.read(item, root) is not NOT_FOUND


def _compare(comparison: Comparison, left: Side, right: Side) -> Condition:
    if isinstance(left, SelectorPath):
        if isinstance(right, SelectorPath):
            return lambda item, root: comparison(left.read(item, root), right.read(item, root))
        return lambda item, root: comparison(left.read(item, root), right)
    if isinstance(right, SelectorPath):
        return lambda item, root: comparison(left, right.read(item, root))
    return lambda item, root: comparison(left, right)


def _matches(side: Side, pattern: Pattern) -> Condition:
    def condition(item: JsonValue, root: JsonValue) -> bool:
        value = side.read(item, root) if isinstance(side, SelectorPath) else side
        values = value if isinstance(value, list) else [value]
        return any(pattern.matches(_pattern_input(one)) for one in values)

    return condition


def _pattern_input(value: Found) -> str:
    """What a pattern is held against: no text for null, objects and what is not found."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if is_number(value) else ""
