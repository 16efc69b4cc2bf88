"""The Xero sandbox, ready for use: one process a module, a clean slate for each test."""

from collections.abc import Iterator

import pytest
from tests.flows.xero import FLOW, XeroSandbox, connect

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
