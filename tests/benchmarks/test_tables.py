"""The benchmarks' figures get into the page; what they measure is no test's business."""

from pathlib import Path

import pytest

from tests.benchmarks import table
from tests.benchmarks.__main__ import PAGE
from tests.benchmarks.catalogue import TITLES
from tests.benchmarks.figure import Figure, Peer, Target, number

FIGURE = Figure("hops", 340_000, "/s", (Peer("a loop", 4_000_000),), Target(least=150_000))


@pytest.mark.parametrize("name", TITLES)
def test_every_benchmark_has_a_place_in_the_page(name: str) -> None:
    assert PAGE.read_text("utf-8").count(f"<!-- benchmark: {name} -->\n") == 1


def test_a_table_replaces_the_one_between_its_markers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- benchmark: b -->\nold\n<!-- end -->\n<!-- benchmark: c -->\nkept\n<!-- end -->\n")

    table.write(page, "b", [FIGURE])

    assert "old" not in page.read_text()
    assert page.read_text().startswith("a\n<!-- benchmark: b -->\n| measured |")
    assert page.read_text().endswith(
        "| hops | 340 k /s | a loop 4.00 M | ≥ 150 k |\n<!-- end -->\n<!-- benchmark: c -->\nkept\n<!-- end -->\n"
    )


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing\n")

    with pytest.raises(ValueError, match="markers of 'b' once, found them 0 times"):
        table.write(page, "b", [FIGURE])


def test_a_target_that_was_not_reached_is_marked() -> None:
    slow = Figure("hops", 100_000, "/s", target=Target(least=150_000))

    assert "(missed)" in table.text("Hops", [slow])
    assert "(missed)" not in table.text("Hops", [FIGURE])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_470_000, "1.47 M"),
        (340_000, "340 k"),
        (9_500, "9500"),
        (17.24, "17.2"),
        (40, "40"),
        (0.0456, "0.046"),
        (0, "0"),
    ],
)
def test_numbers_have_three_digits_that_count(value: float, expected: str) -> None:
    assert number(value) == expected
