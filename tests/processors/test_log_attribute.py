"""LogAttribute."""

import logging
import time

import pytest

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.log_attribute import LOGGER_NAME, LogAttribute

BRIEF = {"Log FlowFile Properties": "false", "Attributes to Ignore": "uuid, filename,path"}


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(1, LOGGER_NAME)
    return caplog


def logged(
    caplog: pytest.LogCaptureFixture, properties: dict[str, str], content: bytes = b"", **attributes: str
) -> str:
    runner = TestRunner(LogAttribute(properties), sensitive_attributes=frozenset({"token"}))
    runner.enqueue(content, attributes)
    assert len(runner.trigger()["success"]) == 1
    [record] = caplog.records
    return record.getMessage()


def test_each_attribute_has_its_lines_between_rulers(log: pytest.LogCaptureFixture) -> None:
    lines = logged(log, BRIEF, b="2", a="1").splitlines()

    assert lines[0].startswith("logging for FlowFile ")
    assert lines[1:] == [
        "-" * 50,
        "FlowFile Attribute Map Content",
        "Key: 'a'",
        "\tValue: '1'",
        "Key: 'b'",
        "\tValue: '2'",
        "-" * 50,
    ]


def test_the_flowfiles_dates_and_size_come_first(
    log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        message = logged(log, {}, b"12345")
    finally:
        monkeypatch.undo()
        time.tzset()

    assert "Key: 'entryDate'\n\tValue: 'Mon Sep 21 14:13:20 UTC 2026'" in message
    assert "Key: 'lineageStartDate'\n\tValue: 'Mon Sep 21 14:13:20 UTC 2026'" in message
    assert "Key: 'fileSize'\n\tValue: '5'" in message


def test_a_single_line_stays_one_whatever_the_values_hold(log: pytest.LogCaptureFixture) -> None:
    message = logged(log, {**BRIEF, "Output Format": "Single Line"}, a="1\n2", b="é", c="\u2028")

    assert message.splitlines()[1:] == ["FlowFile Properties: {a=1\\n2, b=é, c=\\u2028}"]


@pytest.mark.parametrize("output_format", ["Line per Attribute", "Single Line"])
def test_sensitive_attributes_are_masked(log: pytest.LogCaptureFixture, output_format: str) -> None:
    message = logged(log, {"Output Format": output_format}, token="geheim", a="1")

    assert "geheim" not in message
    assert "********" in message


@pytest.mark.parametrize(
    ("properties", "names"),
    [
        ({"Attributes to Log": "a, b"}, "ab"),
        ({"Attributes to Log by Regular Expression": "[bc]"}, "bc"),
        ({"Attributes to Log": "a,b", "Attributes to Log by Regular Expression": "[bc]"}, "b"),
        ({"Attributes to Log by Regular Expression": ".", "Attributes to Ignore": "a"}, "bc"),
        ({"Attributes to Log by Regular Expression": ".", "Attributes to Ignore by Regular Expression": "b|c"}, "a"),
        (
            {
                "Attributes to Log by Regular Expression": ".",
                "Attributes to Ignore": "a",
                "Attributes to Ignore by Regular Expression": "b",
            },
            "c",
        ),
    ],
)
def test_lists_and_regular_expressions_choose_attributes(
    log: pytest.LogCaptureFixture, properties: dict[str, str], names: str
) -> None:
    one_line = {"Log FlowFile Properties": "false", "Output Format": "Single Line", **properties}
    message = logged(log, one_line, a="1", b="1", c="1")

    assert message.endswith("{" + ", ".join(f"{name}=1" for name in names) + "}")


@pytest.mark.parametrize(
    ("prefix", "ruler"),
    [
        ("${p}", "-" * 22 + "orders" + "-" * 22),
        ("odd", "-" * 23 + "odd" + "-" * 24),
        ("x" * 41, "-" * 5 + "x" * 37 + "..." + "-" * 5),
        ("${nothing}", "-" * 50),
    ],
)
def test_a_prefix_stands_in_the_rulers(log: pytest.LogCaptureFixture, prefix: str, ruler: str) -> None:
    lines = logged(log, {**BRIEF, "Log prefix": prefix}, p="orders").splitlines()

    assert lines[1] == lines[-1] == ruler


def test_small_content_is_logged_if_wanted(log: pytest.LogCaptureFixture) -> None:
    message = logged(log, {"Log Payload": "true", "Character Set": "ISO-8859-1"}, "é".encode("latin-1"))

    assert message.endswith("\né")


def test_large_content_is_not_logged(log: pytest.LogCaptureFixture) -> None:
    message = logged(log, {"Log Payload": "true"}, b"x" * (1 << 20))

    assert message.endswith("larger than one mb.")


@pytest.mark.parametrize(("name", "level"), [("trace", 5), ("debug", 10), ("info", 20), ("warn", 30), ("error", 40)])
def test_the_level_is_that_of_the_property(log: pytest.LogCaptureFixture, name: str, level: int) -> None:
    logged(log, {"Log Level": name})

    assert log.records[0].levelno == level


def test_below_the_loggers_level_nothing_is_written_and_all_moves_on(log: pytest.LogCaptureFixture) -> None:
    log.set_level(logging.WARNING, LOGGER_NAME)

    [output] = TestRunner(LogAttribute()).trigger(b"data")["success"]

    assert output.content == b"data"
    assert log.records == []


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Log Level": "loud"}, "Log Level"),
        ({"Attributes to Log": ""}, "not empty"),
        ({"Attributes to Log by Regular Expression": "("}, "Attributes to Log by Regular Expression"),
        ({"Output Format": "Table"}, "Output Format"),
        ({"Character Set": "nope"}, "character set"),
        ({"Log prefix": ""}, "not empty"),
    ],
)
def test_a_wrong_configuration_is_refused(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError, match=message):
        LogAttribute(properties).check()


def test_former_names_are_accepted() -> None:
    LogAttribute({"attributes-to-log-regex": "a", "attributes-to-ignore-regex": "b", "character-set": "UTF-8"}).check()
