"""What goes wrong on this machine leaves the credentials file whole, and ends where a person sees it."""

import json
import math

import pytest
from tests.flows.full_disk import FullDisk
from tests.flows.xero import XeroSandbox
from tests.flows.xero_flow import XeroFlow

from flowrun_processors.put_file import durable_file


def test_credentials_that_are_no_json_are_a_dead_letter(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.credentials.write_text('{"access_token": "half of i')

    run = flow.run()

    assert run.ends == [("extract-tokens", "failure")]
    assert xero.requests("api") == []
    assert flow.credentials.read_text() == '{"access_token": "half of i'


@pytest.mark.parametrize("spelling", ["{}", "{}/", "{}/.", "{}//"])
def test_output_among_the_credentials_is_refused_before_anything_is_asked(
    flow: XeroFlow, xero: XeroSandbox, spelling: str
) -> None:
    flow.parameters["output_dir"] = spelling.format(flow.credentials.parent)

    run = flow.run()

    assert run.ends == [("check-directories", "output_dir is credentials_dir")]
    assert xero.requests("api") == []


@pytest.mark.parametrize(
    ("credentials", "output"),
    [
        ("credentials", "credentials"),
        ("./credentials", "credentials/"),
        ("credentials", "{}"),
        ("./", "."),
    ],
)
def test_relative_output_among_the_credentials_is_refused_too(
    flow: XeroFlow, monkeypatch: pytest.MonkeyPatch, credentials: str, output: str
) -> None:
    folder = flow.credentials.parent
    monkeypatch.chdir(folder if credentials == "./" else folder.parent)
    flow.parameters |= {"credentials_dir": credentials, "output_dir": output.format(folder)}

    run = flow.run()

    assert run.ends == [("check-directories", "output_dir is credentials_dir")]


def test_output_in_a_folder_of_the_same_name_is_fine(flow: XeroFlow) -> None:
    flow.parameters["output_dir"] = str(flow.output / "credentials")

    run = flow.run()

    assert run.dead_letters == []


def test_data_that_cannot_be_saved_is_a_dead_letter(flow: XeroFlow) -> None:
    flow.output.write_text("a file where a folder should be")

    run = flow.run()

    assert run.ends == [("save-data", "failure")]


def test_new_tokens_that_do_not_fit_on_the_disk_are_saved_once_there_is_room(
    flow: XeroFlow, xero: XeroSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = flow.tokens()
    xero.expire()
    monkeypatch.setattr(durable_file, "shutil", FullDisk(attempts=5))

    run = flow.run()

    assert run.dead_letters == []
    assert flow.tokens()["refresh_token"] != old["refresh_token"]
    assert len(xero.requests("token")) == 1


def test_new_tokens_that_cannot_be_saved_are_kept_in_a_dead_letter(
    flow: XeroFlow, xero: XeroSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    monkeypatch.setattr(durable_file, "shutil", FullDisk(attempts=math.inf))

    run = flow.run()

    assert run.ends == [("save-credentials", "failure")]
    assert 180 < run.seconds < 300
    assert json.loads(run.dead_letters[0].content)["refresh_token"] == xero.state()["grants"][-1]["refresh_token"]
    assert flow.credentials.read_bytes() == before
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]
