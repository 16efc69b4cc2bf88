"""`make run`: the story of flows/xero_refresh.yaml in three acts, against its stand-in for Xero; each claim is checked.

    python flows/xero_refresh.tour.py [FOLDER]     all that is written goes to FOLDER, which begins empty (data/tour)

Exit code 0: it all happened as it was told. 1: something did not. No token and no secret is ever printed.
"""

import json
import os
import re
import shutil
import stat
import sys
import threading
import time
from base64 import b64encode
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from typing import Any

import click
import httpx

from flowrun.errors import FlowError
from flowrun.sandbox import Sandbox, sandbox_file

ROOT = Path(__file__).resolve().parents[1]
FLOW = Path("flows/xero_refresh.yaml")
COLUMNS = min(shutil.get_terminal_size().columns, 120)
COMMANDS = f"""\
  .venv/bin/flowrun {FLOW} --sandbox   the same, live, until Ctrl-C
  .venv/bin/flowrun graph {FLOW}       a picture of the flow
"""


class ClaimError(Exception):
    """Something did not happen as it was told."""


def let_tokens_live(folder: Path) -> None:
    """Have the stand-in's access tokens live as long as Xero's: the story says when they expire, not a slow machine."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    memory = folder / "tokens.json"
    memory.write_text(json.dumps({"settings": {"access_token_seconds": 1800}, "grants": []}), "utf-8")
    memory.chmod(0o600)


class Tour:
    """The three acts, and what they have in common: the stand-in, the files, and everything that was printed."""

    def __init__(self, folder: Path, parameters: dict[str, str]) -> None:
        self._folder = folder
        self._parameters = parameters
        self._credentials = Path(parameters["credentials_dir"]) / parameters["credentials_file"]
        self._output = Path(parameters["output_dir"])
        self._xero = httpx.Client(base_url=parameters["token_url"].removesuffix("/connect/token"), trust_env=False)
        self._printed = ""
        self._secrets = {parameters["client_secret"]}

    def tell(self) -> None:
        """All of it. Raises ClaimError."""
        self._introduce()
        self._fetch_with_valid_token()
        self._replace_expired_token()
        self._fetch_with_new_token()
        heading("What nobody saw")
        leaked = [secret for secret in self._secrets if secret in self._printed]
        confirm(not leaked, "no token and no client secret is in anything that the flow has printed")

    def _introduce(self) -> None:
        heading("flowrun: fetch data from an API, and renew the OAuth 2.0 tokens when they have expired")
        say(
            "Xero's API is asked with an access token, which lives for 30 minutes. A refresh token buys the next pair "
            "of both, once: if that pair gets lost, a person has to give consent again."
        )
        say(
            f"The flow is {FLOW}: nine steps, and guards for what may go wrong. Xero is played by {sandbox_file(FLOW)} "
            f"on {self._xero.base_url}, so no account is needed; it refuses what Xero refuses. It has issued a first "
            "pair of tokens and written them to the credentials file:"
        )
        show(self._credentials)

    def _fetch_with_valid_token(self) -> None:
        heading("Act 1: the access token is valid")
        say("The flow reads the credentials file, asks the API for data with the access token, and saves the data.")
        before = self._tokens()
        statuses = self._run_flow()
        confirm(statuses == ["200"], "the API answered 200")
        self._confirm_saved("the data was saved:", b"")
        confirm(self._tokens() == before, "the credentials file was left alone: there was no need for new tokens")

    def _replace_expired_token(self) -> None:
        heading("Act 2: the access token has expired")
        say(
            "Half an hour passes: the stand-in is told so. The flow asks, is refused, and buys new tokens. Meanwhile "
            "somebody reads the credentials file all the time, to see whether it is ever missing or half-written."
        )
        self._xero.post("/sandbox/expire").raise_for_status()
        before, inode = self._tokens(), self._credentials.stat().st_ino
        with Reader(self._credentials) as reader:
            statuses = self._run_flow()
        confirm(statuses == ["401", "200"], "the API answered 401, and the identity server 200")
        self._confirm_token_request()
        after = self._tokens()
        confirm(not set(before.values()) & set(after.values()), "the access token and the refresh token are both new")
        status = self._credentials.stat()
        confirm(status.st_ino != inode, "a new file took the place of the credentials file, in one step:")
        show(self._credentials)
        confirm(stat.S_IMODE(status.st_mode) == 0o600, "its mode is 0600: nobody but its owner can read it")
        confirm(
            reader.contents == [before, after],
            f"whoever read it meanwhile ({reader.count:,} times) found it whole, with the old tokens or the new ones",
        )
        others = [file.name for file in self._credentials.parent.iterdir() if file != self._credentials]
        confirm(not others, "no temporary file is left beside it")

    def _fetch_with_new_token(self) -> None:
        heading("Act 3: the new access token works")
        say("The next poll, in real life ten minutes later. It finds the new tokens in the credentials file.")
        data = self._data()
        statuses = self._run_flow()
        confirm(statuses == ["200"], "the API answered 200")
        used = self._asked("api")[-1]["headers"]["authorization"]
        confirm(used == f"Bearer {self._tokens()['access_token']}", "it was asked with the new access token")
        self._confirm_saved("new data was saved:", data)

    def _run_flow(self) -> list[str]:
        """Poll once, and tell the steps as they are reached. Gives the status codes that were answered, in order."""
        words = [str(FLOW), "--once", "--trace", "--state", os.path.relpath(self._folder / "state")]
        say(f"$ flowrun {' '.join(words)}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FLOWRUN_PARAM_")}
        environment |= {f"FLOWRUN_PARAM_{name}": value for name, value in self._parameters.items()}  # unseen by 'ps'
        environment["PYTHONIOENCODING"] = "utf-8"
        command, log = [sys.executable, "-m", "flowrun", *words], ""
        with Popen(command, env=environment, stdout=PIPE, stderr=STDOUT, encoding="utf-8") as process:
            assert process.stdout is not None
            for line in process.stdout:
                log += line
                if step := re.match(r"[\d:]+ INFO +([\w-]+ +)── (.*)", line):
                    click.echo(f"    {click.style(step[1], dim=True)}{step[2]}")
        self._printed += log
        if process.returncode:
            raise ClaimError(f"the flow ended with exit code {process.returncode}:\n{log}")
        click.echo()
        return re.findall(r"─▶.*invokehttp\.status\.code=(\d+)", log)

    def _confirm_token_request(self) -> None:
        requests = self._asked("token")
        client = f"{self._parameters['client_id']}:{self._parameters['client_secret']}"
        basic = b64encode(client.encode()).decode()
        self._secrets.add(basic)
        is_basic = [request["headers"].get("authorization") for request in requests] == [f"Basic {basic}"]
        confirm(is_basic, "the identity server was asked once, with HTTP Basic authentication by client id and secret")
        is_form = re.fullmatch("grant_type=refresh_token&refresh_token=[^&\n]+", requests[0]["body"])
        confirm(is_form, "the refresh token came as a form, with no line break at its end")

    def _confirm_saved(self, claim: str, before: bytes) -> None:
        data = self._data()
        confirm(data != before and b'"Status":"OK"' in data, claim)
        for file in self._output.iterdir():
            show(file)

    def _tokens(self) -> dict[str, str]:
        found = read_tokens(self._credentials)
        self._secrets |= set(found.values())
        return found

    def _data(self) -> bytes:
        return b"".join(file.read_bytes() for file in self._output.glob("*"))

    def _asked(self, endpoint: str) -> list[dict[str, Any]]:
        return [request for request in self._xero.get("/sandbox/requests").json() if request["endpoint"] == endpoint]


class Reader:
    """Somebody who reads the credentials file all the time; `contents` are the tokens it found, None: not whole."""

    def __init__(self, file: Path) -> None:
        self.count = 0
        self.contents: list[dict[str, str] | None] = []
        self._file = file
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        is_last = False
        while not is_last:
            is_last, found = self._ended.wait(0.001), None
            with suppress(OSError, ValueError, KeyError):
                found = read_tokens(self._file)
            self.count += 1
            if found not in self.contents[-1:]:
                self.contents.append(found)


def read_tokens(file: Path) -> dict[str, str]:
    """Both tokens of a credentials file. Raises OSError, ValueError or KeyError if it is missing or not whole."""
    content = json.loads(file.read_bytes())
    return {name: content[name] for name in ("access_token", "refresh_token")}


def heading(text: str) -> None:
    """Begin a part of the story."""
    click.secho("\n" + f"── {text} ".ljust(COLUMNS, "─") + "\n", bold=True)


def say(text: str) -> None:
    """A paragraph of the story."""
    click.echo(click.wrap_text(text, COLUMNS) + "\n")


def confirm(is_true: object, claim: str) -> None:
    """A claim that was checked. Raises ClaimError if it is not so."""
    if not is_true:
        raise ClaimError(f"this is not so: {claim}")
    click.echo(f"{click.style('✓', fg='green')} {claim}")


def show(file: Path) -> None:
    """Where a file is, and what it is like."""
    size, mode = file.stat().st_size, stat.S_IMODE(file.stat().st_mode)
    click.echo(f"  → {click.style(os.path.relpath(file), fg='cyan')} ({size} bytes, mode {mode:04o})")


def main(folder: Path) -> int:
    """Tell the story; gives the exit code."""
    os.chdir(ROOT)
    started = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    try:
        let_tokens_live(folder / "sandbox")
        with Sandbox(sandbox_file(FLOW), folder / "sandbox") as sandbox:
            Tour(folder, dict(sandbox.parameters)).tell()
    except (ClaimError, FlowError, OSError, ValueError, KeyError, httpx.HTTPError) as error:
        click.echo(f"{click.style('✗', fg='red')} {error}", err=True)
        click.echo(f"What was written is in {os.path.relpath(folder)}.", err=True)
        return 1
    except KeyboardInterrupt:
        return 130
    click.echo(f"\nThat was all, in {time.monotonic() - started:.0f} seconds. Go on with:\n\n{COMMANDS}")
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT / "data" / "tour"))
