"""Typical mistakes in a copy of the Xero flow: each gives one line, at the place to mend, and exit code 2.

A case is a piece of the flow, what it becomes, and what the line says; ▸ marks the line's place.
"""

from pathlib import Path

import pytest
from tests.cli.kit import flowrun
from tests.cli.xero_mistakes import (
    ARROW,
    AUTHORIZED,
    BEARER,
    DIRECTORY,
    FLOW,
    RETRY,
    SCHEDULE,
    SECRET,
    STEP_3,
    TENANT,
    check,
    place_of,
)

from flowrun.cli.exit_codes import ExitCode

GIVEN = [f"--param={name}=x" for name in ("tenant_id", "client_id", "client_secret")]

COMMENT = "YAML takes '#' after a blank as the beginning of a comment: put this in quotes"
DURATION = "expected a duration such as '30 sec' or '5 min', found"

MISTAKES = [
    # What YAML takes for something else.
    (DIRECTORY, "      Input Directory: ▸#{credentials_dir}", COMMENT),
    (TENANT, "      xero-tenant-id: ▸#{tenant_id}", COMMENT),
    (SCHEDULE, "    schedule: {cron: ▸#{schedule}, overlap: skip}", COMMENT),
    ("      File Filter: ", "      File Filter: ▸*.json #", "a value that begins with '*': put this in quotes"),
    ("  extract-tokens:  ", "  ▸extract-tokens  ", "expected 'key: value': there is no ':' followed by a blank"),
    # Parameters.
    (
        DIRECTORY,
        '      Input Directory: "▸#{credential_dir}"',
        "no parameter 'credential_dir'; did you mean 'credentials_dir'?",
    ),
    (TENANT, '      xero-tenant-id: "▸#{tenant-id}"', "no parameter 'tenant-id'; did you mean 'tenant_id'?"),
    (SECRET, "  client_secret: {▸environment: XERO_CLIENT_SECRET}", "unknown key 'environment'; did you mean 'env'?"),
    (SECRET, "  client_secret: {env: X, sensitive: ▸yep}", "sensitive: expected true or false, found 'yep'"),
    # Types and properties.
    (
        "type: EvaluateJsonPath",
        "type: ▸EvaluateJsonPaths",
        "no processor type 'EvaluateJsonPaths'; did you mean 'EvaluateJsonPath'?",
    ),
    (
        "type: EvaluateJsonPath",
        "type: ▸ExecuteScript",
        "no processor type 'ExecuteScript'; there are EvaluateJsonPath,",
    ),
    (
        "  extract-tokens:                      # step 2\n    type: EvaluateJsonPath",
        "  ▸extract-tokens:",
        "processor 'extract-tokens' has no 'type'",
    ),
    (
        "      HTTP Method: POST",
        "      ▸HTTP Mehtod: POST",
        "'HTTP Mehtod' resembles the property 'HTTP Method': correct it, or",
    ),
    (
        "      Keep Source File: true",
        "      ▸Keep Source Files: true",
        "GetFile has no property 'Keep Source Files'; did you mean 'Keep Source File'?",
    ),
    (
        STEP_3 + '\n    properties:\n      HTTP URL: "#{api_url}"',
        "    type: ▸InvokeHttp\n    properties:",
        "InvokeHttp needs the property 'HTTP URL'",
    ),
    (
        '    properties:\n      HTTP URL: "#{api_url}"',
        '    ▸propertys:\n      HTTP URL: "#{api_url}"',
        "unknown key 'propertys'; did you mean 'properties'?",
    ),
    (
        "      Request Timeout: 1 min",
        "      Request Timeout: 1 min\n      ▸Request Timeout: 2 min",
        "key 'Request Timeout' appears twice, first in line ",
    ),
    (
        '      Directory: "#{output_dir}"',
        "      Directory:▸",
        "'Directory' has no value: write \"\" for the empty text",
    ),
    # Expressions.
    (BEARER, '      Authorization: "Bearer ${access_token:▸uper()}"', "no function 'uper'; did you mean 'toUpper'?"),
    (
        AUTHORIZED,
        "      Authorized: \"${invokehttp.status.code:▸equal('200')}\"",
        "no function 'equal'; did you mean 'equals'?",
    ),
    (AUTHORIZED, '      Authorized: "${invokehttp.status.code:▸equals()}"', "equals() takes 1 argument, found 0"),
    (
        AUTHORIZED,
        '      Authorized: "${invokehttp.status.code:equals(▸[)}"',
        "'[' can't be part of a bare name: put the name in quotes",
    ),
    # Schedules and other settings.
    (
        SCHEDULE,
        '    schedule: {cron: ▸"0/10 * * * *", overlap: skip}',
        "day-of-week), found five; with seconds first it is '0 0/10 * * * ?'",
    ),
    (SCHEDULE, "    schedule: {every: ▸10 minuts, overlap: skip}", f"every: {DURATION} '10 minuts'"),
    (
        SCHEDULE,
        '    schedule: {cron: "#{schedule}", overlap: ▸never}',
        "overlap: expected allow or skip, found 'never'",
    ),
    (
        RETRY,
        "    retry: {relationships: [▸failur], attempts: 3}",
        "'save-data' has no relationship 'failur'; did you mean 'failure'?",
    ),
    (
        RETRY,
        "    retry: {relationships: [failure], attempts: ▸three}",
        "attempts: expected a whole number of 0 or more, found 'three'",
    ),
    (
        RETRY,
        "    retry: {relationships: [failure], attempts: 3, backoff: ▸penalise}",
        "backoff: expected penalize or yield, found 'penalise'",
    ),
    ("    penalty_duration: 5 sec", "    penalty_duration: ▸5", f"penalty_duration: {DURATION} '5'"),
    ("    penalty_duration: 5 sec", "    ▸penalty: 5 sec", "unknown key 'penalty'; did you mean 'penalty_duration'?"),
    (
        "sensitive_attributes:",
        "▸sensitive_attribute:",
        "unknown key 'sensitive_attribute'; did you mean 'sensitive_attributes'?",
    ),
    (
        "flow: xero-refresh",
        "flow: ▸Xero Refresh",
        "a flow's name consists of a-z, 0-9 and '-', found 'Xero Refresh'; write 'xero-refresh'",
    ),
    # Names, arrows and relationships.
    ("  save-data:  ", "  ▸fetch-data:  ", "key 'fetch-data' appears twice, first in line "),
    (
        ARROW,
        "  - fetch-data -- Response --> ▸check-authorisation",
        "no processor 'check-authorisation'; did you mean 'check-authorization'?",
    ),
    (
        ARROW,
        "  - ▸fetch-date -- Response --> check-authorization",
        "no processor 'fetch-date'; did you mean 'fetch-data'?",
    ),
    (ARROW, "  - fetch-data -- Response ▸-> check-authorization", "expected '-->', found '->'"),
    (
        ARROW,
        "  - ▸fetch-data - Response --> check-authorization",
        "did you mean 'fetch-data -- Response --> check-authorization'?",
    ),
    (ARROW, "  ▸fetch-data -- Response --> check-authorization", ""),
    (
        "    auto_terminate: [Original]",
        "    auto_terminate: [Original, ▸Response]",
        "relationship 'Response' is connected, so it can't be in auto_terminate as well",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_mistake_gets_one_helpful_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    done, errors, place = check(tmp_path, old, new, "check")

    assert done.code == ExitCode.WRONG
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"flow.yaml:{place}: error: ")
    assert message in errors[0]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES[::5])
