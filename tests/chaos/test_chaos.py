"""`flowrun chaos`: it finds the points, kills there, and says what does not survive."""

from pathlib import Path

import pytest
from tests.chaos.kit import LISTING, MOVE, SANDBOX, kill, write

FLOWS = Path(__file__).parents[2] / "flows"


pytestmark = pytest.mark.timeout(180)


def test_a_flow_whose_end_may_be_done_twice_survives_and_nothing_of_its_owner_s_is_touched(tmp_path: Path) -> None:
    killed = kill(write(tmp_path, MOVE), "--points", 4)

    assert killed.code == 0, killed.err
    assert [outcome["verdict"] for outcome in killed.outcomes] == ["survived"] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flow.sandbox.py", "flow.yaml", "plugins"]


def test_what_the_sandbox_finds_wrong_at_the_end_is_a_failure(tmp_path: Path) -> None:
    found = "\n\ndef check(folder):\n    return [] if list(folder.glob('in/*')) else ['nothing came in']\n"
    killed = kill(write(tmp_path, MOVE, SANDBOX + found), "--points", 1)

    assert killed.code == 2
    assert "does not end well even if nobody kills it: nothing came in" in killed.err


@pytest.mark.parametrize(
    ("found", "leads"),
    [('"#{in}"', "/usr/share"), ("Input Directory", "a: 1, Input Directory")],
    ids=["a folder", "a mistake"],
)
def test_a_flow_that_leads_out_of_its_scratch_folder_is_not_run(tmp_path: Path, found: str, leads: str) -> None:
    killed = kill(write(tmp_path, MOVE.replace(found, leads)))

    assert killed.code == 2
    assert "error: " in killed.err
    assert "Traceback" not in killed.err


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_an_end_that_minds_being_done_twice_is_found_out(tmp_path: Path) -> None:
    killed = kill(write(tmp_path, LISTING), jobs=2)
    failed = [step for step in killed.steps for o in step["outcomes"].values() if o["verdict"] == "failed"]

    assert killed.code == 1
    assert killed.problems == {"the file work/list is not what it is when nothing is killed"}
    assert {"save", "get"} <= {step["processor"] for step in failed}  # a source that was not removed yet comes again


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", ["hello.yaml", "xero_refresh.yaml", "xero_token_service.yaml"])
def test_a_shipped_flow_survives_every_point(name: str) -> None:
    killed = kill(FLOWS / name, jobs=2)

    assert killed.code == 0, killed.problems
