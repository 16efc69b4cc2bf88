"""`flowrun dlq`: the dead letters of a flow, which wait for a person."""

import signal
from pathlib import Path

import pytest
from tests.cli.kit import flowrun
from tests.cli.looked_into import (
    DEAD,
    KEY,
    LETTERS,
    QUEUE,
    ask,
    ask_for_json,
    prepare,
    ran,
    running,
    wait_until,
    waiting,
)
from tests.cli.program import finish, run, write

from flowrun.repository.disk import DiskRepository
from flowrun.repository.journal import Journal

CAUSE = "failure: can't write to 'out': Not a directory"
LATER = LETTERS.replace(
    "  - copy -- success --> save\n",
    "  - copy -- success --> check\n  - check -- a --> save\n  - check -- unmatched --> save\n",
).replace(
    "  save:\n", "  check: {type: RouteOnAttribute, properties: {a: \"${filename:endsWith('1.txt')}\"}}\n  save:\n"
)
"""The flow with two queues that lead to `save`."""
SOURCE = """\
flow: letters
processors:
  make:
    type: GenerateFlowFile
    schedule: {every: 1 h}
    dead_letter: [success]
"""


def letters(folder: Path, *words: str) -> dict[str, dict[str, object]]:
    """The dead letters by the names of their files."""
    listed = ask_for_json(folder, "dlq", "list", "flow.yaml", *words)
    return {letter["filename"]: letter for letter in listed}


def clear_the_way(folder: Path) -> None:
    (folder / "out").unlink()


def arrived(folder: Path) -> set[str]:
    return {path.name for path in (folder / "out").iterdir()} if (folder / "out").is_dir() else set()


def finish_flow(folder: Path) -> None:
    assert run(folder, "flow.yaml", "--once", "--param", f"key={KEY}").code == 0


