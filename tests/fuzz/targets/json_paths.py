"""JsonPath: reading one, and what it finds and changes in a document, which itself stays as it is."""

import re
from collections.abc import Callable, Iterable

from flowrun.dialect.json_text import JsonValue, print_json, read_json
from flowrun.dialect.jsonpath import Absence, Found, JsonPath
from tests.conformance.tables import HERE, Tables
from tests.fuzz.golden import golden
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, TypedError, attempt, check_column, kind

_CALL = re.compile(r""":jsonPath\w*\(\s*(['"])((?:(?!\1)[^\\]|\\.)*)\1""")
_FIXED = {"Destination", "Return Type", "Path Not Found Behavior", "Null Value Representation", "Max String Length"}
_DOCUMENT = '{"a": [1, 2.5, "x", null, {"b": [true, {"a": -1}]}], "b": {"a": "x", "c d": []}, "n": 7, "": "empty"}'


def _seeds() -> Iterable[Input]:
    tables = Tables(HERE)
    for case in tables.processors:
        if case["processor"] == "EvaluateJsonPath":
            document = (case.get("inputs") or [{}])[0].get("content", _DOCUMENT)[:5000]
            for name, path in case.get("properties", {}).items():
                if name not in _FIXED:
                    yield {"path": path, "document": document}
    for case in tables.expressions:
        for found in _CALL.finditer(case["expression"]):
            yield {"path": found[2], "document": next(iter(case["attributes"].values()), _DOCUMENT)}
    answers = golden("jsonpath")
    for _, path, document, *_ in answers["cases"]:
        yield {"path": path, "document": answers["documents"].get(document, document)}
    yield from ({"path": "$.a[0]", "document": _DOCUMENT} for _ in range(300))


def _check(made: Input) -> str:
    path = attempt(lambda: JsonPath.compile(made["path"]))
    document = attempt(lambda: read_json(made["document"]))
    if not isinstance(path, JsonPath):
        check_column(path, made["path"])
        return kind(path)
    if isinstance(document, TypedError):
        return kind(document)
    before = attempt(lambda: print_json(document))
    outcomes = [attempt(lambda work=work: _printed(work())) for work in _uses(path, document)]  # type: ignore[misc]
    assert attempt(lambda: print_json(document)) == before or not isinstance(before, str), "the document was changed"
    return " ".join(map(kind, outcomes))


def _printed(found: Found) -> Found:
    if not isinstance(found, Absence):
        print_json(found)
    return found


def _uses(path: JsonPath, document: JsonValue) -> list[Callable[[], Found]]:
    return [
        lambda: path.read(document),
        lambda: path.find(document),
        lambda: path.set(document, {"new": [1]}),
        lambda: path.add(document, "new"),
        lambda: path.put(document, "new", None),
        lambda: path.delete(document),
    ]


TARGET = Target("json_paths", _seeds, Grammar.read("json_paths"), _check)
