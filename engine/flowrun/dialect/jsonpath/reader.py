"""Reads the text of a Jayway JsonPath into selectors.

Jayway source: `PathCompiler`.
"""

import re

from jsonpath_ng.jsonpath import Index, JSONPath, Slice

from flowrun.dialect.json_text import read_json
from flowrun.dialect.jsonpath.filter_reader import FilterReader
from flowrun.dialect.jsonpath.functions import Argument, Constant, make_function
from flowrun.dialect.jsonpath.nodes import Call, Every, Filter, Member, Selection, Span
from flowrun.dialect.jsonpath.path import AnyDepth, SelectorPath
from flowrun.dialect.jsonpath.scanner import Scanner
from flowrun.errors import EvaluationError, ExpressionError

_NAME = re.compile(r"[^ .\[(]+")
_POSITIONS = re.compile(r" *(-?[0-9]{1,9}(?: *, *-?[0-9]{1,9})*) *\]")
_SLICE = re.compile(r" *(-?[0-9]{1,9})?:(-?[0-9]{1,9})?(?::(?:-?[0-9]{1,9})?)* *\]")


def read_path(text: str) -> SelectorPath:
    """The path that a text spells; `$.` may be left out. Raises ExpressionError with the column."""
    stripped = text.rstrip(" ")
    if not stripped:
        raise ExpressionError("expected a JsonPath such as $.name, found nothing")
    written = stripped[0] in "$@"
    scanner = Scanner(stripped if written else f"$.{stripped}", offset=0 if written else 2)
    try:
        return PathReader(scanner).read()
    except RecursionError:
        raise ExpressionError("expected a JsonPath that a person could read, found too many brackets") from None


class PathReader:
    """Reads one path, to the end of the scanner's text."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.selectors: list[JSONPath] = []

    def read(self) -> SelectorPath:
        """The path from here to the end."""
        scanner = self.scanner
        from_root = scanner.current == "$"
        scanner.position += 1
        if scanner.current and scanner.current not in ".[":
            raise scanner.error("'.' or '[' after the root")
        while scanner.current:
            self._read_selector()
        return SelectorPath.of(tuple(self.selectors), from_root=from_root)

    def _read_selector(self) -> None:
        scanner = self.scanner
        if scanner.current == ".":
            scanner.position += 1
            if scanner.current == ".":
                scanner.position += 1
                self.selectors.append(AnyDepth())
            if scanner.current in ("", "."):
                raise scanner.error("a name, '*' or '['")
        if scanner.current == "[":
            self._read_bracket()
        elif scanner.current == "*":
            scanner.position += 1
            self.selectors.append(Every())
        else:
            self._read_name()

    def _read_name(self) -> None:
        scanner = self.scanner
        found = _NAME.match(scanner.text, scanner.position)
        if found is None:
            raise scanner.error("a name without blanks (['my name'] takes them)")
        scanner.position = found.end()
        if scanner.current == " ":
            raise scanner.error("a name without blanks (['my name'] takes them)")
        if scanner.current == "(":
            self._read_call(found[0], found.start())
        else:
            self.selectors.append(Member(found[0]))

    def _read_bracket(self) -> None:
        scanner = self.scanner
        scanner.position += 1
        character = scanner.skip_blanks()
        if character in ("'", '"'):
            self._read_names(character)
        elif character == "*":
            scanner.position += 1
            scanner.require("]")
            self.selectors.append(Every())
        elif character == "?":
            scanner.position += 1
            scanner.skip_blanks()
            condition = FilterReader(scanner, self._read_nested).read()
            scanner.require("]")
            self.selectors.append(Filter(condition))
        else:
            self._read_positions()

    def _read_names(self, quote: str) -> None:
        scanner = self.scanner
        names = []
        while True:
            if scanner.skip_blanks() != quote:
                raise scanner.error(f"a name in {quote}")
            names.append(scanner.read_quoted())
            if scanner.take("]"):
                break
            scanner.require(",")
        self.selectors.append(Member(names[0]) if len(names) == 1 else Selection(tuple(names)))

    def _read_positions(self) -> None:
        scanner = self.scanner
        if found := _POSITIONS.match(scanner.text, scanner.position):
            self.selectors.append(Index(*map(int, found[1].split(","))))
        elif (found := _SLICE.match(scanner.text, scanner.position)) and (found[1] or found[2]):
            self.selectors.append(_slice(found[1], found[2]))
        else:
            raise scanner.error("a quoted name, a number, a slice such as 0:2, '*' or ?(…)")
        scanner.position = found.end()

    def _read_call(self, name: str, start: int) -> None:
        scanner = self.scanner
        scanner.position += 1
        arguments: list[Argument] = []
        if not scanner.take(")"):
            arguments.append(self._read_argument())
            while scanner.take(","):
                arguments.append(self._read_argument())
            scanner.require(")")
        try:
            self.selectors.append(Call(name, make_function(name, arguments)))
        except ExpressionError as error:
            raise ExpressionError(error.message, column=start - scanner.offset + 1) from None

    def _read_argument(self) -> Argument:
        scanner = self.scanner
        character = scanner.skip_blanks()
        start = scanner.position
        if character and character in "$@":
            return self._read_nested(scanner.read_until(",)").rstrip(" "), start)
        if not character or character not in '{"-0123456789':
            raise scanner.error("a path, a number, a text in double quotes or an object")
        if character == '"':
            scanner.read_quoted()
        scanner.read_until(",)")
        try:
            return Constant(read_json(scanner.text[start : scanner.position], trailing=False))
        except EvaluationError:
            raise scanner.error("an argument in JSON", position=start) from None

    def _read_nested(self, text: str, start: int) -> SelectorPath:
        """A path within this one."""
        return PathReader(Scanner(text, offset=self.scanner.offset - start)).read()


def _slice(start: str | None, end: str | None) -> JSONPath:
    if start is None or end is None:
        return Slice(int(start) if start else None, int(end) if end else None)
    first, last = int(start), int(end)
    return Span(first, last) if first < 0 else Slice(first, max(last, 0))
