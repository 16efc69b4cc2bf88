"""flows/xero_token_service.yaml as it is shipped, with a first refresh token and folders of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.flows.xero import FLOW, XeroSandbox
from tests.flows.xero_flow import XeroFlow

SERVICE_FLOW = FLOW.with_name("xero_token_service.yaml")


class TokenServiceFlow(XeroFlow):
    """The flow; where the other one has a credentials file, this one is told the first refresh token."""

    def __init__(self, folder: Path, xero: XeroSandbox) -> None:
        super().__init__(folder, xero)
        self.file = SERVICE_FLOW
        self.first = str(self.tokens()["refresh_token"])
        for name in ("credentials_dir", "credentials_file"):
            del self.parameters[name]
        self.parameters["refresh_token"] = self.first
        self.credentials.unlink()

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The real command in a process of its own; parameters in the environment, as a person would set them."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("XERO_", "FLOWRUN_"))}
        environment |= {f"XERO_{name.upper()}": value for name, value in self.parameters.items()}
        command = [sys.executable, "-m", "flowrun", str(self.file), "--state", str(self.state), *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def refresh_tokens(xero: XeroSandbox) -> list[str]:
    """Those that the identity server was asked with."""
    return [parse_qs(asked["body"], strict_parsing=True)["refresh_token"][0] for asked in xero.requests("token")]


def newest(xero: XeroSandbox) -> dict[str, Any]:
    """The pair of tokens that was issued last."""
    found: dict[str, Any] = xero.state()["grants"][-1]
    return found
