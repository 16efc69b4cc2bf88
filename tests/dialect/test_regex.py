import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowrun.dialect.regex import JavaPattern, SearchTime, compile_regex, compile_replacement, quote, split
from flowrun.errors import EvaluationError, ExpressionError

GOLDENS = json.loads(Path(__file__).with_name("regex_golden.json").read_text("utf-8"))
"""What Java answers: every match with the spans of its groups, `matches()`, `replaceAll` (null: it raises), `split`."""

SYNTAX = r"()[]{}|?*+^$.\-&,:=!<>#ab1 kpPQEuUxiRbBGzZdw0né"


def replaced(pattern: JavaPattern, text: str, replacement: str) -> str | None:
    try:
        return pattern.sub(text, compile_replacement(replacement, pattern))
    except EvaluationError:
        return None


def spans(pattern: JavaPattern, text: str) -> Iterator[list[list[int] | None]]:
    for match in pattern.finditer(text):
        yield [None if match.start(group) < 0 else list(match.span(group)) for group in range(pattern.groups + 1)]


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden["pattern"])
def test_pattern_does_what_it_does_in_java(golden: dict[str, Any]) -> None:
    if golden.get("error"):
        with pytest.raises(ExpressionError):
            compile_regex(golden["pattern"])
        return
    pattern, text = compile_regex(golden["pattern"]), golden["text"]

    assert list(spans(pattern, text)) == golden["found"]
    assert (pattern.fullmatch(text) is not None) == golden["matches"]
    assert replaced(pattern, text, golden["replacement"]) == golden["replaced"]
    assert split(pattern, text) == golden["split"]


@pytest.mark.parametrize(
    ("pattern", "column"),
    [
        ("a(b", 4),
        ("ab)", 3),
        ("a**", 3),
        ("x[a", 3),
        ("a\\y", 2),
        ("ab{2,1}", 6),
        ("é\\p{Foo}", 8),
        ("\\Q*\\E*(?z)", 9),
    ],
)
def test_error_names_the_column(pattern: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_regex(pattern)

    assert caught.value.column == column


@pytest.mark.parametrize("pattern", ["\\b{g}", "(?c)a", "a{100001}", "(?:(?:ab){1000}){1000}", "(" * 101 + ")" * 101])
def test_what_cannot_be_translated_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError):
        compile_regex(pattern)


def test_word_boundary_is_ascii_as_in_java_19_and_later() -> None:
    assert [match.start() for match in compile_regex(r"\b").finditer("é a")] == [2, 3]


def test_combining_mark_belongs_to_the_word_it_stands_on() -> None:
    assert [match.start() for match in compile_regex(r"\b").finditer("e\u0301")] == [0, 2]


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "(?:aa|a|aaa)*$"])
def test_search_that_would_not_end_is_given_up(pattern: str) -> None:
    compiled = compile_regex(pattern, timeout=0.05)
    begun = time.monotonic()

    with pytest.raises(EvaluationError, match=r"took longer than 0\.05 sec"):
        compiled.search("a" * 60 + "b")
    with pytest.raises(EvaluationError, match="took longer"):
        compiled.fullmatch("a" * 60 + "b")
    with pytest.raises(EvaluationError, match="took longer"):
        compiled.sub("a" * 60 + "b", lambda match: "")
    assert time.monotonic() - begun < 5


def test_nested_repetition_ends_in_time() -> None:
    assert compile_regex("(a+)+$").search("a" * 60 + "b") is None


def test_pattern_is_compiled_once() -> None:
    assert compile_regex("a+b") is compile_regex("a+b")


def test_groups_are_counted_and_named() -> None:
    pattern = compile_regex("(a)(?<second>b)(?:c)")

    assert pattern.text == "(a)(?<second>b)(?:c)"
    assert pattern.groups == 2
    assert dict(pattern.group_names) == {"second": 2}


@given(st.text())
def test_quoted_text_matches_only_itself(text: str) -> None:
    pattern = compile_regex(quote(text))

    assert pattern.fullmatch(text)
    assert not pattern.fullmatch(text + "x")


@pytest.mark.parametrize(
    ("replacement", "message"),
    [
        ("$", "must be followed"),
        ("a$b", "must be followed"),
        ("x\\", "backslash at the end"),
        ("$3", "no group 3"),
        ("${other}", "no group of the name 'other'"),
        ("${first", "closing"),
        ("${1a}", "letter first"),
    ],
)
def test_wrong_replacement_is_an_evaluation_error_at_the_first_match(replacement: str, message: str) -> None:
    pattern = compile_regex("(?<first>a)(b)?")
    replace = compile_replacement(replacement, pattern)

    assert pattern.sub("xyz", replace) == "xyz"
    with pytest.raises(EvaluationError, match=message):
        pattern.sub("ab", replace)


def test_a_pattern_that_is_very_long_written_out_is_refused() -> None:
    with pytest.raises(ExpressionError, match="too large"):
        compile_regex("\\b" * 3000)


def test_a_long_text_is_searched_for_at_once() -> None:
    text = "#{" * 5000
    begun = time.process_time()

    assert compile_regex(quote(text)).fullmatch(text)
    assert compile_regex(quote(text)).search("x" * 20_000 + text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("pattern", ["(){65536}b", "(?<n>){65536}b", "(()|\\b){9999}b", "(?=a)*b", "(^)+b"])
def test_what_matches_no_character_may_be_repeated_as_often_as_one_likes(pattern: str) -> None:
    assert compile_regex(pattern).search("xb" if "^" not in pattern else "b")


def test_searches_that_go_on_after_empty_matches_share_the_time() -> None:
    pattern = compile_regex("(?:(a|aa)+b)?", timeout=0.2)
    begun = time.process_time()

    with pytest.raises(EvaluationError, match=r"took longer than 0\.2 sec"):
        list(pattern.finditer(("a" * 20 + "c") * 5000))
    assert time.process_time() - begun < 2


def test_many_slow_searches_share_a_limited_time() -> None:
    pattern, left = compile_regex("(a|aa)+b"), SearchTime(0.2)

    def search_again_and_again() -> None:
        for _ in range(5000):
            begun = time.perf_counter()
            pattern.search("a" * 22)
            left.spend(begun, 22)

    with pytest.raises(EvaluationError, match=r"together took longer than 0\.2 sec"):
        search_again_and_again()


def test_many_quick_searches_cost_no_time() -> None:
    pattern, left = compile_regex("b"), SearchTime(0.001)
    for _ in range(20_000):
        begun = time.perf_counter()
        pattern.search("a" * 100)
        left.spend(begun, 100)

    assert left.left == 0.001


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet=SYNTAX, max_size=16) | st.text(max_size=12), st.text(max_size=8))
def test_any_pattern_gives_a_value_or_a_typed_error(pattern: str, text: str) -> None:
    with suppress(ExpressionError, EvaluationError):
        compiled = compile_regex(pattern, timeout=0.2)
        compiled.fullmatch(text)
        assert all(match.end() <= len(text) for match in compiled.finditer(text))
        assert split(compiled, text) is not None


@given(st.text(alphabet="$\\{}019ab n") | st.text())
def test_any_replacement_gives_a_text_or_an_evaluation_error(replacement: str) -> None:
    pattern = compile_regex("(?<n>a)(b)?")
    try:
        found = pattern.sub("ab a", compile_replacement(replacement, pattern))
    except EvaluationError:
        return

    assert isinstance(found, str)
