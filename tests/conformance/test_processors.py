"""NiFi's processors: each case of the table, on the real engine in memory, with real files and real HTTP."""

import os
from pathlib import Path

import pytest
from tests.conformance.processor_case import ProcessorCase
from tests.conformance.scripted_server import ScriptedServer
from tests.conformance.tables import Case


def test_processor(processor_case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    mask = os.umask(0o022)
    try:
        with ScriptedServer(repeat_last=processor_case.get("repeat_last_response", False)) as server:
            ProcessorCase(processor_case, tmp_path, server).run()
    finally:
        os.umask(mask)
