"""Columns that fit the width there is."""

import pytest

from flowrun.cli.columns import Column, fitted, shortened, text_width

NAMES = Column("name", ["short", "a name of thirty-nine characters, or so"])
TYPES = Column("type", ["GetFile", "InvokeHttp"], importance=1)
RATES = Column("rate", ["1.5", "12"], is_number=True, importance=2)


def headings(width: int | None) -> list[str]:
    return [column.heading for column, _ in fitted([NAMES, TYPES, RATES], width)]


def test_all_columns_are_kept_if_there_is_room() -> None:
    assert headings(None) == headings(200) == ["name", "type", "rate"]


def test_long_text_is_cut_before_a_column_is_left_out() -> None:
    (names, width), *_ = fitted([NAMES, TYPES, RATES], 46)

    assert headings(46) == ["name", "type", "rate"]
    assert names.padded(1, width) == "a name of thirty-nine characte…"[: width - 1] + "…"


def test_least_important_column_goes_first() -> None:
    assert headings(40) == ["name", "rate"]
    assert headings(20) == ["name"]


def test_numbers_are_never_cut() -> None:
    [_, (_, width)] = fitted([NAMES, Column("total", ["1,234,567"], is_number=True)], 10)

    assert width == 9


def test_text_stands_left_and_numbers_right() -> None:
    assert NAMES.padded(0, 7) == "short  "
    assert RATES.padded(1, 4) == "  12"
    assert RATES.padded(None, 6) == "  rate"


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_width_is_that_on_a_terminal(text: str, width: int) -> None:
    assert text_width(text) == width


def test_wide_characters_are_cut_whole() -> None:
    assert shortened("日本語", 5) == "日本…"
    assert shortened("日本語", 4) == "日…"
