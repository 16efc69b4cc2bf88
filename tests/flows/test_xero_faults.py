"""Each fault of the world outside leaves the credentials file whole, and ends where a person sees it."""

import errno
import json
import math
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.flows.xero import XeroSandbox
from tests.flows.xero_flow import Run, XeroFlow

from flowrun_processors.put_file import durable_file

QUICK_TIMEOUTS = """Request Timeout: 600 ms
      Socket Read Timeout: 300 ms
"""


@pytest.fixture
def flow(tmp_path: Path, xero: XeroSandbox) -> XeroFlow:
    return XeroFlow(tmp_path, xero)


def ends_of(run: Run) -> list[tuple[str, str]]:
    """Where the dead letters lie: processor and relationship."""
    return [(letter.processor, letter.cause.partition(":")[0]) for letter in run.dead_letters]


# ── the identity server ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("unavailable", "Retry"),
        ("server_error", "Retry"),
        ("silence", "Failure"),
        ("drip", "Failure"),
        ("reset", "Failure"),
        ("cut_short", "Failure"),
    ],
)
def test_token_endpoint_that_gives_no_answer_is_asked_three_times_within_seconds(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    flow.rewire("Request Timeout: 1 min\n", QUICK_TIMEOUTS)
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert ends_of(run) == [("refresh-tokens", end)]
    assert len(xero.requests("token")) == 3
    assert 6 <= run.seconds < 10
    assert flow.credentials.read_bytes() == before
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]


@pytest.mark.parametrize("fault", ["reset", "cut_short", "unavailable"])
def test_answer_that_was_lost_once_is_got_by_the_next_attempt(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    old = flow.tokens()
    xero.expire()
    xero.fail("token", fault, times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert flow.tokens()["refresh_token"] != old["refresh_token"]
    assert len(xero.requests("token")) == 2


def test_answer_that_a_strict_server_has_lost_is_the_window_that_no_client_can_close(
    flow: XeroFlow, xero: XeroSandbox
) -> None:
    xero.be(grace_seconds=0, strict=True)
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", "reset", times=1)

    run = flow.run()

    assert ends_of(run) == [("explain-refusal", "authorize the app again")]
    assert flow.credentials.read_bytes() == before


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("invalid_grant", "authorize the app again"),
        ("invalid_client", "correct client_id or client_secret"),
        ("redirect", "unmatched"),
    ],
)
def test_refusal_of_the_token_endpoint_is_not_repeated_and_says_what_to_do(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert ends_of(run) == [("explain-refusal", end)]
    assert len(xero.requests("token")) == 1
    assert xero.requests("elsewhere") == []
    assert flow.credentials.read_bytes() == before


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("html", "failure"),
        ("error_json", "invalid"),
        ("malformed", "failure"),
        ("empty", "failure"),
        ("without_refresh_token", "invalid"),
        ("blank_refresh_token", "invalid"),
    ],
)
def test_answer_that_is_no_pair_of_tokens_never_becomes_the_credentials_file(
    flow: XeroFlow, xero: XeroSandbox, fault: str, end: str
) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", fault)

    run = flow.run()

    assert ends_of(run) == [("check-answer", end)]
    assert len(xero.requests("token")) == 1
    assert flow.credentials.read_bytes() == before


def test_answer_of_ten_megabytes_never_becomes_the_credentials_file(flow: XeroFlow, xero: XeroSandbox) -> None:
    before = flow.credentials.read_bytes()
    xero.expire()
    xero.fail("token", "ten_megabytes")

    run = flow.run()

    assert ends_of(run) == [("refresh-tokens", "Failure")]
    assert flow.credentials.read_bytes() == before


def test_dead_refresh_token_is_seen_at_each_poll_and_asked_about_once_a_poll(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"
    xero.expire()
    xero.fail("token", "invalid_grant")

    run = flow.run(duration=1800)

    assert ends_of(run) == [("explain-refusal", "authorize the app again")] * 3
    assert len(xero.requests("token")) == 3


# ── the API ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "asked"),
    [("forbidden", 1), ("redirect", 1), ("server_error", 3), ("unavailable", 3), ("minute_limit", 3)],
)
def test_refusal_of_the_api_that_no_token_would_mend_spends_no_refresh(
    flow: XeroFlow, xero: XeroSandbox, fault: str, asked: int
) -> None:
    before = flow.credentials.read_bytes()
    xero.fail("api", fault)

    run = flow.run()

    assert ends_of(run) == [("check-authorization", "unmatched")]
    assert len(xero.requests("api")) == asked
    assert xero.requests("token") == []
    assert xero.requests("elsewhere") == []
    assert flow.credentials.read_bytes() == before


