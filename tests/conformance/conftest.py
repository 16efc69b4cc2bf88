"""The harness's frame: which cases there are, which may fail, and the summary at the end."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.tables import HERE, Case, Tables, listed

_GROUP = "what the case counts for in the summary"
"""A property of tests, since their reports may come from another process."""

_TABLES = pytest.StashKey[Tables]()


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--tables"):
        tables(config)  # so that a wrong folder is said at once


def tables(config: pytest.Config) -> Tables:
    """The tables of this run, read once."""
    if _TABLES not in config.stash:
        folder = config.getoption("--tables")
        try:
            config.stash[_TABLES] = Tables(Path(folder) if folder else HERE)
        except (OSError, ValueError) as error:
            raise pytest.UsageError(f"--tables: {error}") from error
    return config.stash[_TABLES]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    found = tables(metafunc.config)
    if "expression_case" in metafunc.fixturenames:
        _parametrize(metafunc, "expression_case", found.expressions)
    if "processor_case" in metafunc.fixturenames:
        _parametrize(metafunc, "processor_case", found.processors)
    if "described" in metafunc.fixturenames:
        metafunc.parametrize("described", list(found.properties.items()), ids=list(found.properties))


def _parametrize(metafunc: pytest.Metafunc, name: str, cases: list[Case]) -> None:
    own = metafunc.config.getoption("--tables") is None
    waived = listed("waived.txt")
    failing = listed("expected_failures.txt") if own else set()
    parameters = []
    for case in cases:
        marks = []
        if case["id"] in waived:
            if not case.get("quirk"):
                raise pytest.UsageError(f"waived.txt: {case['id']} is no quirk, so it can't be waived")
            marks.append(pytest.mark.xfail(reason="waived on purpose: see waived.txt", strict=False))
        elif case["id"] in failing:
            marks.append(pytest.mark.xfail(reason="not built yet: see expected_failures.txt", strict=True))
        parameters.append(pytest.param(case, id=case["id"], marks=marks))
    metafunc.parametrize(name, parameters)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:  # those of other folders, too
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        case = parameters.get("expression_case") or parameters.get("processor_case")
        if isinstance(case, dict):  # without a table for it, a test is there once, to be skipped
            item.user_properties.append((_GROUP, _group(case)))


def _group(case: Case) -> str:
    return f"Expression Language: {case.get('group', '?')}" if "expression" in case else case["processor"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, Counter[str]] = {}
    for group, outcome in _outcomes(terminalreporter):
        counts.setdefault(group, Counter())[outcome] += 1
    if not counts:
        return
    terminalreporter.section("conformance with NiFi")
    width = max(len(group) for group in counts)
    for group in sorted(counts):
        count = counts[group]
        total = sum(count.values())
        line = f"{group.ljust(width)}  {count['passed']:5} of {total:5} passed"
        terminalreporter.line(f"{line}, {count['failed']} failed, {count['waived']} waived or expected to fail")


def _outcomes(reporter: pytest.TerminalReporter) -> Iterator[tuple[str, str]]:
    """Group and outcome of each case; one with errors before and after it counts once."""
    kinds = {"error": "failed", "failed": "failed", "passed": "passed", "xfailed": "waived", "xpassed": "passed"}
    seen = set()
    for kind, outcome in kinds.items():
        for report in reporter.stats.get(kind, ()):
            group = dict(getattr(report, "user_properties", ())).get(_GROUP)  # a collection's report has none
            if group is not None and report.nodeid not in seen:
                seen.add(report.nodeid)
                yield group, outcome
