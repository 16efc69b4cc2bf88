"""Edits of a flow with its hands full: nothing is lost, nothing comes twice."""

import threading
from pathlib import Path

import pytest
from tests.reload.loaded_flow import LoadedFlow

from flowrun.cli import watching


def test_edits_under_load_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "INTERVAL", 0.02)
    flow = LoadedFlow(tmp_path, count=2_000, seed=1)
    flow.edit_again_and_again(24, pause=lambda: None)

    flow.check()
    assert flow.taken_over >= 8
    assert flow.refused >= 8


@pytest.mark.soak
def test_ten_edits_a_minute_of_ten_thousand_flowfiles_for_five_minutes_lose_nothing(tmp_path: Path) -> None:
    flow = LoadedFlow(tmp_path, count=10_000, seed=2)
    flow.edit_again_and_again(50, pause=lambda: threading.Event().wait(5.0))

    flow.check()
    assert flow.taken_over >= 25
    assert flow.refused >= 16
