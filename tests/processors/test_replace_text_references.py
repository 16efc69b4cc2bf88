"""ReplaceText: what `$`, digits and backslashes in a Replacement Value mean."""

import pytest

from flowrun.testing import TestRunner
from flowrun_processors.replace_text import ReplaceText

CASES = [
    ("(b)", "[$1]", "a[b]c"),
    ("(b)", "[$0]", "a[b]c"),
    ("(b)", "$12", "ab2c"),
    ("b", "$0123", "ab123c"),
    ("(b)", r"\$1", "a$1c"),
    ("(b)", r"x\ty", "axtyc"),
    ("(b)", r"a\\", "aa\\c"),
    ("(b)(x)?", "$1$2", "abc"),
    ("(b)", "$1$2", "ab$2c"),
    ("(b)", "$1 and $22", "ab and $22c"),
    ("(b)", "$1 costs $d", "a$1 costs $dc"),
    ("(b)", r"\$x", r"a\$xc"),
    ("(b)", "$$1", "a$$1c"),
    ("b", "", "ac"),
    ("b", "\0001\000", "a\0001\000c"),
]


@pytest.mark.parametrize(("search", "value", "expected"), CASES)
@pytest.mark.parametrize("mode", ["Line-by-Line", "Entire text"])
def test_a_replacement_value_is_read_as_nifi_reads_it(search: str, value: str, expected: str, mode: str) -> None:
    processor = ReplaceText({"Search Value": search, "Replacement Value": value, "Evaluation Mode": mode})

    [output] = TestRunner(processor).trigger("abc")["success"]

    assert output.content.decode() == expected


@pytest.mark.parametrize("value", ["$2", "$1 $2 $3", "$", "cost\\", "$2$1"])
@pytest.mark.parametrize("mode", ["Line-by-Line", "Entire text"])
def test_a_replacement_value_that_java_refuses_rolls_back(value: str, mode: str) -> None:
    processor = ReplaceText({"Search Value": "(b)", "Replacement Value": value, "Evaluation Mode": mode})

    assert TestRunner(processor).trigger("abc").failed


def test_a_reference_in_an_attribute_is_text_but_a_backslash_escapes() -> None:
    processor = ReplaceText({"Search Value": "(b)", "Replacement Value": "${x}"})

    [output] = TestRunner(processor).trigger("abc", x=r"$1 C:\temp")["success"]

    assert output.content == b"a$1 C:tempc"


def test_a_reference_in_a_value_that_depends_on_nothing_is_text_too() -> None:
    processor = ReplaceText({"Search Value": "(b)", "Replacement Value": "${literal('$1')}"})

    [output] = TestRunner(processor).trigger("abc")["success"]

    assert output.content == b"a$1c"
