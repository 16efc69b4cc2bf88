"""ReplaceText line by line: large contents in blocks, and searches of many lines at once."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.regex import SearchTime, compile_regex, compile_replacement
from flowrun.errors import ExpressionError
from flowrun.testing import TestRunner
from flowrun_processors.replace_text import ReplaceText
from flowrun_processors.replace_text.line_stretch import line_stretch
from flowrun_processors.replace_text.lines import LINE_MODES, LineLimit, LineTooLongError, line_blocks, split_lines
from flowrun_processors.replace_text.match_replacement import read_replacement, replacement_pieces
from flowrun_processors.replace_text.pattern_proof import NotProvedError, prove
from flowrun_processors.replace_text.regex_replacement import compile_search

TEXTS = st.text("ab1 ,\n\r\t\x85\u2028", max_size=30)
ATOMS = st.sampled_from(
    ["a", "b", ",", ".", "^", "$", r"\d", r"\w", r"\S", r"\s", r"\b", "[ab]", r"[^\s]", "[^,]", r"[^\n\r,]", r"\Qa.\E"]
)
REPEATED = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "+?", "{1,2}"])).map("".join)
PATTERNS = st.recursive(
    st.lists(REPEATED, min_size=1, max_size=3).map("".join),
    lambda inner: st.one_of(
        inner.map(lambda pattern: f"({pattern})"),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=4,
)


def pieces(text: str, size: int) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


@given(TEXTS, st.integers(1, 6))
def test_blocks_hold_whole_lines_wherever_the_pieces_are_cut(text: str, size: int) -> None:
    blocks = list(line_blocks(pieces(text, size), LineLimit(0)))

    assert "".join(blocks) == text
    assert [line for block in blocks for line in split_lines(block)] == re.findall(
        r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text
    )


@given(PATTERNS, TEXTS, st.sampled_from(["<$0>", ""]))
def test_many_lines_at_once_are_changed_as_each_alone(search: str, text: str, value: str) -> None:
    try:
        in_lines = compile_search(search, 5.0).in_lines
    except ExpressionError:
        return
    pattern = compile_regex(search)
    replacement = compile_replacement(value, pattern)

    replaced = in_lines.replace(text, replacement, SearchTime(5.0)) if in_lines is not None else None

    assert replaced is None or replaced == "".join(pattern.sub(line, replacement) for line in split_lines(text))


@pytest.mark.parametrize("search", ["user=([0-9]+)", "^2026", "o$", r"(\w+), (\w+)", '"([a-z]+?)":"(.*?)"', "[^\\s]+x"])
def test_common_searches_are_made_in_many_lines_at_once(search: str) -> None:
    assert prove(search).within_lines


@pytest.mark.parametrize("search", [r"\n", "[^,]+", r"\s+$", "(?s)a.b"])
def test_a_search_that_may_find_a_line_end_is_not(search: str) -> None:
    assert not prove(search).within_lines


@pytest.mark.parametrize("search", ["^", "a*", "(?<=a)b", r"(a)\1", "(?m)^", "[a&&b]", "[^]]", "[]a]"])
def test_a_search_that_may_find_nothing_or_look_around_is_not_proved(search: str) -> None:
    with pytest.raises(NotProvedError):
        prove(search)


@pytest.mark.parametrize("search", ["(a+)+b", "(a|b)*c", "a*b*c", "a?b?c?d?e?f"])
def test_a_search_that_may_turn_back_often_stays_under_the_time_limit(search: str) -> None:
    assert not prove(search).is_quick


@given(
    st.sampled_from(["(?s)(^.*$)", "(?s)^(.*)$", "^.*$", "(^.*$)", r"\s+$", r"(\s+)$", r"([\t ]+$)", " +$", r"\t+$"]),
    TEXTS,
    st.sampled_from(["<$0>", "$1", "", "$1$1"]),
)
def test_a_known_stretch_of_each_line_is_replaced_as_its_search_finds_it(search: str, text: str, value: str) -> None:
    compiled = compile_search(search, 5.0)
    pieces = replacement_pieces(value, compiled.pattern)
    replacement = read_replacement(value, compiled.pattern)
    assert compiled.stretch is not None
    if pieces is None:  # it refers to a group that the search does not have
        return

    replaced = compiled.stretch.replace(text, pieces[::2])

    lines = split_lines(text)
    assert replaced is None or replaced == "".join([compiled.pattern.sub(line, replacement) for line in lines])


@pytest.mark.parametrize(
    "search", [r"[^\s]+$", r"\s*$", r"\s+?$", "(?s).*", "^(.*)", r"(\s+$", ".+$", r"\S+$", r"[\s]$"]
)
def test_no_other_search_is_taken_for_a_known_stretch(search: str) -> None:
    assert line_stretch(search) is None


@pytest.mark.parametrize(
    ("search", "needed", "place"),
    [
        (r"(\w+)=(\d+)", "=", None),
        (r"\d+ of \d+", " of ", None),
        ("(?s)a.bcd", "bcd", 2),
        ("a(bc)+", "bc", 1),
        (r"\[x\]", "[x]", 0),
        (r"^\d{3}ms", "ms", 3),
        ("(a)(.bc)", "bc", 2),
        ("(a?)bc", "bc", None),
        ("ab|cd", "", None),
        ("(?i)abc", "", None),
        ("(abc)?d", "d", None),
        ("a{0,3}[b]", "", None),
        (r".\s", "", None),
    ],
)
def test_the_text_that_every_match_holds_is_known(search: str, needed: str, place: int | None) -> None:
    assert (prove(search).needed, prove(search).needed_at) == (needed, place)


@pytest.mark.parametrize("search", [r"(\w+)=(\d+)", '"([^"]*)": "([^"]*)"', r"\w+-\w+-\w+=", "a+:b*:"])
def test_a_run_up_to_what_it_cannot_hold_turns_back_for_nothing_else(search: str) -> None:
    assert prove(search).is_quick


@pytest.mark.parametrize("search", [r".*=\d+", r"\w+\d+=\d+x*", r"[\w=]+=\d+", r"(a|\w+)=(\d+)y+", r"(\w+)+=\d"])
def test_a_run_that_may_go_beyond_it_does(search: str) -> None:
    assert not prove(search).is_quick


def test_many_lines_that_each_take_long_fail_together_soon() -> None:
    properties = {"Search Value": "(a|aa)+b$", "Regular Expression Timeout": "200 ms"}
    begun = time.thread_time()

    [output] = TestRunner(ReplaceText(properties)).trigger(f"{'a' * 22}cb\n" * 10_000)["failure"]

    assert output.content.startswith(b"aaa")
    assert time.thread_time() - begun < 2


@pytest.mark.parametrize("mode", LINE_MODES)
@pytest.mark.parametrize("search", ["line ([0-9]+)", "(?<=line )([0-9]+)"])
def test_a_large_content_is_changed_as_a_small_one(mode: str, search: str) -> None:
    lines = [f"line {number} {'.' * 80}\r\n" for number in range(15_000)]
    changed = [line.replace("line ", "line: ") if "(?<" not in search else line for line in lines]
    chosen = {
        "All": range(len(lines)),
        "First-Line": [0],
        "Last-Line": [len(lines) - 1],
        "Except-First-Line": range(1, len(lines)),
        "Except-Last-Line": range(len(lines) - 1),
    }[mode]
    value = "line: $1" if "(?<" not in search else "$1"
    properties = {"Search Value": search, "Replacement Value": value, "Line-by-Line Evaluation Mode": mode}

    [output] = TestRunner(ReplaceText(properties)).trigger("".join(lines))["success"]

    expected = list(lines)
    for number in chosen:
        expected[number] = changed[number]
    assert output.content.decode() == "".join(expected)


@pytest.mark.parametrize("character_set", ["UTF-8", "UTF-16", "Shift_JIS", "ISO-8859-1"])
def test_characters_that_lie_across_blocks_stay_whole(character_set: str) -> None:
    before, after = ("ü", "ue") if character_set == "ISO-8859-1" else ("も", "mo")
    codec = "utf-16-be" if character_set == "UTF-16" else character_set
    mark = b"\xfe\xff" if character_set == "UTF-16" else b""
    text = f"a{before}{'.' * 60}{before}\n" * 18_000
    properties = {"Character Set": character_set, "Search Value": before, "Replacement Value": after}

    [output] = TestRunner(ReplaceText(properties)).trigger(mark + text.encode(codec))["success"]

    assert output.content == mark + text.replace(before, after).encode(codec)


@pytest.mark.parametrize("strategy", ["Prepend", "Append"])
def test_a_large_content_is_copied_between_texts(strategy: str) -> None:
    content = b"\xff" * 3_000_000
    properties = {"Replacement Strategy": strategy, "Replacement Value": "+", "Evaluation Mode": "Entire text"}

    [output] = TestRunner(ReplaceText(properties)).trigger(content)["success"]

    assert output.content == (b"+" + content if strategy == "Prepend" else content + b"+")


@pytest.mark.parametrize(
    ("line", "fits"),
    [
        ("y" * 8191, True),
        ("y" * 8191 + "\n", True),
        ("y" * 8190 + "\r\n", True),
        ("y" * 8192, False),
        ("y" * 8192 + "\n", False),
        ("y" * 8191 + "\r\n", False),
        ("y" * 8191 + "\r", False),
        ("\U0001f600" * 4095, True),
        ("\U0001f600" * 4096, False),
    ],
)
@pytest.mark.parametrize("before", ["", "short\n"])
def test_a_line_must_be_shorter_than_the_buffer(line: str, fits: bool, before: str) -> None:
    properties = {"Maximum Buffer Size": "5 KB", "Search Value": "z", "Replacement Value": "x"}

    triggered = TestRunner(ReplaceText(properties)).trigger(before + line)

    assert len(triggered["success" if fits else "failure"]) == 1


def test_a_large_content_without_line_ends_fails_without_being_read_whole() -> None:
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(len(taken))
            yield "y" * 5000

    with pytest.raises(LineTooLongError):
        list(line_blocks(endless(), LineLimit(20_000)))
    assert len(taken) == 4


def test_a_line_that_is_too_long_leaves_nothing_behind() -> None:
    runner = TestRunner(ReplaceText({"Search Value": "a", "Replacement Value": "b"}))

    [output] = runner.trigger("a\n" + "y" * 2_000_000)["failure"]

    assert output.content.startswith(b"a\nyyy")
    assert runner.contents_held == 0
