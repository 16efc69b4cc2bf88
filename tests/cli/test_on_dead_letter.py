"""`on_dead_letter: {command: …}`: a command hears of dead letters, and never holds the flow up."""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from tests.cli.in_process import run
from tests.cli.looked_into import KEY, LETTERS, SECRETS, prepare, wait_until
from tests.cli.program import finish, read_until, start, write

HEAR = """\
import json, os, sys
told = json.load(sys.stdin)
told["variables"] = {name: value for name, value in os.environ.items() if name.startswith("FLOWRUN_")}
with open("told.jsonl", "a") as file:
    file.write(json.dumps(told) + "\\n")
"""


def with_command(text: str, *words: str, every: str = "1 h") -> str:
    told = f"on_dead_letter: {{command: {json.dumps(list(words))}, every: {every}, time_limit: 20 sec}}\n"
    return text.replace("processors:\n", f"{told}processors:\n", 1)


def heard(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]


def test_the_command_hears_who_gave_up_what_and_why_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "hear.py").write_text(HEAR)
    prepare(tmp_path, with_command(LETTERS, sys.executable, "hear.py"), letters=2)
    done = run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")
    told = heard(tmp_path)
    letters = [letter for one in told for letter in one["dead_letters"]]

    assert done.code == 1
    assert sum(one["count"] for one in told) == len(letters) == 3
    assert {letter["cause"] for letter in letters} == {"can't write to 'out': Not a directory"}
    assert {(letter["processor"], letter["relationship"]) for letter in letters} == {("save", "failure")}
    assert {letter["filename"] for letter in letters} == {"letter-0.txt", "letter-1.txt", "secret.txt"}
    assert told[0]["variables"]["FLOWRUN_PROCESSOR"] == "save"
    assert told[0]["variables"]["FLOWRUN_UUID"] == letters[0]["uuid"]
    assert not [secret for secret in SECRETS if secret in (tmp_path / "told.jsonl").read_text()]


def test_many_dead_letters_start_few_commands(tmp_path: Path) -> None:
    (tmp_path / "hear.py").write_text(HEAR)
    prepare(tmp_path, with_command(LETTERS, sys.executable, "hear.py"), letters=300)
    run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")
    told = heard(tmp_path)

    assert len(told) <= 2  # the first, and what came within the hour after it, at the end
    assert sum(one["count"] for one in told) == 301
    assert all(len(one["dead_letters"]) <= 100 for one in told)


def test_a_command_that_fails_is_a_bulletin_and_the_flow_goes_on(tmp_path: Path) -> None:
    script = "import sys; sys.exit('no mail today')"
    prepare(tmp_path, with_command(LETTERS, sys.executable, "-c", script), letters=1)
    done = run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")

    assert done.code == 1
    assert "on_dead_letter: the command was not told of dead letters: " in done.err
    assert "ended with 1: no mail today" in done.err


def test_a_command_that_hangs_is_ended_and_holds_nobody_up(tmp_path: Path) -> None:
    text = with_command(LETTERS, "sleep", "1000").replace("20 sec", "500 ms")
    prepare(tmp_path, text, letters=1)
    done = run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")

    assert done.code == 1
    assert "'sleep' took more than 0.5 sec, and was ended" in done.err


def test_a_secret_can_t_stand_on_the_command_s_line(tmp_path: Path) -> None:
    prepare(tmp_path, with_command(LETTERS, "echo", "#{key}"))
    done = run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")

    assert done.code == 2
    assert "other users of the machine can see a command line" in done.err


def test_a_command_that_an_edit_brings_is_told_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "hear.py").write_text(HEAR)
    prepare(tmp_path, LETTERS, letters=1)
    process = start(tmp_path, "flow.yaml", "--watch", "--param", f"key={KEY}")
    read_until(process, "dead letter")
    write(tmp_path, with_command(LETTERS, sys.executable, "hear.py"))
    read_until(process, "generation 2")
    (tmp_path / "in" / "late.txt").write_text("late")
    wait_until((tmp_path / "told.jsonl").exists)
    process.send_signal(signal.SIGINT)
    finish(process)

    assert [letter["filename"] for one in heard(tmp_path) for letter in one["dead_letters"]] == ["late.txt"]
