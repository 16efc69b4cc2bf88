"""The Xero sandbox, ready for use: one process a module, a clean slate for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.flows.xero import FLOW, XeroSandbox, connect
from tests.flows.xero_flow import XeroFlow

from flowrun.sandbox import Sandbox, sandbox_file


@pytest.fixture(scope="module")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XeroSandbox]:
    folder = tmp_path_factory.mktemp("xero")
    with Sandbox(sandbox_file(FLOW), folder) as sandbox, connect(dict(sandbox.parameters)) as client:
        yield XeroSandbox(dict(sandbox.parameters), client)


@pytest.fixture
def xero(running_sandbox: XeroSandbox) -> XeroSandbox:
    running_sandbox.forget()
    return running_sandbox


@pytest.fixture
def flow(tmp_path: Path, xero: XeroSandbox) -> XeroFlow:
    return XeroFlow(tmp_path, xero)
