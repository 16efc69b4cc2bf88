"""The harness's frame: which cases there are, which may fail, and the summary at the end."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.tables import HERE, Case, Tables, listed

_GROUPS = pytest.StashKey[dict[str, str]]()
_TABLES = pytest.StashKey[Tables]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_GROUPS] = {}


def tables(config: pytest.Config) -> Tables:
    """The tables of this run, read once."""
    if _TABLES not in config.stash:
        folder = config.getoption("--tables")
        config.stash[_TABLES] = Tables(Path(folder) if folder else HERE)
    return config.stash[_TABLES]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    found = tables(metafunc.config)
    if "expression_case" in metafunc.fixturenames:
        _parametrize(metafunc, "expression_case", found.expressions, "Expression Language")
    if "processor_case" in metafunc.fixturenames:
        _parametrize(metafunc, "processor_case", found.processors, None)
    if "described" in metafunc.fixturenames:
        metafunc.parametrize("described", list(found.properties.items()), ids=list(found.properties))


def _parametrize(metafunc: pytest.Metafunc, name: str, cases: list[Case], family: str | None) -> None:
    own = metafunc.config.getoption("--tables") is None
    waived = listed("waived.txt")
    failing = listed("expected_failures.txt") if own else set()
    parameters = []
    for case in cases:
        group = f"{family}: {case.get('group', '?')}" if family else case["processor"]
        metafunc.config.stash[_GROUPS][case["id"]] = group
        marks = []
        if case["id"] in waived and case.get("quirk"):
            marks.append(pytest.mark.xfail(reason="waived on purpose: see waived.txt", strict=False))
        elif case["id"] in failing:
            marks.append(pytest.mark.xfail(reason="not built yet: see expected_failures.txt", strict=True))
        parameters.append(pytest.param(case, id=case["id"], marks=marks))
    metafunc.parametrize(name, parameters)


class _Counts:
    def __init__(self) -> None:
        self.by_group: dict[str, Counter[str]] = {}

    def add(self, group: str, outcome: str) -> None:
        self.by_group.setdefault(group, Counter())[outcome] += 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    counts = _Counts()
    for group, outcome in _outcomes(terminalreporter, config):
        counts.add(group, outcome)
    if not counts.by_group:
        return
    terminalreporter.section("conformance with NiFi")
    width = max(len(group) for group in counts.by_group)
    for group in sorted(counts.by_group):
        count = counts.by_group[group]
        total = sum(count.values())
        line = f"{group.ljust(width)}  {count['passed']:5} of {total:5} passed"
        terminalreporter.line(f"{line}, {count['failed']} failed, {count['waived']} waived or expected to fail")


def _outcomes(reporter: pytest.TerminalReporter, config: pytest.Config) -> Iterator[tuple[str, str]]:
    kinds = {"passed": "passed", "failed": "failed", "error": "failed", "xfailed": "waived", "xpassed": "passed"}
    for kind, outcome in kinds.items():
        for report in reporter.stats.get(kind, ()):
            case_id = report.nodeid.partition("[")[2].removesuffix("]")
            group = config.stash[_GROUPS].get(case_id)
            if group is not None:
                yield group, outcome
