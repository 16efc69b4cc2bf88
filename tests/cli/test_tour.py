"""`make run`: the story that is told to a newcomer, in plain words, and true."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import FLOWS

TOUR = FLOWS / "xero_refresh.tour.py"


def take(folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, TOUR, folder],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        timeout=50,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tour")


@pytest.fixture(scope="module")
def told(folder: Path) -> str:
    (folder / "left over").touch()
    done = take(folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_story_has_its_acts_in_their_order(told: str) -> None:
    parts = (
        "API answered 200",
        "data was saved",
        "API answered 401",
        "HTTP Basic",
        "mode is 0600",
        "new data was saved",
    )

    places = [told.index(part) for part in parts]

    assert places == sorted(places)


def test_every_claim_was_checked(told: str) -> None:
    assert told.count("\n✓ ") == 15
    assert "✗" not in told


def test_each_written_file_is_named_and_there(told: str, folder: Path) -> None:
    for file in (folder / "sandbox" / "credentials" / "credentials.json", folder / "sandbox" / "output" / "Invoices"):
        assert f"→ {os.path.relpath(file, FLOWS.parent)} (" in told
        assert file.is_file()


def test_tour_begins_afresh(told: str, folder: Path) -> None:
    assert told
    assert not (folder / "left over").exists()


def test_no_token_and_no_secret_is_told(told: str, folder: Path) -> None:
    issued = json.loads((folder / "sandbox" / "tokens.json").read_text())["grants"]

    assert len(issued) == 2
    assert not [grant for grant in issued if grant["access_token"] in told or grant["refresh_token"] in told]
    assert "sandbox-client-secret" not in told


def test_settings_that_a_person_has_made_do_not_disturb_it(tmp_path: Path) -> None:
    done = take(tmp_path, XERO_API_URL="http://127.0.0.1:1/", FLOWRUN_PARAM_TOKEN_URL="http://127.0.0.1:1/")

    assert done.returncode == 0, done.stderr


def test_what_goes_wrong_is_told_and_is_code_1(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()

    done = take(blocked / "folder")

    assert done.returncode == 1
    assert done.stderr.startswith("✗ ")
    assert "Traceback" not in done.stderr
