"""`flowrun queue`: what waits in a flow's connections, running or stopped."""

import json
import os
import signal
import stat
from pathlib import Path

import pytest
from tests.cli.kit import flowrun
from tests.cli.looked_into import (
    CONTENT,
    DEAD,
    KEY,
    QUEUE,
    WAITING,
    ask,
    ask_for_json,
    prepare,
    ran,
    running,
    waiting,
)
from tests.cli.program import finish, run, write

from flowrun.repository.disk import DiskRepository
from flowrun.repository.journal import Journal


def uuid_of(folder: Path, filename: str, queue: str = QUEUE) -> str:
    flowfiles = ask_for_json(folder, "queue", "show", "flow.yaml", queue)
    return str(next(flowfile["uuid"] for flowfile in flowfiles if flowfile["filename"] == filename))


def test_list_shows_every_connection_and_what_waits_in_it(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "list", "flow.yaml")
    queues = {queue["id"]: queue for queue in ask_for_json(tmp_path, "queue", "list", "flow.yaml")}

    assert [line.split("  ")[0] for line in said.out.splitlines()[1:]] == list(queues)
    assert queues[QUEUE]["queued"] == 4
    assert queues[QUEUE]["oldest"] is not None
    assert queues[DEAD]["queued"] == 0


def test_show_lists_flowfiles_from_the_head_on(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, "--limit", "3")

    assert len(said.out.splitlines()) == 5
    assert said.out.endswith("… and 1 more\n")


def test_show_of_one_flowfile_masks_what_is_sensitive_and_what_was_made_of_it(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    uuid = uuid_of(tmp_path, "letter-1.txt")

    attributes = ask_for_json(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid)["attributes"]
    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid)

    assert {attributes[name] for name in ("token", "copied", "keyed")} == {"********"}
    assert attributes["kind"] == "letter"
    assert "  kind                   letter\n" in said.out


def test_content_is_shown_without_secrets_that_are_known(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    uuid = uuid_of(tmp_path, "letter-1.txt")

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid, "--param", f"key={KEY}")

    assert said.out.endswith("content\n  Dear 1\n  ********\n")


def test_content_is_not_shown_where_secrets_are_not_known(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    uuid = uuid_of(tmp_path, "letter-1.txt")

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid)

    assert "content is not shown: it may hold the value of 'key', which is not known here" in said.out


def test_sensitive_content_is_never_shown(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    uuid = uuid_of(tmp_path, "secret.txt")

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid, "--param", f"key={KEY}")

    assert said.out.endswith("content is not shown: the flow says that it is sensitive\n")


def test_a_running_flow_knows_its_secrets_and_shows_the_rest(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE):
        letter = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid_of(tmp_path, "letter-1.txt"))
        secret = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid_of(tmp_path, "secret.txt"))

    assert letter.out.endswith("content\n  Dear 1\n  ********\n")
    assert secret.out.endswith("content is not shown: the flow says that it is sensitive\n")


def test_content_that_is_no_text_is_shown_in_hexadecimal_and_no_control_character_as_it_is(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING, letters=0)
    (tmp_path / "in" / "picture").write_bytes(b"\x89PNG\0\xff")
    (tmp_path / "in" / "bell\x1b[2J").write_bytes(b"ring\x07\x1b[2J")
    flowrun(tmp_path, "run", "flow.yaml", "--once", "--for", "5s", "--param", f"key={KEY}")

    shown = [
        ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid_of(tmp_path, name), "--param", f"key={KEY}").out
        for name in ("picture", "bell\x1b[2J")
    ]

    assert shown[0].endswith("content, its beginning, no text, in hexadecimal\n  89 50 4e 47 00 ff\n")
    assert shown[1].endswith("content\n  ring\\x07\\x1b[2J\n")
    assert "\x1b[2J" not in ask(tmp_path, "queue", "show", "flow.yaml", QUEUE).out


def test_no_secret_is_shown_in_hexadecimal_either(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING, letters=0)
    (tmp_path / "in" / "picture").write_bytes(KEY.encode() + b"\xff")
    flowrun(tmp_path, "run", "flow.yaml", "--once", "--for", "5s", "--param", f"key={KEY}")

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, uuid_of(tmp_path, "picture"), "--param", f"key={KEY}")

    assert said.out.endswith("content is not shown: it holds a sensitive value\n")


@pytest.mark.parametrize(
    "written", [QUEUE, "copy -- success --> save", "COPY  -- Success --> save", "copy --> save", "> save"]
)
def test_a_connection_is_found_as_it_is_written_or_by_a_part(tmp_path: Path, written: str) -> None:
    ran(tmp_path, WAITING)

    assert len(ask_for_json(tmp_path, "queue", "show", "flow.yaml", written)) == 4


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("copy -- succes --> save", "did you mean 'copy -- success --> save'?"),
        ("save", "'save' may mean 'copy -- success --> save', 'save -- dead letters': write more of it"),
        ("zzz", "the flow has no connection 'zzz'; there are 'get-letters -- success --> mark', "),
    ],
)
def test_a_connection_that_is_not_there_is_said_with_what_may_be_meant(tmp_path: Path, written: str, said: str) -> None:
    prepare(tmp_path, WAITING)

    done = ask(tmp_path, "queue", "show", "flow.yaml", written)

    assert done.code == 2
    assert said in done.err


def test_a_flowfile_that_is_not_there_is_said(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "show", "flow.yaml", QUEUE, "nobody")

    assert (said.code, said.err) == (2, f"error: no flowfile nobody waits in '{QUEUE}'\n")


