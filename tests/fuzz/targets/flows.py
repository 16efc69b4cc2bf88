"""Flow files: any text gives a flow, or problems each at its place in the file."""

import re
from collections.abc import Iterable
from pathlib import Path

from flowrun.flow.loader import load_flow_text
from flowrun.graph import build_graph
from flowrun.parameter_reference import Parameters
from flowrun.registry import Registry
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target

_ROOT = Path(__file__).parents[3]
_REGISTRY = Registry.installed()
_FENCE = re.compile(r"```ya?ml\n(.*?)```", re.DOTALL)


def _seeds() -> Iterable[Input]:
    for flow in sorted((_ROOT / "flows").glob("*.yaml")):
        yield from ({"text": flow.read_text("utf-8")} for _ in range(5))
    for page in sorted((_ROOT / "docs").rglob("*.md")):
        yield from ({"text": found[1]} for found in _FENCE.finditer(page.read_text("utf-8")))
    for source in sorted((_ROOT / "tests" / "flow").glob("test_*.py")):
        yield from (
            {"text": found[1]} for found in re.finditer(r'"""\\?\n(.*?)"""', source.read_text("utf-8"), re.DOTALL)
        )
    yield from ({"text": "flow: x\nprocessors: {a: {type: LogAttribute}}\n"} for _ in range(60))


def _check(made: Input) -> str:
    text = made["text"]
    loaded = load_flow_text(text, Path("flow.yaml"))
    problems = list(loaded.problems)
    if loaded.definition is None:
        assert problems, "no flow, and nothing that says why"
    else:
        built = build_graph(loaded.definition, _REGISTRY, Parameters({"p": "x"}, unknown_is_null=True))
        problems += built.problems
    lines = text.count("\n") + text.count("\r") + 2
    for problem in problems:
        assert problem.message, "a problem without words"
        assert str(problem).isprintable() or "\n" not in str(problem), "a problem of more than one line"
        place = problem.place
        assert place is None or (1 <= place.line <= lines and place.column >= 1), f"{place} is not in the file"
    return f"{loaded.definition is not None} {' '.join(sorted({_words(problem.message) for problem in problems})[:3])}"


def _words(message: str) -> str:
    return "".join(character for character in message if character.isalpha() or character == " ")[:30]


TARGET = Target("flows", _seeds, Grammar.read("flows"), _check)
