from contextlib import suppress
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.dates import (
    DatePattern,
    add_duration,
    date_from_text,
    format_instant,
    format_java_date,
    instant_from_text,
    zone,
)
from flowrun.errors import EvaluationError

SECOND = 1_000_000_000
DAY = 86_400 * SECOND


def test_abbreviation_of_several_zones_is_the_one_most_people_mean() -> None:
    assert date_from_text("Thu Jan 01 05:30:00 IST 1970", UTC) == 0
    assert date_from_text("Wed Jul 01 01:00:00 BST 2020", UTC) == 1_593_561_600 * SECOND


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


@given(st.text() | st.text(alphabet="0123456789-:TZ+.GMT, Feb"))
def test_any_text_is_an_instant_or_an_evaluation_error(text: str) -> None:
    for read in (instant_from_text, lambda value: date_from_text(value, UTC)):
        with suppress(EvaluationError):
            assert isinstance(read(text), int)
