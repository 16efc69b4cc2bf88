"""The Xero sandbox as tests see it."""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

FLOW = Path(__file__).parents[2] / "flows" / "xero_refresh.yaml"


@dataclass
class XeroSandbox:
    """The parameters of the running sandbox, and a client that tells it what to do."""

    parameters: dict[str, str]
    client: httpx.Client

    def fail(self, endpoint: str, fault: str, *, times: int | None = None) -> None:
        told = {"endpoint": endpoint, "fault": fault, "times": times}
        self.client.post("/sandbox/faults", json=told).raise_for_status()

    def be(self, **settings: object) -> None:
        self.client.post("/sandbox/settings", json=settings).raise_for_status()

    def grant(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post("/sandbox/grant").json()
        return answer

    def expire(self) -> None:
        self.client.post("/sandbox/expire").raise_for_status()

    def state(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get("/sandbox/state").json()
        return answer

    def requests(self, endpoint: str) -> list[dict[str, Any]]:
        return [asked for asked in self.client.get("/sandbox/requests").json() if asked["endpoint"] == endpoint]

    def forget(self) -> None:
        self.client.delete("/sandbox/faults")
        self.client.delete("/sandbox/requests")
        self.be(access_token_seconds=1800, grace_seconds=1800, strict=False)

    def ask(self, url: str, access_token: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        standard = {"xero-tenant-id": self.parameters["tenant_id"], "Accept": "application/json"}
        return self.client.get(url, headers={"Authorization": f"Bearer {access_token}"} | standard | named)

    def refresh(self, refresh_token: str) -> httpx.Response:
        return self.post_form(urlencode({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    def post_form(self, body: str, **headers: str) -> httpx.Response:
        """A token request; with headers that are right, unless others are named."""
        client = f"{self.parameters['client_id']}:{self.parameters['client_secret']}"
        standard = {
            "Authorization": f"Basic {b64encode(client.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/connect/token", content=body, headers=standard | named)

    def issued_credentials(self) -> dict[str, Any]:
        """The credentials file that the sandbox wrote when it was started."""
        file = Path(self.parameters["credentials_dir"]) / self.parameters["credentials_file"]
        found: dict[str, Any] = json.loads(file.read_text())
        return found


def connect(parameters: dict[str, str]) -> httpx.Client:
    """A client for the sandbox that these parameters point at."""
    return httpx.Client(base_url=parameters["token_url"].removesuffix("/connect/token"), timeout=5)
