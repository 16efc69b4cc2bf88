import json
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowrun.dialect.dates import DatePattern, zone
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


@pytest.mark.parametrize(("year", "day"), [("-999999999", -1), ("+999999999", 1), ("-0044", -1), ("+12024", 1)])
def test_years_beyond_four_digits_are_printed_and_read(year: str, day: int) -> None:
    pattern = DatePattern.parse("uuuu-MM-dd HH:mm XXX")
    moment = pattern.parse_strict(f"{year}-03-01 12:00 +00:00", UTC)

    assert moment * day > 0
    assert pattern.format(moment, zone("+05:30")) == f"{year}-03-01 17:30 +05:30"


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
