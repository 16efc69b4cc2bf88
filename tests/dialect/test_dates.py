import json
from contextlib import suppress
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowrun.dialect.dates import (
    DatePattern,
    add_duration,
    date_from_text,
    format_instant,
    format_java_date,
    instant_from_text,
    system_zone,
    zone,
)
from flowrun.errors import EvaluationError, ExpressionError

GOLDENS = json.loads(Path(__file__).with_name("date_golden.json").read_text("utf-8"))
"""What Java prints and reads by patterns for the locale en-US; `refused` is a pattern, an `error` is in the data."""

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
PATTERN_TEXT = "yuYMLdDEecahHKkmsSAnNzZXxOvVGQqwWBpgF[]' -:.#{}jé"


def goldens(kind: str) -> list[Any]:
    return [
        pytest.param(golden, id=f"{golden['pattern']}:{number}")
        for number, golden in enumerate(GOLDENS)
        if golden["kind"] == kind
    ]


@pytest.mark.parametrize("golden", goldens("format"))
def test_moment_is_printed_as_in_java(golden: dict[str, Any]) -> None:
    if golden.get("refused"):
        with pytest.raises(ExpressionError):
            DatePattern.parse(golden["pattern"])
    elif golden.get("error"):
        with pytest.raises(EvaluationError):
            DatePattern.parse(golden["pattern"]).format(golden["nanos"], zone(golden["zone"]))
    else:
        assert DatePattern.parse(golden["pattern"]).format(golden["nanos"], zone(golden["zone"])) == golden["expect"]


@pytest.mark.parametrize("golden", goldens("lenient"))
def test_text_is_read_leniently_as_in_java(golden: dict[str, Any]) -> None:
    pattern, text = DatePattern.parse(golden["pattern"]), golden["text"]
    if golden.get("error"):
        with pytest.raises(EvaluationError):
            pattern.parse_lenient(text, zone(golden["zone"]))
    else:
        assert pattern.parse_lenient(text, zone(golden["zone"])) == golden["expect"]
    assert pattern.is_valid(text, zone(golden["zone"])) == golden["valid_in_zone"]
    assert pattern.is_valid(text, None) == golden["valid"]


@pytest.mark.parametrize("golden", goldens("strict"))
def test_text_is_read_strictly_as_in_java(golden: dict[str, Any]) -> None:
    pattern = DatePattern.parse(golden["pattern"])
    if golden.get("error"):
        with pytest.raises(EvaluationError):
            pattern.parse_strict(golden["text"], zone(golden["zone"]))
    else:
        assert pattern.parse_strict(golden["text"], zone(golden["zone"])) == golden["expect"]


@pytest.mark.parametrize(
    ("pattern", "column"),
    [("yyyy-bb", 6), ("yyyy 'at", 6), ("HH]", 3), ("yyyy-MMMMMM", 6), ("#", 1), ("yyyyp", 5), ("aa", 1), ("ppHHmm", 5)],
)
def test_wrong_pattern_names_the_column(pattern: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        DatePattern.parse(pattern)

    assert caught.value.column == column


def test_pattern_is_read_once() -> None:
    assert DatePattern.parse("yyyy-MM-dd") is DatePattern.parse("yyyy-MM-dd")


def test_error_of_reading_names_text_and_pattern() -> None:
    with pytest.raises(EvaluationError, match="'2024-13-01' does not fit the date pattern 'yyyy-MM-dd'"):
        DatePattern.parse("yyyy-MM-dd").parse_lenient("2024-13-01", UTC)


def test_week_of_the_month_is_counted_from_its_first_day() -> None:
    assert DatePattern.parse("F").format(28 * DAY, UTC) == "5"


def test_standard_name_of_a_zone_means_the_second_of_two_equal_times() -> None:
    pattern = DatePattern.parse("yyyy-MM-dd HH:mm:ss z")

    first = pattern.parse_strict("2024-11-03 01:30:00 EDT", UTC)
    second = pattern.parse_strict("2024-11-03 01:30:00 EST", UTC)

    assert second - first == 3600 * SECOND


def test_abbreviation_of_several_zones_is_the_one_most_people_mean() -> None:
    assert date_from_text("Thu Jan 01 05:30:00 IST 1970", UTC) == 0
    assert date_from_text("Wed Jul 01 01:00:00 BST 2020", UTC) == 1_593_561_600 * SECOND


@pytest.mark.parametrize(("year", "day"), [("-999999999", -1), ("+999999999", 1), ("-0044", -1), ("+12024", 1)])
def test_years_beyond_four_digits_are_printed_and_read(year: str, day: int) -> None:
    pattern = DatePattern.parse("uuuu-MM-dd HH:mm XXX")
    moment = pattern.parse_strict(f"{year}-03-01 12:00 +00:00", UTC)

    assert moment * day > 0
    assert pattern.format(moment, zone("+05:30")) == f"{year}-03-01 17:30 +05:30"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("UTC", 0),
        ("Z", 0),
        ("+05:30", 19_800),
        ("-3", -10_800),
        ("+053015", 19_815),
        ("GMT+2", 7200),
        ("UTC-11:30", -41_400),
        ("Asia/Kolkata", 19_800),
        ("EST5EDT", -18_000),
        ("Etc/GMT+5", -18_000),
    ],
)
def test_zone_is_found(text: str, offset: int) -> None:
    found = zone(text)

    assert DatePattern.parse("xxxxx").format(0, found) == DatePattern.parse("xxxxx").format(0, zone_of(offset))


