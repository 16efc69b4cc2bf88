"""NiFi's processors: each case of the table, on the real engine in memory, with real files and real HTTP."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.processor_case import ProcessorCase
from tests.conformance.scripted_server import ScriptedServer
from tests.conformance.tables import Case


@pytest.fixture
def utc_and_usual_mask(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    mask = os.umask(0o022)
    yield
    os.umask(mask)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("utc_and_usual_mask")
def test_processor(processor_case: Case, tmp_path: Path) -> None:
    with ScriptedServer(repeat_last=processor_case.get("repeat_last_response", False)) as server:
        ProcessorCase(processor_case, tmp_path, server).run()
