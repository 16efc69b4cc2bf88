"""A flow to look into: it holds secrets everywhere, and gives up or keeps waiting what it is told to."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.kit import Called, flowrun
from tests.cli.program import finish, start, write

LETTERS = """\
flow: letters
parameters:
  key: {env: LETTERS_KEY, sensitive: true}
sensitive_attributes: [token]
processors:
  get-letters:
    type: GetFile
    schedule: {every: 20 ms}
    properties: {Input Directory: in, Polling Interval: 0 sec}
  get-secrets:
    type: GetFile
    schedule: {every: 20 ms}
    properties: {Input Directory: secret, Polling Interval: 0 sec}
    sensitive_content: true
  mark:
    type: UpdateAttribute
    properties: {token: "TOKEN-OF-${filename}", kind: letter}
  copy:
    type: UpdateAttribute
    properties: {copied: "<${token}>", keyed: "#{key}"}
  save:
    type: PutFile
    properties: {Directory: out, Conflict Resolution Strategy: replace}
    auto_terminate: [success]
    dead_letter: [failure]
connections:
  - get-letters -- success --> mark
  - get-secrets -- success --> mark
  - mark -- success --> copy
  - copy -- success --> save
"""
KEY = "KEY-THAT-NOBODY-MAY-SEE"
CONTENT = "CONTENT-THAT-NOBODY-MAY-SEE"
SECRETS = (KEY, "TOKEN-OF-", CONTENT)
WAITING = LETTERS.replace("    type: PutFile\n", "    type: PutFile\n    enabled: false\n")
"""The flow with what it does last switched off: flowfiles wait before it."""
QUEUE = "copy -- success --> save"
DEAD = "save -- dead letters"


def prepare(folder: Path, text: str, *, letters: int = 3) -> Path:
    """The flow file, some letters, and a secret one; `out`, where they go, is a file, so that they can't go there."""
    for name in ("in", "secret"):
        (folder / name).mkdir()
    for number in range(letters):
        (folder / "in" / f"letter-{number}.txt").write_text(f"Dear {number}\n{KEY}")
    (folder / "secret" / "secret.txt").write_text(CONTENT)
    (folder / "out").write_text("in the way")
    return write(folder, text)


def ran(folder: Path, text: str, *, letters: int = 3) -> Path:
    """The flow after a run of it."""
    flow = prepare(folder, text, letters=letters)
    done = flowrun(folder, "run", "flow.yaml", "--once", "--for", "10s", "--param", f"key={KEY}")
    assert done.code in (1, 5), done.err
    return flow


def ask(folder: Path, *words: str) -> Called:
    """What a command says of the flow; no secret is ever in it."""
    said = flowrun(folder, *words)
    assert not [secret for secret in SECRETS if secret in said.out + said.err]
    return said


def ask_for_json(folder: Path, *words: str) -> Any:
    """What it says as JSON."""
    said = ask(folder, *words, "--json")
    assert said.code == 0, said.err
    return json.loads(said.out)


@contextmanager
def running(folder: Path, flow: Path, *, queued: int, queue: str) -> Iterator["subprocess.Popen[str]"]:
    """The flow at work in a process of its own, once so many flowfiles are in that queue."""
    process = start(folder, flow, "--param", f"key={KEY}")
    try:
        wait_until((folder / ".flowrun" / "letters" / "control").is_socket)
        wait_until(lambda: waiting(folder).get(queue) == queued)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        finish(process)


def waiting(folder: Path) -> dict[str, int]:
    """How many flowfiles are in each queue that has some."""
    queues = ask_for_json(folder, "queue", "list", "flow.yaml")
    return {queue["id"]: queue["queued"] for queue in queues if queue["queued"]}


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again."""
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)
