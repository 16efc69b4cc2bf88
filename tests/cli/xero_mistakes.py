"""Copies of the Xero flow with a mistake in them. ▸ marks the place to which a line about it should point."""

import re
from pathlib import Path

from tests.cli.kit import Called, flowrun
from tests.cli.program import FLOWS

FLOW = (FLOWS / "xero_refresh.yaml").read_text()

DIRECTORY = '      Input Directory: "#{credentials_dir}"'
SCHEDULE = '    schedule: {cron: "#{schedule}", overlap: skip}'
AUTHORIZED = "      Authorized: \"${invokehttp.status.code:equals('200')}\""
BEARER = '      Authorization: "Bearer ${access_token}"'
TENANT = '      xero-tenant-id: "#{tenant_id}"'
SECRET = "  client_secret: {env: XERO_CLIENT_SECRET, sensitive: true}"
RETRY = "    retry: {relationships: [failure], attempts: 3, backoff: penalize, max_backoff: 1 min}"
STEP_3 = '    type: InvokeHttp\n    comment: "Step 3: ask the API for the data, with the access token"'
ARROW = "  - fetch-data -- Response --> check-authorization"


def spoiled(old: str, new: str) -> tuple[str, str]:
    """The flow with the mistake in it, and the place `line:column` that is marked."""
    assert old in FLOW
    begin = FLOW.index(old)
    text = FLOW[:begin] + new + FLOW[begin + len(old) :]
    return text.replace("▸", ""), place_of("▸", text)


def place_of(piece: str, text: str) -> str:
    """Where it stands, as `line:column`."""
    before, found, _ = text.partition(piece)
    assert found
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def check(folder: Path, old: str, new: str, *words: str) -> tuple[Called, list[str], str]:
    """The call, its error lines, and where the one line should point to."""
    text, place = spoiled(old, new)
    (folder / "flow.yaml").write_text(text, "utf-8")
    done = flowrun(folder, *words, "flow.yaml")
    return done, [line for line in (done.out + done.err).splitlines() if re.search(r"\berror: ", line)], place