def zone_of(seconds: int) -> tzinfo:
    sign = "-" if seconds < 0 else "+"
    return zone(f"{sign}{abs(seconds) // 3600:02}{abs(seconds) // 60 % 60:02}{abs(seconds) % 60:02}")


@pytest.mark.parametrize(
    "text", ["EST", "PST", "MST", "utc", "Nope/Zone", "", "+19", "+5:3", "UTC+", "+05:60", "../etc", "posix/UTC"]
)
def test_unknown_zone_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="expected"):
        zone(text)


def test_system_zone_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert system_zone() == ZoneInfo("Asia/Tokyo")
    monkeypatch.setenv("TZ", ":America/New_York")
    assert system_zone() == ZoneInfo("America/New_York")
    monkeypatch.setenv("TZ", "EST")
    assert format_java_date(0, system_zone()) == "Wed Dec 31 19:00:00 EST 1969"


def test_system_zone_is_that_of_the_machine_without_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)

    assert format_java_date(0, system_zone())


@pytest.mark.parametrize(
    ("nanos", "zone_text", "printed"),
    [
        (0, "UTC", "Thu Jan 01 00:00:00 UTC 1970"),
        (1_403_620_278_642_000_000, "America/New_York", "Tue Jun 24 10:31:18 EDT 2014"),
        (-1_000_000, "Asia/Kolkata", "Thu Jan 01 05:29:59 IST 1970"),
    ],
)
def test_date_prints_as_javas_date(nanos: int, zone_text: str, printed: str) -> None:
    assert format_java_date(nanos, zone(zone_text)) == printed


@pytest.mark.parametrize(
    ("text", "nanos"),
    [
        ("1403620278642", 1_403_620_278_642_000_000),
        (" 2014/06/24 14:31:18\n", 1_403_620_278_000_000_000),
        ("2014/06/24 14:31:18.642", 1_403_620_278_642_000_000),
        ("Tue Jun 24 14:31:18 UTC 2014", 1_403_620_278_000_000_000),
        ("tue jun 24 10:31:18 edt 2014", 1_403_620_278_000_000_000),
    ],
)
def test_text_stands_for_a_date(text: str, nanos: int) -> None:
    assert date_from_text(text, UTC) == nanos


@pytest.mark.parametrize(
    "text", ["", "abc", "2014-06-24", "2014/06/24", "2014/06/24 14:31", "2014/13/24 14:31:18", "9" * 30, "-1"]
)
def test_other_text_is_no_date(text: str) -> None:
    with pytest.raises(EvaluationError):
        date_from_text(text, UTC)