@pytest.mark.parametrize("is_running", [True, False])
def test_export_writes_contents_and_attributes_but_nothing_sensitive(tmp_path: Path, is_running: bool) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        if not is_running:
            process.send_signal(signal.SIGINT)
            finish(process)
        said = ask(tmp_path, "queue", "export", "flow.yaml", QUEUE, "saved")
        letter, secret = uuid_of(tmp_path, "letter-1.txt"), uuid_of(tmp_path, "secret.txt")

    files = list((tmp_path / "saved").iterdir())
    assert said.out.startswith(f"exported 4 flowfiles to {tmp_path / 'saved'}\n")
    assert "the content of 1 is sensitive, and only written with --include-sensitive" in said.out
    assert (tmp_path / "saved" / f"{letter}.content").read_text() == f"Dear 1\n{KEY}"
    assert not (tmp_path / "saved" / f"{secret}.content").exists()
    description = json.loads((tmp_path / "saved" / f"{secret}.json").read_text())
    assert description["attributes"]["token"] == "********"
    assert description["content_is_hidden"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 7


def test_export_of_what_is_sensitive_has_to_be_asked_for(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    secret = uuid_of(tmp_path, "secret.txt")

    ask(tmp_path, "queue", "export", "flow.yaml", QUEUE, "saved", "--include-sensitive")

    assert (tmp_path / "saved" / f"{secret}.content").read_text() == CONTENT
    attributes = json.loads((tmp_path / "saved" / f"{secret}.json").read_text())["attributes"]
    assert attributes["token"] == "TOKEN-OF-secret.txt"
    assert attributes["keyed"] == KEY


def test_export_where_nothing_can_be_written_is_one_clear_line(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "export", "flow.yaml", QUEUE, "/dev/null/saved")

    assert said.code == 2
    assert said.err.splitlines()[-1].endswith("/dev/null/saved': Not a directory")


def test_purge_of_a_stopped_flow_drops_what_waits_for_good(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

    assert said.out == f"dropped 4 flowfiles from '{QUEUE}'\n"
    assert waiting(tmp_path) == {}
    assert run(tmp_path, "flow.yaml", "--once", "--param", "key=k").code == 0


def test_purge_of_a_running_flow_drops_what_waits_for_good(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        said = ask_for_json(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")
        log = ask(tmp_path, "status", "flow.yaml").out
        process.send_signal(signal.SIGKILL)
        process.wait()

        assert waiting(tmp_path) == {}
    assert said == {"connection": QUEUE, "dropped": 4}
    assert f"4 flowfiles were dropped from '{QUEUE}', as a person asked for" in log


def test_purge_asks_first(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)

    said = run(tmp_path, "queue", "purge", "flow.yaml", QUEUE)

    assert f"Drop 4 flowfiles (117 B) from '{QUEUE}' for good? [y/N]:" in said.err
    assert said.code != 0
    assert waiting(tmp_path) == {QUEUE: 4}


def test_purge_empties_a_queue_that_the_flow_has_no_more_so_that_it_starts_again(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    write(tmp_path, WAITING.replace("--> save", "--> store").replace("  save:", "  store:"))
    refused = run(tmp_path, "flow.yaml", "--once", "--param", "key=k")

    ask(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

    assert refused.code == 2
    assert run(tmp_path, "flow.yaml", "--once", "--param", "key=k").code == 0


def test_purge_with_a_process_that_does_not_answer_is_code_3_and_changes_nothing(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING)
    with running(tmp_path, flow, queued=4, queue=QUEUE) as process:
        (tmp_path / ".flowrun" / "letters" / "control").unlink()
        said = ask(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

        assert said.code == 3
        assert f"a process (pid {process.pid}) holds" in said.err
        assert waiting(tmp_path) == {QUEUE: 4}


def test_purge_of_a_flow_that_never_ran_leaves_nothing_behind(tmp_path: Path) -> None:
    prepare(tmp_path, WAITING)

    said = ask(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

    assert said.out == f"dropped 0 flowfiles from '{QUEUE}'\n"
    assert not (tmp_path / ".flowrun").exists()


@pytest.mark.parametrize("after", [False, True])
def test_a_purge_that_is_killed_has_happened_or_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    ran(tmp_path, WAITING)
    append = Journal.append

    def killed(self: Journal, payload: bytes) -> None:
        if after:
            append(self, payload)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", killed)
        patch.setattr(DiskRepository, "close", DiskRepository.forget)
        flowrun(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

    assert waiting(tmp_path) == ({} if after else {QUEUE: 4})


def test_looking_at_a_stopped_flow_keeps_nobody_from_starting_it(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / ".flowrun").rglob("*")}
    ask(tmp_path, "queue", "list", "flow.yaml")
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / ".flowrun").rglob("*")}

    assert after == before


def test_state_of_another_user_is_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(tmp_path, WAITING)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    said = ask(tmp_path, "queue", "purge", "flow.yaml", QUEUE, "--yes")

    assert said.code == 2
    assert "belongs to another user" in said.err
    assert waiting(tmp_path) == {QUEUE: 4}


def test_damaged_state_is_code_4_and_says_where(tmp_path: Path) -> None:
    ran(tmp_path, WAITING)
    [journal] = (tmp_path / ".flowrun" / "letters" / "journal").glob("*.journal")
    data = bytearray(journal.read_bytes())
    data[len(data) // 2] ^= 0xFF
    journal.write_bytes(data)

    said = ask(tmp_path, "queue", "list", "flow.yaml")

    assert said.code == 4
    assert f"error: {journal} is damaged at byte" in said.err