def test_dead_letter_of_the_api_holds_status_and_answer(flow: XeroFlow, xero: XeroSandbox) -> None:
    xero.fail("api", "forbidden")

    [letter] = flow.run().dead_letters

    assert letter.attributes["invokehttp.status.code"] == "403"
    assert b"AuthorizationUnsuccessful" in letter.content


@pytest.mark.parametrize("fault", ["authentication_unsuccessful", "authorization_unsuccessful"])
def test_401_that_no_refresh_helps_spends_none(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    before = flow.credentials.read_bytes()
    xero.fail("api", fault)

    run = flow.run()

    assert ends_of(run) == [("check-unauthorized", "invalid")]
    assert xero.requests("token") == []
    assert flow.credentials.read_bytes() == before


def test_401_in_the_words_of_another_api_is_refreshed(flow: XeroFlow, xero: XeroSandbox) -> None:
    before = flow.tokens()
    xero.fail("api", "foreign_401")

    run = flow.run()

    assert run.dead_letters == []
    assert flow.tokens()["refresh_token"] != before["refresh_token"]


def test_limit_of_a_day_is_waited_for(flow: XeroFlow, xero: XeroSandbox) -> None:
    xero.fail("api", "day_limit", times=1)

    run = flow.run()

    assert run.dead_letters == []
    assert run.seconds >= 66_975
    assert (flow.output / "Invoices").exists()


def test_nothing_is_polled_while_a_limit_is_waited_for(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.parameters["schedule"] = "0 0/10 * * * ?"
    xero.fail("api", "day_limit", times=1)

    flow.run(duration=66_000)

    assert len(xero.requests("api")) == 1


@pytest.mark.parametrize("fault", ["reset", "cut_short"])
def test_api_that_gives_no_answer_is_asked_three_times(flow: XeroFlow, xero: XeroSandbox, fault: str) -> None:
    xero.fail("api", fault)

    run = flow.run()

    assert ends_of(run) == [("fetch-data", "Failure")]
    assert len(xero.requests("api")) == 3
    assert xero.requests("token") == []


# ── this machine ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_credentials_that_are_no_json_are_a_dead_letter(flow: XeroFlow, xero: XeroSandbox) -> None:
    flow.credentials.write_text('{"access_token": "half of i')

    run = flow.run()

    assert ends_of(run) == [("extract-tokens", "failure")]
    assert xero.requests("api") == []
    assert flow.credentials.read_text() == '{"access_token": "half of i'


@pytest.mark.parametrize("spelling", ["{}", "{}/", "{}/.", "{}//"])
def test_output_among_the_credentials_is_refused_before_anything_is_asked(
    flow: XeroFlow, xero: XeroSandbox, spelling: str
) -> None:
    flow.parameters["output_dir"] = spelling.format(flow.credentials.parent)

    run = flow.run()

    assert ends_of(run) == [("check-directories", "output_dir is credentials_dir")]
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

    assert ends_of(run) == [("check-directories", "output_dir is credentials_dir")]


def test_output_in_a_folder_of_the_same_name_is_fine(flow: XeroFlow) -> None:
    flow.parameters["output_dir"] = str(flow.output / "credentials")

    run = flow.run()

    assert run.dead_letters == []


def test_data_that_cannot_be_saved_is_a_dead_letter(flow: XeroFlow) -> None:
    flow.output.write_text("a file where a folder should be")

    run = flow.run()

    assert ends_of(run) == [("save-data", "failure")]


class FullDisk:
    """Takes the place of `shutil` where files are written: half of the content fits, for so many attempts."""

    def __init__(self, attempts: float) -> None:
        self.left = attempts

    def copyfileobj(self, content: BinaryIO, file: BinaryIO, length: int) -> None:
        data = content.read()
        self.left -= 1
        if self.left < 0:
            file.write(data)
            return
        file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


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

    assert ends_of(run) == [("save-credentials", "failure")]
    assert 180 < run.seconds < 300
    assert json.loads(run.dead_letters[0].content)["refresh_token"] == xero.state()["grants"][-1]["refresh_token"]
    assert flow.credentials.read_bytes() == before
    assert [file.name for file in flow.credentials.parent.iterdir()] == [flow.credentials.name]
