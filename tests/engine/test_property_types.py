"""What the texts of properties may mean."""

import pytest

from flowrun.property_types import integer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("+5", 5),
        ("-5", -5),
        ("2147483647", 2147483647),
        ("-2147483648", -2147483648),
        ("0" * 5000 + "1", 1),
    ],
)
def test_whole_numbers_are_those_of_32_bits(text: str, value: int) -> None:
    assert integer(text) == value


@pytest.mark.parametrize("text", ["2147483648", "-2147483649", "9" * 5000])
def test_larger_ones_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="below 2,147,483,648"):
        integer(text)


@pytest.mark.parametrize("text", ["", " 5", "5 ", "1_000", "1.0", "1e3", "0x10", "+", "ten"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a whole number"):
        integer(text)
