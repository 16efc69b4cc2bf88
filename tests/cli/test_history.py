"""`flowrun history`, `why`, `lineage` and `replay`: what happened, as a person may see it."""

import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.cli.kit import flowrun
from tests.cli.looked_into import KEY, LETTERS, QUEUE, WAITING, ask, ask_for_json, prepare, ran, running
from tests.cli.program import write

from flowrun.cli.exit_codes import ExitCode

DEAD = ("history", "flow.yaml", "--outcome", "dead letter")


@pytest.fixture(scope="module")
def given_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a flow that gave up four letters."""
    folder = tmp_path_factory.mktemp("given-up")
    ran(folder, LETTERS)
    return folder


def letter(folder: Path, name: str = "letter-1.txt") -> str:
    """The uuid of a letter."""
    return str(ask_for_json(folder, "history", "flow.yaml", "--attribute", f"filename={name}")[0]["flowfile"])


def decisions(folder: Path, uuid: str) -> list[dict[str, Any]]:
    """What `why` says of each step."""
    return list(ask_for_json(folder, "why", "flow.yaml", uuid))


def test_events_are_told_in_order_with_what_became_different(given_up: Path) -> None:
    events = ask_for_json(given_up, "history", "flow.yaml", "--flowfile", letter(given_up))

    assert [(event["event"], event["processor"]) for event in events] == [
        ("RECEIVE", "get-letters"),
        ("ROUTE", "get-letters"),
        ("ATTRIBUTES_MODIFIED", "mark"),
        ("ROUTE", "mark"),
        ("ATTRIBUTES_MODIFIED", "copy"),
        ("ROUTE", "copy"),
        ("ROUTE", "save"),
    ]
    assert events[-5]["attributes"]["kind"] == {"before": None, "after": "letter"}
    assert events[-5]["attributes"]["token"] == {"before": None, "after": "********"}


def test_dead_letters_are_an_outcome(given_up: Path) -> None:
    events = ask_for_json(given_up, *DEAD)

    assert len(events) == 4
    assert {event["connection"] for event in events} == {"save -- dead letters"}
    assert {event["relationship"] for event in events} == {"failure"}


def test_history_is_narrowed_down(given_up: Path) -> None:
    def count(*words: str) -> int:
        return len(ask_for_json(given_up, "history", "flow.yaml", "--limit", "1000", *words))

    assert count("--processor", "mark") == 8
    assert count("--processor", "mark", "--outcome", "ROUTE") == 4
    assert count("--since", "1 h") == count()
    assert count("--until", "1 h") == 0
    assert count("--outcome", "EXPIRE") == 0
    assert len(ask_for_json(given_up, "history", "flow.yaml", "--limit", "3")) == 3


def test_values_of_sensitive_attributes_are_not_searched_for(given_up: Path) -> None:
    said = ask(given_up, "history", "flow.yaml", "--attribute", "token=x")

    assert said.code == ExitCode.WRONG
    assert "'token' is sensitive" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--attribute", "x"), "expected NAME=VALUE"),
        (("--processor", "mrk"), "did you mean 'mark'?"),
        (("--outcome", "Faliure"), "nothing ends in 'Faliure'; did you mean 'failure'?"),
        (("--outcome", "x"), "nothing ends in 'x': there are CREATE, RECEIVE,"),
        (("--since", "yesterday"), "expected a time such as '10 min' (ago)"),
        (("--flowfile", "x"), "expected a flowfile's UUID"),
        (("--flowfile", "0d5f4a52-63d7-4b9f-a1c0-000000000001"), "history knows no flowfile"),
    ],
)
def test_a_mistake_is_told_with_its_mend(words: tuple[str, ...], message: str, given_up: Path) -> None:
    said = ask(given_up, "history", "flow.yaml", *words)

    assert (said.code, said.out) == (ExitCode.WRONG, "")
    assert message in said.err


def test_why_tells_expressions_what_they_saw_and_the_lines_that_decided(given_up: Path) -> None:
    steps = decisions(given_up, letter(given_up))

    mark = next(step for step in steps if step["processor"] == "mark")
    assert mark["came_by"] == "get-letters -- success --> mark"
    assert mark["waited"] >= 0
    assert mark["taken"]["leads_to"] == "copy"
    assert mark["taken"]["place"] == "flow.yaml:29"
    [token] = [found for found in mark["expressions"] if found["name"] == "token"]
    assert token["expression"] == "********${filename}"
    assert token["saw"] == {"filename": "letter-1.txt"}
    assert token["gave"] == "********"


def test_why_tells_ways_that_were_not_taken(given_up: Path) -> None:
    save = decisions(given_up, letter(given_up))[-1]

    assert save["taken"]["relationship"] == "failure"
    assert save["taken"]["place"] == "flow.yaml:25"
    assert [way["relationship"] for way in save["not_taken"]] == ["success"]


def test_why_masks_what_comes_of_sensitive_attributes_and_parameters(given_up: Path) -> None:
    copy = next(step for step in decisions(given_up, letter(given_up)) if step["processor"] == "copy")

    gave = {found["name"]: found["gave"] for found in copy["expressions"]}
    assert gave == {"copied": "********", "keyed": None}


def test_why_is_told_in_words(given_up: Path) -> None:
    said = ask(given_up, "why", "flow.yaml", letter(given_up))

    assert said.code == 0
    assert "failure → the dead letters  flow.yaml:25" in said.out
    assert "It is a dead letter in 'save -- dead letters'" in said.out
    assert "waited " in said.out


def test_history_is_told_while_the_flow_runs(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING, letters=2)
    with running(tmp_path, flow, queued=3, queue=QUEUE):
        [step, *_] = decisions(tmp_path, letter(tmp_path))
        said = ask(tmp_path, "why", "flow.yaml", letter(tmp_path))

    assert step["processor"] == "get-letters"
    assert f"It waits in '{QUEUE}'" in said.out


def test_what_ran_explains_what_happened_whatever_the_file_says_now(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    write(tmp_path, LETTERS.replace("  mark:\n", "  mark:\n    comment: a line more\n").replace("letter}", "other}"))

    steps = decisions(tmp_path, letter(tmp_path))

    mark = next(step for step in steps if step["processor"] == "mark")
    assert mark["taken"]["place"] == "flow.yaml:29"


def test_what_was_sensitive_then_stays_masked_whatever_the_file_says_now(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS, letters=1)
    write(tmp_path, LETTERS.replace("sensitive_attributes: [token]\n", "").replace("TOKEN-OF-", "").replace("<$", "$"))

    events = ask_for_json(tmp_path, "history", "flow.yaml", "--outcome", "ATTRIBUTES_MODIFIED")

    assert {event["attributes"]["token"]["after"] for event in events if event["processor"] == "mark"} == {"********"}
    assert ask(tmp_path, "why", "flow.yaml", letter(tmp_path, "letter-0.txt")).code == 0


def test_the_texts_that_ran_are_kept_for_their_owner_and_without_secrets(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS.replace("{env: LETTERS_KEY, sensitive: true}", f"{{value: {KEY}, sensitive: true}}"))
    folder = tmp_path / ".flowrun" / "letters" / "flows"

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert KEY not in "".join(file.read_text() for file in folder.iterdir())


def test_a_flowfile_of_the_past_is_replayed(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    (tmp_path / "out").unlink()

    [new] = [ask_for_json(tmp_path, "replay", "flow.yaml", letter(tmp_path), "--from", "copy")]

    assert new["connection"] == "mark -- success --> copy"
    assert flowrun(tmp_path, "run", "flow.yaml", "--once", "--for", "10s", "--param", f"key={KEY}").code == 0
    assert (tmp_path / "out" / "letter-1.txt").read_text() == f"Dear 1\n{KEY}"
    events = ask_for_json(tmp_path, "history", "flow.yaml", "--flowfile", new["flowfile"])
    assert (events[0]["event"], events[0]["from"]) == ("REPLAY", [letter(tmp_path)])
    assert events[-1]["event"] == "DROP"


def test_a_flowfile_is_replayed_while_the_flow_runs(tmp_path: Path) -> None:
    flow = prepare(tmp_path, WAITING, letters=1)
    with running(tmp_path, flow, queued=2, queue=QUEUE):
        uuid = letter(tmp_path, "letter-0.txt")
        new = ask_for_json(tmp_path, "replay", "flow.yaml", uuid, "--from", "mark")

    assert flowrun(tmp_path, "run", "flow.yaml", "--once", "--for", "100ms", "--param", f"key={KEY}").code == 5
    way = ask_for_json(tmp_path, "lineage", "flow.yaml", uuid)
    assert way["descents"] == [{"parent": uuid, "child": new["flowfile"], "event": "REPLAY"}]
    assert way["flowfiles"][new["flowfile"]][-1]["connection"] == QUEUE


@pytest.mark.parametrize(
    ("processor", "message"),
    [
        ("mark", "its content is gone"),
        ("get-letters", "never was at 'get-letters'; it was at 'mark', 'copy', 'save'"),
        ("nobody", "never was at 'nobody'"),
    ],
)
def test_what_cannot_be_replayed_is_refused_with_the_reason(processor: str, message: str, tmp_path: Path) -> None:
    ran(tmp_path, LETTERS, letters=1)
    uuid = letter(tmp_path, "letter-0.txt")
    flowrun(tmp_path, "dlq", "drop", "flow.yaml", "--all", "--yes")
    shutil.rmtree(tmp_path / ".flowrun" / "letters" / "content")

    said = ask(tmp_path, "replay", "flow.yaml", uuid, "--from", processor)

    assert (said.code, said.out) == (ExitCode.WRONG, "")
    assert message.replace("its content is gone", f"the content of {uuid} is gone") in said.err


def test_a_replay_is_refused_where_the_processor_is_gone_or_the_flow_forbids_it(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS, letters=1)
    uuid = letter(tmp_path, "letter-0.txt")
    write(tmp_path, LETTERS.replace("  save:\n", "  save:\n    replay: refuse\n"))
    refused = ask(tmp_path, "replay", "flow.yaml", uuid)
    write(tmp_path, LETTERS.replace("copy", "other"))
    gone = ask(tmp_path, "replay", "flow.yaml", uuid, "--from", "copy")

    assert "'replay: refuse' for 'save'" in refused.err
    assert "the flow has no processor 'copy' any more" in gone.err


def test_the_flow_need_not_be_named_where_one_here_knows_the_flowfile(given_up: Path) -> None:
    uuid = letter(given_up)

    assert ask(given_up, "why", uuid).out == ask(given_up, "why", "flow.yaml", uuid).out
    assert ask(given_up.parent, "lineage", uuid).code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a flow file and a flowfile's UUID"),
        (("flow.yaml",), "name a flow file and a flowfile's UUID"),
        (("0d5f4a52-63d7-4b9f-a1c0-000000000001",), "no flow here knows the flowfile 0d5f4a52"),
    ],
)
def test_why_asks_for_what_it_needs(words: tuple[str, ...], message: str, given_up: Path) -> None:
    said = ask(given_up, "why", *words)

    assert (said.code, said.out) == (ExitCode.WRONG, "")
    assert message in said.err


def test_nothing_can_be_replayed_where_the_flow_has_never_run(tmp_path: Path) -> None:
    write(tmp_path, LETTERS)

    said = ask(tmp_path, "replay", "flow.yaml", "0d5f4a52-63d7-4b9f-a1c0-000000000001")

    assert (said.code, said.out) == (ExitCode.WRONG, "")
    assert "the flow has not run here yet" in said.err
    assert ask(tmp_path, "history", "flow.yaml").out == "nothing that fits is known\n"


def test_lineage_is_drawn(given_up: Path) -> None:
    uuid = letter(given_up)

    text = ask(given_up, "lineage", "flow.yaml", uuid).out
    mermaid = ask(given_up, "lineage", "flow.yaml", uuid, "--format", "mermaid").out
    assert ask(given_up, "lineage", "flow.yaml", uuid, "-o", "lineage.svg").code == 0

    assert "mark ── success ──▶ copy ── success ──▶ save ── failure ──✕ dead letter" in text
    assert mermaid.startswith("flowchart LR")
    assert ElementTree.parse(given_up / "lineage.svg").getroot().tag.endswith("svg")


def test_a_flow_may_keep_no_history(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS.replace("flow: letters\n", "flow: letters\nhistory: off\n"), letters=1)
    folder = tmp_path / ".flowrun" / "letters"

    said = ask(tmp_path, "history", "flow.yaml")

    assert (said.code, said.out) == (ExitCode.WRONG, "")
    assert "the flow says 'history: off'" in said.err
    assert not (folder / "flows").exists()
    assert not list((folder / "journal").glob("*.index"))