def test_mistake_keeps_the_flow_from_starting(tmp_path: Path, old: str, new: str, message: str) -> None:
    done, errors, _ = check(tmp_path, old, new, *GIVEN)

    assert (done.code, done.out) == (ExitCode.WRONG, "")
    assert len([line for line in errors if "does not exist" not in line]) == 1, errors
    assert message in done.err
    assert done.err.endswith("; the flow was not started.\n")
    assert not (tmp_path / ".flowrun").exists()


def test_relationship_that_goes_nowhere_is_told_at_its_processor(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(FLOW.replace("    auto_terminate: [unmatched] ", "    # "))

    done = flowrun(tmp_path, "check", "flow.yaml")

    [line] = [line for line in done.out.splitlines() if "error: " in line]
    assert line.startswith(f"flow.yaml:{place_of('extract-tokens:', FLOW)}: error: relationship 'unmatched' of")
    assert line.endswith("goes nowhere: connect it, or add it to auto_terminate or dead_letter")


def test_mistakes_are_told_all_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = FLOW.replace("HTTP Method: POST", "HTTP Mehtod: POST").replace(
        "penalty_duration: 5 sec", "penalty_duration: soon"
    )
    text = text.replace("Response --> check-authorization", "Response --> check-authorisation")
    (tmp_path / "flow.yaml").write_text(text)

    done = flowrun(tmp_path, "check", "flow.yaml")

    places = [line.split(": ")[0] for line in done.out.splitlines() if ": error: " in line]
    pieces = ("soon", "HTTP Mehtod", "check-authorisation")
    assert places == [f"flow.yaml:{place_of(piece, text)}" for piece in pieces]
    assert done.out.endswith("flow.yaml: 3 errors, 1 warning\n")