@pytest.mark.parametrize(
    ("nanos", "printed"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_500_000_000, "1970-01-01T00:00:01.500Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (-62_167_219_200 * SECOND - DAY, "-0001-12-31T00:00:00Z"),
        (253_402_300_800 * SECOND, "+10000-01-01T00:00:00Z"),
    ],
)
def test_instant_prints_in_iso_8601(nanos: int, printed: str) -> None:
    assert format_instant(nanos) == printed
    assert instant_from_text(printed) == nanos


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (" 1403620278642 ", "2014-06-24T14:31:18.642Z"),
        ("2024-02-29t10:15z", "2024-02-29T10:15:00Z"),
        ("2024-02-29T10:15:30.Z", "2024-02-29T10:15:30Z"),
        ("2024-02-30T10:15:30Z", "2024-02-29T10:15:30Z"),
        ("2024-02-29T24:00:00Z", "2024-03-01T00:00:00Z"),
        ("2024-02-29T23:59:60Z", "2024-02-29T23:59:59Z"),
        ("2024-02-29T10:15:30.5+05:30", "2024-02-29T04:45:30.500Z"),
        ("2024-02-29T10:15:30-05", "2024-02-29T15:15:30Z"),
        ("Thu, 29 Feb 2024 10:15:30 GMT", "2024-02-29T10:15:30Z"),
        ("29 feb 2024 10:15 +0530", "2024-02-29T04:45:00Z"),
    ],
)
def test_text_stands_for_an_instant(text: str, printed: str) -> None:
    assert format_instant(instant_from_text(text)) == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "2024-02-29",
        "2024-02-29T10:15:30",
        "2024-02-29T10:15:30+0530",
        "2024-02-29T10:15:30+19:00",
        "2024-02-29T25:00:00Z",
        "2024-02-32T10:15:30Z",
        "2024-02-29T10:15:30.1234567891Z",
        "12024-02-29T10:15:30Z",
        "Fri, 29 Feb 2024 10:15:30 GMT",
        "9" * 30,
    ],
)
def test_other_text_is_no_instant(text: str) -> None:
    with pytest.raises(EvaluationError):
        instant_from_text(text)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "zone_text", "end"),
    [
        ("2024-01-31 12:00", 1, "month", "UTC", "2024-02-29 12:00"),
        ("2024-02-29 12:00", -1, "years", "UTC", "2023-02-28 12:00"),
        ("2024-03-09 02:30", 1, "DAY", "America/New_York", "2024-03-10 03:30"),
        ("2024-03-09 02:30", 24, "hours", "America/New_York", "2024-03-10 03:30"),
        ("2024-03-09 01:30", 2, "weeks", "America/New_York", "2024-03-23 01:30"),
        ("2026-03-28 00:00", 2, "days", "Europe/Vienna", "2026-03-30 00:00"),
        ("2024-12-31 23:59", 90, "minutes", "Asia/Tokyo", "2025-01-01 01:29"),
        ("2024-01-01 00:00", 0, "seconds", "UTC", "2024-01-01 00:00"),
    ],
)
def test_duration_is_added_by_the_calendar(start: str, amount: int, unit: str, zone_text: str, end: str) -> None:
    pattern, place = DatePattern.parse("yyyy-MM-dd HH:mm"), zone(zone_text)

    assert pattern.format(add_duration(pattern.parse_strict(start, place), amount, unit, place), place) == end


def test_day_that_comes_twice_keeps_its_offset() -> None:
    place = zone("America/New_York")
    second_half_past_one = DatePattern.parse("yyyy-MM-dd HH:mm xxx").parse_strict("2024-11-03 01:30 -05:00", UTC)

    assert (
        add_duration(add_duration(second_half_past_one, 1, "month", place), -1, "month", place) == second_half_past_one
    )


@pytest.mark.parametrize(
    ("amount", "unit"), [(1 << 63, "years"), (-(1 << 63), "weeks"), (1 << 63, "hours"), (1, "fortnight")]
)
def test_duration_beyond_what_a_date_can_hold_is_an_evaluation_error(amount: int, unit: str) -> None:
    with pytest.raises(EvaluationError):
        add_duration(0, amount, unit, UTC)


@settings(deadline=None, max_examples=400)
@given(
    st.text(alphabet=PATTERN_TEXT, max_size=16) | st.text(max_size=12),
    st.integers(-(1 << 80), 1 << 80) | st.integers(-(1 << 70), 1 << 70),
    st.sampled_from(["UTC", "America/New_York", "+05:30"]),
)
def test_any_pattern_gives_a_text_or_a_typed_error(pattern: str, nanos: int, zone_text: str) -> None:
    try:
        printed = DatePattern.parse(pattern).format(nanos, zone(zone_text))
    except (ExpressionError, EvaluationError):
        return

    assert isinstance(printed, str)


@settings(deadline=None, max_examples=400)
@given(
    st.sampled_from([golden["pattern"] for golden in GOLDENS if not golden.get("refused")]),
    st.text(alphabet="0123456789 -:/.TZ+GMTaJulSunPB", max_size=20) | st.text(max_size=12),
)
def test_any_text_gives_a_moment_or_an_evaluation_error(pattern: str, text: str) -> None:
    compiled = DatePattern.parse(pattern)
    for read in (compiled.parse_lenient, compiled.parse_strict):
        with suppress(EvaluationError):
            assert isinstance(read(text, UTC), int)
    assert compiled.is_valid(text, UTC) in (True, False)


@given(st.text() | st.text(alphabet="0123456789-:TZ+.GMT, Feb"))
def test_any_text_is_an_instant_or_an_evaluation_error(text: str) -> None:
    for read in (instant_from_text, lambda value: date_from_text(value, UTC)):
        with suppress(EvaluationError):
            assert isinstance(read(text), int)


@given(st.text(max_size=20) | st.text(alphabet="UTCGM+-:0123456789/EuropeParis", max_size=14))
def test_any_text_is_a_zone_or_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        assert isinstance(zone(text), tzinfo)