def test_list_says_what_was_given_up_by_whom_when_and_why(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    said = ask(tmp_path, "dlq", "list", "flow.yaml")
    letter = letters(tmp_path)["letter-1.txt"]

    heading, *lines = said.out.splitlines()
    assert heading.split() == ["given", "up", "processor", "cause", "attempts", "filename", "uuid"]
    assert len(lines) == 4
    assert all(CAUSE in line and "save" in line for line in lines)
    assert (letter["processor"], letter["cause"], letter["attempts"]) == ("save", CAUSE, 1)
    assert letter["came_by"] == QUEUE


def test_attempts_are_all_that_were_made(tmp_path: Path) -> None:
    retried = LETTERS.replace(
        "    dead_letter:",
        "    retry: {relationships: [failure], attempts: 2}\n    penalty_duration: 1 ms\n    dead_letter:",
    )
    ran(tmp_path, retried, letters=1)

    assert letters(tmp_path)["letter-0.txt"]["attempts"] == 3


def test_list_is_cut_at_the_limit_and_says_so(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    said = ask(tmp_path, "dlq", "list", "flow.yaml", "--limit", "1")

    assert said.out.endswith("… and 3 more\n")


def test_no_dead_letters_is_no_error(tmp_path: Path) -> None:
    prepare(tmp_path, LETTERS)

    assert ask(tmp_path, "dlq", "list", "flow.yaml").out == "there are no dead letters\n"
    assert ask_for_json(tmp_path, "dlq", "list", "flow.yaml") == []
    assert ask(tmp_path, "dlq", "replay", "flow.yaml", "--all").out == "replayed 0 dead letters\n"


def test_a_processor_that_is_not_there_is_said(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    said = ask(tmp_path, "dlq", "list", "flow.yaml", "--from", "saev")

    assert said.code == 2
    assert "did you mean 'save'?" in said.err


def test_show_says_everything_about_one_but_no_secrets(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    uuid = str(letters(tmp_path)["secret.txt"]["uuid"])

    said = ask(tmp_path, "dlq", "show", "flow.yaml", uuid)

    assert f"  cause              {CAUSE}\n" in said.out
    assert f"  came by            {QUEUE}\n" in said.out
    assert "  token                  ********\n" in said.out
    assert ask_for_json(tmp_path, "dlq", "show", "flow.yaml", uuid)["processor"] == "save"


def test_replay_on_a_stopped_flow_gives_the_next_run_another_try(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    clear_the_way(tmp_path)

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert said.out == "replayed 4 dead letters\n"
    assert waiting(tmp_path) == {QUEUE: 4}
    finish_flow(tmp_path)
    assert arrived(tmp_path) == {"letter-0.txt", "letter-1.txt", "letter-2.txt", "secret.txt"}


def test_replay_on_a_running_flow_is_another_try_at_once(tmp_path: Path) -> None:
    flow = prepare(tmp_path, LETTERS)
    with running(tmp_path, flow, queued=4, queue=DEAD) as process:
        clear_the_way(tmp_path)
        said = ask(tmp_path, "dlq", "replay", "flow.yaml", "--from", "save")
        wait_until(lambda: len(arrived(tmp_path)) == 4)
        process.send_signal(signal.SIGINT)
        done = finish(process)

    assert said.out == "replayed 4 dead letters\n"
    assert done.code == 0
    assert "All is done: nothing is queued, nothing failed." in done.out


def test_replay_of_some_leaves_the_others(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    found = letters(tmp_path)

    ask(tmp_path, "dlq", "replay", "flow.yaml", str(found["letter-0.txt"]["uuid"]), str(found["letter-2.txt"]["uuid"]))

    assert letters(tmp_path).keys() == {"letter-1.txt", "secret.txt"}
    assert waiting(tmp_path) == {QUEUE: 2, DEAD: 2}


def test_replay_goes_back_to_the_queue_by_which_each_came(tmp_path: Path) -> None:
    ran(tmp_path, LATER)

    ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert waiting(tmp_path) == {"check -- a --> save": 1, "check -- unmatched --> save": 3}


def test_replay_goes_to_another_queue_of_its_processor_if_its_own_is_no_more(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    write(tmp_path, LATER)

    ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert waiting(tmp_path) == {"check -- a --> save": 4}


def test_replayed_flowfiles_are_not_too_old_for_their_queue(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    write(
        tmp_path, LETTERS.replace("  - copy -- success --> save\n", "  - {from: copy, to: save, expiration: 5 min}\n")
    )
    clear_the_way(tmp_path)
    ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    finish_flow(tmp_path)

    assert len(arrived(tmp_path)) == 4


def test_dead_letters_of_a_source_can_t_be_replayed_and_it_says_why(tmp_path: Path) -> None:
    write(tmp_path, SOURCE)
    run(tmp_path, "flow.yaml", "--once")

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert said.code == 2
    assert "'make' is a source: no queue leads to it, so its dead letters can't be replayed" in said.err
    assert waiting(tmp_path) == {"make -- dead letters": 1}


def test_dead_letters_of_a_processor_that_is_gone_can_t_be_replayed(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    write(tmp_path, LETTERS.replace("--> save", "--> store").replace("  save:", "  store:"))

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert said.code == 2
    assert "the flow has no processor 'save' any more" in said.err


def test_dead_letters_whose_processor_refuses_replay_stay_and_the_summary_does_not_offer_it(tmp_path: Path) -> None:
    flow = LETTERS.replace("    dead_letter: [failure]\n", "    dead_letter: [failure]\n    replay: refuse\n")
    prepare(tmp_path, flow)
    done = run(tmp_path, "flow.yaml", "--once", "--param", f"key={KEY}")

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert said.code == 2
    assert "the flow says 'replay: refuse' for 'save'" in said.err
    assert waiting(tmp_path) == {DEAD: 4}
    assert "dlq replay" not in done.out
    assert "'flowrun dlq drop flow.yaml --all' removes them; the flow allows no replay of them." in done.out


@pytest.mark.parametrize("words", [(), ("--all", "--from", "save"), ("some-uuid", "--all")])
def test_what_is_meant_has_to_be_said_in_one_way(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran(tmp_path, LETTERS)

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", *words)

    assert said.code == 2
    assert "say which dead letters: their UUIDs, --from PROCESSOR, or --all" in said.err


def test_a_uuid_that_is_no_dead_letter_changes_nothing(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    uuid = str(letters(tmp_path)["letter-0.txt"]["uuid"])

    said = ask(tmp_path, "dlq", "replay", "flow.yaml", uuid, "nobody")

    assert said.code == 2
    assert f"no flowfile nobody waits in '{DEAD}'; nothing was changed" in said.err
    assert waiting(tmp_path) == {DEAD: 4}


@pytest.mark.parametrize("is_running", [False, True])
def test_drop_is_for_good(tmp_path: Path, is_running: bool) -> None:
    flow = prepare(tmp_path, LETTERS)
    with running(tmp_path, flow, queued=4, queue=DEAD) as process:
        if not is_running:
            process.send_signal(signal.SIGINT)
            finish(process)
        found = letters(tmp_path)
        one = ask(tmp_path, "dlq", "drop", "flow.yaml", str(found["letter-0.txt"]["uuid"]), "--yes")
        rest = ask_for_json(tmp_path, "dlq", "drop", "flow.yaml", "--all", "--yes")

    assert one.out == "dropped 1 dead letter\n"
    assert rest == {"dropped": 3}
    assert waiting(tmp_path) == {}


def test_drop_asks_first(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)

    said = run(tmp_path, "dlq", "drop", "flow.yaml", "--all")

    assert "Drop 4 dead letters for good? [y/N]:" in said.err
    assert waiting(tmp_path) == {DEAD: 4}


def test_dead_letters_that_were_dropped_or_replayed_do_not_confuse_the_summary(tmp_path: Path) -> None:
    flow = prepare(tmp_path, LETTERS)
    with running(tmp_path, flow, queued=4, queue=DEAD) as process:
        found = letters(tmp_path)
        ask(tmp_path, "dlq", "drop", "flow.yaml", str(found["letter-0.txt"]["uuid"]), "--yes")
        process.send_signal(signal.SIGINT)
        done = finish(process)

    assert "3 dead letters in this run; kept in " in done.out
    assert done.code == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_replay_that_is_killed_has_happened_or_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    ran(tmp_path, LETTERS)
    append = Journal.append

    def killed(self: Journal, payload: bytes) -> None:
        if after:
            append(self, payload)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "append", killed)
        patch.setattr(DiskRepository, "close", DiskRepository.forget)
        flowrun(tmp_path, "dlq", "replay", "flow.yaml", "--all")

    assert waiting(tmp_path) == ({QUEUE: 4} if after else {DEAD: 4})


def test_a_flow_that_is_killed_after_a_replay_has_lost_nothing(tmp_path: Path) -> None:
    flow = prepare(tmp_path, LETTERS)
    with running(tmp_path, flow, queued=4, queue=DEAD) as process:
        clear_the_way(tmp_path)
        ask(tmp_path, "dlq", "replay", "flow.yaml", "--all")
        process.kill()
        process.wait()

    finish_flow(tmp_path)

    assert len(arrived(tmp_path)) == 4
    assert waiting(tmp_path) == {}
