"""`flowrun plan`: what one flow file changes against another."""

import json
from pathlib import Path

from tests.cli.kit import flowrun
from tests.cli.looked_into import DEAD, LETTERS, SECRETS, ran
from tests.cli.program import write

NEW = LETTERS.replace("Directory: out", "Directory: elsewhere").replace("kind: letter", "kind: note")


def test_changes_are_told_by_part_and_the_flow_stays_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, LETTERS, "old.yaml")
    write(tmp_path, NEW, "new.yaml")
    said = flowrun(tmp_path, "plan", "old.yaml", "new.yaml")

    assert said.code == 0, said.err
    assert said.out.startswith("old.yaml → new.yaml: 2 processors changed, 1 place newly reachable\n")
    assert "  ~ mark\n      kind: 'letter' → 'note'\n" in said.out
    assert "  ! writes elsewhere: 'save', Directory\n" in said.out
    assert not (tmp_path / ".flowrun").exists()


def test_two_files_that_mean_the_same_are_said_to_change_nothing(tmp_path: Path) -> None:
    write(tmp_path, LETTERS, "old.yaml")
    write(tmp_path, "# a comment\n" + LETTERS, "new.yaml")

    assert flowrun(tmp_path, "plan", "old.yaml", "new.yaml").out == "old.yaml → new.yaml: nothing changes\n"


def test_mistakes_of_either_flow_are_told_all_at_once(tmp_path: Path) -> None:
    write(tmp_path, LETTERS.replace("type: PutFile", "type: PutFiles"), "old.yaml")
    write(tmp_path, LETTERS.replace("type: UpdateAttribute", "type: UpdateAtribute"), "new.yaml")
    said = flowrun(tmp_path, "plan", "old.yaml", "new.yaml")

    assert said.code == 2
    assert "did you mean 'PutFile'?" in said.err
    assert "did you mean 'UpdateAttribute'?" in said.err


def test_with_the_state_directory_it_tells_what_becomes_of_what_is_queued(tmp_path: Path) -> None:
    ran(tmp_path, LETTERS)
    dropped = LETTERS.replace("[success]\n    dead_letter: [failure]", "[success, failure]")
    write(tmp_path, dropped, "new.yaml")
    said = flowrun(tmp_path, "plan", "flow.yaml", "new.yaml", "--state", ".flowrun")
    told = json.loads(flowrun(tmp_path, "plan", "flow.yaml", "new.yaml", "--state", ".flowrun", "--json").out)

    assert said.code == 2
    assert f"'{DEAD}' is gone, and 4 flowfiles wait in it: the new flow does not start before" in said.out
    assert not told["can_take_over"]
    assert [queue["queued"] for queue in told["queues"] if queue["id"] == DEAD] == [4]


def test_a_state_directory_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, LETTERS, "old.yaml")
    said = flowrun(tmp_path, "plan", "old.yaml", "old.yaml", "--state", "nowhere")

    assert said.code == 2
    assert "there is no state directory nowhere/letters" in said.err


def test_markdown_shows_no_mark_that_a_value_brings_along(tmp_path: Path) -> None:
    write(tmp_path, LETTERS, "old.yaml")
    write(tmp_path, LETTERS.replace("kind: letter", "kind: '**`<b>|'"), "new.yaml")
    said = flowrun(tmp_path, "plan", "old.yaml", "new.yaml", "--markdown")

    assert "- `mark`: kind: 'letter' → '\\*\\*\\`\\<b\\>\\|'\n" in said.out


def test_secrets_are_in_no_plan(tmp_path: Path) -> None:
    write(tmp_path, LETTERS, "old.yaml")
    write(tmp_path, LETTERS.replace("{env: LETTERS_KEY,", f"{{value: {SECRETS[0]},"), "new.yaml")
    for form in ((), ("--markdown",), ("--json",)):
        said = flowrun(tmp_path, "plan", "old.yaml", "new.yaml", *form, "--param", f"key={SECRETS[0]}")
        assert said.code == 0
        assert SECRETS[0] not in said.out + said.err


def test_plug_ins_beside_the_new_flow_serve_the_old_one_too(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "stop.py").write_text(
        'from flowrun import Processor\n\n\nclass Stop(Processor):\n    """End."""\n'
    )
    text = "flow: a\nprocessors:\n  make: {type: GenerateFlowFile}\n  stop: {type: Stop}\n"
    text += "connections: [make -- success --> stop]\n"
    write(tmp_path, text, "new.yaml")
    (tmp_path / "before").mkdir()
    write(tmp_path / "before", text, "old.yaml")

    assert flowrun(tmp_path, "plan", "before/old.yaml", "new.yaml").code == 0
