"""The Expression Language: compiling an expression, and evaluating it for a flowfile."""

from collections.abc import Callable, Iterator
from timeit import Timer

from flowrun.expression import Expression, Scope
from flowrun.expression.reading import read
from flowrun.parameter_reference import NO_PARAMETERS
from tests.benchmarks.figure import Figure, Peer, Target

COMPILED = "${filename:substringBefore('.'):append('.gz')}"
_AS_PYTHON = "lambda a: a['filename'].partition('.')[0] + '.gz'"
_ATTRIBUTES = {"uuid": "6f1a2b3c-0d4e-4f5a-a6b7-000000000001", "filename": "report.txt", "path": "./"}
_EXPRESSIONS: dict[str, Callable[[dict[str, str]], object]] = {
    "${filename:substringBefore('.')}": lambda a: a["filename"].partition(".")[0],
    "${filename}": lambda a: a["filename"],
    "${filename:toUpper():append('.csv')}-${path}": lambda a: f"{a['filename'].upper()}.csv-{a['path']}",
    "${filename:endsWith('.txt'):and(${path:equals('./')})}": lambda a: (
        "true" if a["filename"].endswith(".txt") and a["path"] == "./" else "false"
    ),
}


def measure() -> Iterator[Figure]:
    """Microseconds."""
    compiling = _microseconds(lambda: Expression(COMPILED, read(COMPILED, NO_PARAMETERS)), 2_000)
    python = _microseconds(lambda: compile(_AS_PYTHON, "", "eval"), 2_000)
    peers = (Peer("Python compiles the same", python),)
    yield Figure(f"compile an expression of {len(COMPILED)} characters", compiling, "µs", peers, Target(most=40))
    for text, function in _EXPRESSIONS.items():
        yield _evaluation(text, function)


def _evaluation(text: str, function: Callable[[dict[str, str]], object]) -> Figure:
    expression = Expression.parse(text)
    scope = Scope(_ATTRIBUTES)
    if expression.evaluate(scope) != function(_ATTRIBUTES):
        raise RuntimeError(f"{text} gives {expression.evaluate(scope)!r}, not {function(_ATTRIBUTES)!r}")
    seconds = _microseconds(lambda: expression.evaluate(scope), 50_000)
    peers = (Peer("a Python function", _microseconds(lambda: function(_ATTRIBUTES), 50_000)),)
    return Figure(f"evaluate `{text}`", seconds, "µs", peers, Target(most=1) if len(text) < 35 else None)


def _microseconds(work: Callable[[], object], times: int) -> float:
    """The best of five."""
    return min(Timer(work).repeat(5, times)) / times * 1e6
