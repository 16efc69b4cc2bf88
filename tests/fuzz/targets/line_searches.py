"""ReplaceText's faster search for lines: it must give what a search line by line gives."""

from collections.abc import Iterable

from flowrun import FlowFile
from flowrun.errors import FlowrunError
from flowrun.expression import Expression
from flowrun.property import ConfiguredExpression
from flowrun_processors.replace_text.lines import split_lines
from flowrun_processors.replace_text.match_replacement import MatchReplacement
from flowrun_processors.replace_text.regex_replacement import RegexReplacement, Search, compile_search
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, kind
from tests.fuzz.targets.regexes import TARGET as REGEXES

_TIMEOUT = 0.2
_FLOWFILE = FlowFile(1, {"uuid": "u", "filename": "f", "a": "x"})


def _seeds() -> Iterable[Input]:
    for pattern in ("(?s)(^.*$)", "^(.*)$", r"\s+$", r"[ \t]+$", r"(\w+)=(\d+)", "^a", "(a|b)+", r"^\s*#.*$"):
        yield from ({"pattern": pattern, "replacement": "$0", "text": "a=1\nb  \r\n\n x\r"} for _ in range(40))
    for made in REGEXES.seeds():
        yield {**made, "text": f"{made['text']}\n{made['text']}\r\n"}


def _check(made: Input) -> str:
    search = attempt(lambda: compile_search(made["pattern"], _TIMEOUT))
    expression = attempt(lambda: Expression.parse(made["replacement"]))
    if not isinstance(search, Search) or not isinstance(expression, Expression):
        return kind(search)
    lines = made["text"]
    if not lines:
        return "nothing"
    slow = _replaced(Search(search.pattern, None, None, _TIMEOUT), expression, lines)
    fast = _replaced(search, expression, lines)
    assert type(slow) is type(fast), f"{slow!r} line by line, {fast!r} at once"
    assert slow == fast or isinstance(slow, FlowrunError), f"{slow!r} line by line, {fast!r} at once"
    assert "".join(split_lines(lines)) == lines
    return f"{search.in_lines is not None} {search.stretch is not None} {kind(slow)}"


def _replaced(search: Search, expression: Expression, lines: str) -> object:
    value = ConfiguredExpression(expression, str)
    edit = RegexReplacement(search, MatchReplacement(value, _FLOWFILE, search.pattern))
    try:
        return edit.edit_lines(lines)
    except FlowrunError as error:
        return error


TARGET = Target("line_searches", _seeds, Grammar.read("line_searches"), _check)
