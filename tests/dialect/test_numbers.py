import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.numbers import (
    LONG_MAX,
    LONG_MIN,
    format_double,
    number_from_text,
    parse_decimal_text,
    parse_long_text,
    saturate_long,
    trim,
    wrap_long,
)
from flowrun.errors import EvaluationError


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (-12.5, "-12.5"),
        (100.0, "100.0"),
        (0.001, "0.001"),
        (9999999.999999998, "9999999.999999998"),
        (1234567.8, "1234567.8"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (1e-4, "1.0E-4"),
        (-0.00012, "-1.2E-4"),
        (0.0009999999999999998, "9.999999999999998E-4"),
        (1403620278642.0, "1.403620278642E12"),
        (2e23, "2.0E23"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (5e-324, "4.9E-324"),
        (1e-323, "9.9E-324"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_double_prints_as_in_java(value: float, printed: str) -> None:
    assert format_double(value) == printed


@given(st.floats())
def test_printed_double_reads_back_as_the_same_double(value: float) -> None:
    read = float(format_double(value))

    assert read == value or (math.isnan(read) and math.isnan(value))


@pytest.mark.parametrize(
    ("value", "wrapped"),
    [
        (5, 5),
        (LONG_MAX, LONG_MAX),
        (LONG_MAX + 1, LONG_MIN),
        (LONG_MIN - 1, LONG_MAX),
        (1 << 64, 0),
        (LONG_MAX * LONG_MAX, 1),
        (-(1 << 65) - 3, -3),
    ],
)
def test_long_wraps_around_in_64_bits(value: int, wrapped: int) -> None:
    assert wrap_long(value) == wrapped


@pytest.mark.parametrize(
    ("value", "cast"),
    [(1.9, 1), (-1.9, -1), (math.nan, 0), (math.inf, LONG_MAX), (-1e300, LONG_MIN), (9.3e18, LONG_MAX)],
)
def test_double_is_cast_to_long_toward_zero_and_saturates(value: float, cast: int) -> None:
    assert saturate_long(value) == cast


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42),
        ("  42\t", 42),
        ("+5", 5),
        ("-0", 0),
        ("010", 10),
        ("0" * 5000 + "7", 7),
        ("0xff", 255),
        ("-0XFF", -255),
        ("9223372036854775807", LONG_MAX),
        ("-9223372036854775808", LONG_MIN),
        ("-0x8000000000000000", LONG_MIN),
    ],
)
def test_whole_number_is_read_from_text(text: str, number: int) -> None:
    found = number_from_text(text)

    assert found == number
    assert isinstance(found, int)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.5", 1.5),
        (".5", 0.5),
        ("-1.5e3", -1500.0),
        ("+.5E-2", 0.005),
        ("1.5e999", math.inf),
        ("-Infinity", -math.inf),
        ("0x1.8p1", 3.0),
        ("+0xF1.P2", 964.0),
        ("-0xF1.5Bp-2", -60.3388671875),
        ("0x.5BP0", 0.35546875),
        ("0xFP1", 30.0),
        ("-0x1p9999999999999999999999", -math.inf),
        ("0x1p-99999999999", 0.0),
    ],
)
def test_decimal_is_read_from_text(text: str, number: float) -> None:
    found = number_from_text(text)

    assert found == number
    assert isinstance(found, float)


def test_not_a_number_is_a_decimal() -> None:
    found = number_from_text("NaN")

    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "5.",
        "1e3",
        "1,000",
        "1.5f",
        "1_000",
        "1 2",
        "+-1",
        "0x",
        "0x1.1",
        "0xG",
        "\u0661",
        "\u00a05",
        "inf",
        "nan",
        "--1",
    ],
)
def test_other_text_is_no_number(text: str) -> None:
    assert number_from_text(text) is None


@pytest.mark.parametrize(
    "text",
    ["9223372036854775808", "-9223372036854775809", "0x8000000000000000", "9" * 5000, "0x" + "f" * 5000, "0x.8"],
)
def test_number_that_java_cannot_hold_is_an_evaluation_error(text: str) -> None:
    with pytest.raises(EvaluationError, match="expected"):
        number_from_text(text)


def test_helpers_read_only_their_own_kind() -> None:
    assert parse_long_text("1.5") is None
    assert parse_decimal_text("15") is None


def test_trim_drops_only_characters_up_to_a_blank() -> None:
    assert trim("\x00\n a\u00a0\u2003 ") == "a\u00a0\u2003"


@given(st.text() | st.text(alphabet="0123456789.eEpPxX+-aF NInfityN"))
def test_any_text_gives_a_number_nothing_or_an_evaluation_error(text: str) -> None:
    try:
        found = number_from_text(text)
    except EvaluationError:
        return

    assert found is None or isinstance(found, int | float)
