"""Mistakes that only the processors' declarations bring to light: one line each, at the value that is wrong."""

from pathlib import Path

import pytest
from tests.cli.kit import flowrun
from tests.cli.xero_mistakes import ARROW, AUTHORIZED, DIRECTORY, FLOW, STEP_3, check, place_of

from flowrun.cli.exit_codes import ExitCode

DURATION = "expected a duration such as '30 sec' or '5 min', found"

MISTAKES = [
    # Values, at their place.
    ("      Keep Source File: true", "      Keep Source File: ▸yes", "expected one of true, false; found 'yes'"),
    ("      Polling Interval: 0 sec", "      Polling Interval: ▸0", f"'Polling Interval': {DURATION} '0'"),
    (
        "      Destination: flowfile-attribute",
        "      Destination: ▸flowfile-attributes",
        "found 'flowfile-attributes'; did you mean 'flowfile-attribute'?",
    ),
    (
        "      Replacement Strategy: Always Replace",
        "      Replacement Strategy: ▸Always replace",
        "found 'Always replace'; did you mean 'Always Replace'?",
    ),
    (
        "      Permissions: rw-------",
        "      Permissions: ▸rw----",
        "'Permissions': expected permissions such as rw-r----- or 640, found 'rw----'",
    ),
    (
        "      Response Retry-After Limit: 1 day",
        "      Response Retry-After Limit: ▸1 dey",
        f"'Response Retry-After Limit': {DURATION} '1 dey'",
    ),
    (
        '      HTTP URL: "#{api_url}"',
        "      HTTP URL: ▸api.xero.com/invoices",
        "does not begin with http:// or https://",
    ),
    ("      access_token: $.access_token", "      access_token: $.access_token[▸", "found the end of the path"),
    (
        AUTHORIZED,
        '      Authorized: ▸"${invokehttp.status.code}"',
        "'Authorized': expected an expression that is true or false, found one that gives a String",
    ),
    # Names that are misspelt, told once.
    (DIRECTORY, '      ▸Input Directry: "#{credentials_dir}"', "did you mean 'Input Directory'?"),
    (
        "    auto_terminate: [unmatched]        #",
        "    auto_terminate: [▸unmatch]        #",
        "'extract-tokens' has no relationship 'unmatch'; did you mean 'unmatched'?",
    ),
    (
        "    dead_letter: [failure]             #",
        "    dead_letter: [▸failed]             #",
        "'extract-tokens' has no relationship 'failed'; did you mean 'failure'?",
    ),
    (
        "  - check-authorization -- Authorized --> save-data",
        "  - check-authorization -- ▸Authorised --> save-data",
        "'check-authorization' has no relationship 'Authorised'; did you mean 'Authorized'?",
    ),
    # Arrows: one mistake, although everything behind it is without flowfiles.
    (
        ARROW,
        "  - fetch-data -- ▸Responce --> check-authorization",
        "'fetch-data' has no relationship 'Responce'; did you mean 'Response'?",
    ),
    (
        ARROW,
        "  - fetch-data -- ▸success --> check-authorization",
        "'fetch-data' has no relationship 'success'; it has Original, Response, Retry, No Retry, Failure",
    ),
    (
        ARROW,
        "  - ▸fetch-data --> check-authorization",
        "say which relationship of 'fetch-data' leads to 'check-authorization': it has Original, Response, Retry,",
    ),
    (ARROW, "  - fetch-data -- Response --> ▸nowhere", "no processor 'nowhere'"),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES)
def test_mistake_gets_one_helpful_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    done, errors, place = check(tmp_path, old, new, "check")

    assert done.code == ExitCode.WRONG
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"flow.yaml:{place}: error: ")
    assert message in errors[0]


def test_property_that_is_missing_is_told_at_the_type(tmp_path: Path) -> None:
    properties = STEP_3 + '\n    properties:\n      HTTP URL: "#{api_url}"'

    _, errors, place = check(tmp_path, properties, STEP_3.replace("type: ", "type: ▸") + "\n    properties:", "check")

    assert errors == [f"flow.yaml:{place}: error: InvokeHttp needs the property 'HTTP URL'"]


def test_arrow_that_is_removed_is_told_where_it_began(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(FLOW.replace(ARROW + "\n", ""))

    done = flowrun(tmp_path, "check", "flow.yaml")

    [line] = [line for line in done.out.splitlines() if ": error: " in line]
    assert line.startswith(f"flow.yaml:{place_of('fetch-data:', FLOW)}: error: relationship 'Response' of 'fetch-data'")
