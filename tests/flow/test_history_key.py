"""`history:` in a flow file: how much is kept, or nothing."""

from pathlib import Path

import pytest

from flowrun.flow.loader import load_flow_text
from flowrun.repository.history_limit import HistoryLimit

REST = "\nprocessors:\n  a: {type: X, auto_terminate: [success]}\n"


def limit_of(text: str) -> HistoryLimit | None:
    loaded = load_flow_text("flow: demo\n" + text + REST, Path("flow.yaml"))
    assert loaded.problems == ()
    assert loaded.definition is not None
    return loaded.definition.history


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", HistoryLimit(1 << 30, 30 * 86400.0)),
        ("history: {size: 10 MB, age: 2 days}", HistoryLimit(10 << 20, 2 * 86400.0)),
        ("history: {size: 10 MB}", HistoryLimit(10 << 20, 30 * 86400.0)),
        ("history: {age: 1 h}", HistoryLimit(1 << 30, 3600.0)),
        ("history: off", None),
        ("history: Off", None),
    ],
)
def test_history_says_how_much_is_kept(text: str, limit: HistoryLimit | None) -> None:
    assert limit_of(text) == limit


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("history: on", "2:10: error: history: expected off, or how much is kept, such as {size: 1 GB, age: 30 days}"),
        ("history: {size: lots}", "2:17: error: history, size: expected a data size such as '10 KB' or '1 GB'"),
        ("history: {age: 1}", "2:16: error: history, age: expected a duration such as '30 sec' or '5 min'"),
        ("history: {sizes: 1 GB}", "2:11: error: unknown key 'sizes'; did you mean 'size'?"),
        ("history: [1 GB]", "2:10: error: history must be a mapping, found a list"),
        ("provenance: off", "2:1: error: unknown key 'provenance'; did you mean 'history'?"),
    ],
)
def test_a_wrong_limit_is_told_with_its_place(text: str, problem: str) -> None:
    loaded = load_flow_text("flow: demo\n" + text + REST, Path("flow.yaml"))

    assert [str(each) for each in loaded.problems if str(each).startswith(f"flow.yaml:{problem}")]
