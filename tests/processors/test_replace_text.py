"""ReplaceText: strategies, evaluation modes, failures, and how it is configured."""

import pytest

from flowrun.errors import PropertyError
from flowrun.retry import RetryPolicy
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.replace_text import ReplaceText

ENTIRE = {"Evaluation Mode": "Entire text"}


def trigger(properties: dict[str, str], content: bytes | str, **attributes: str) -> Triggered:
    runner = TestRunner(ReplaceText(properties))
    runner.enqueue(content, attributes)
    return runner.trigger()


def replaced(properties: dict[str, str], content: bytes | str, **attributes: str) -> bytes:
    [output] = trigger(properties, content, **attributes)["success"]
    return output.content


@pytest.mark.parametrize("mode", ["Line-by-Line", "Entire text"])
def test_the_defaults_change_nothing(mode: str) -> None:
    content = "a\nb\r\nc\rd"

    assert replaced({"Evaluation Mode": mode}, content) == content.encode()


@pytest.mark.parametrize(
    ("strategy", "value", "expected"),
    [
        ("Prepend", "> ", "> a\r\n> \n> c\r> d"),
        ("Append", "!", "a!\r\n!\nc!\rd!"),
        ("Always Replace", "x", "x\r\nx\nx\rx"),
    ],
)
def test_line_ends_of_each_kind_stay_where_they_are(strategy: str, value: str, expected: str) -> None:
    properties = {"Replacement Strategy": strategy, "Replacement Value": value}

    assert replaced(properties, "a\r\n\nc\rd") == expected.encode()


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("All", b"_a\n_b\n_c\n"),
        ("First-Line", b"_a\nb\nc\n"),
        ("Last-Line", b"a\nb\n_c\n"),
        ("Except-First-Line", b"a\n_b\n_c\n"),
        ("Except-Last-Line", b"_a\n_b\nc\n"),
    ],
)
def test_line_modes_choose_the_lines(mode: str, expected: bytes) -> None:
    properties = {
        "Replacement Strategy": "Surround",
        "Text to Prepend": "_",
        "Text to Append": "",
        "Line-by-Line Evaluation Mode": mode,
    }

    assert replaced(properties, "a\nb\nc\n") == expected


def test_an_only_line_is_first_and_last() -> None:
    prepend = {"Replacement Strategy": "Prepend", "Replacement Value": "_"}

    for mode in ("First-Line", "Last-Line"):
        assert replaced({**prepend, "Line-by-Line Evaluation Mode": mode}, "only") == b"_only"
    for mode in ("Except-First-Line", "Except-Last-Line"):
        assert replaced({**prepend, "Line-by-Line Evaluation Mode": mode}, "only") == b"only"


def test_empty_content_has_no_line_but_is_a_text() -> None:
    prepend = {"Replacement Strategy": "Prepend", "Replacement Value": "_"}

    assert replaced(prepend, "") == b""
    assert replaced({**prepend, **ENTIRE}, "") == b"_"


def test_a_literal_is_found_within_a_line_only_but_may_hold_the_line_end() -> None:
    literal = {"Replacement Strategy": "Literal Replace", "Replacement Value": "X"}

    assert replaced({**literal, "Search Value": "a\nb"}, "a\nb") == b"a\nb"
    assert replaced({**literal, "Search Value": "a\n"}, "a\nb\n") == b"Xb\n"
    assert replaced({**literal, "Search Value": "a\nb", **ENTIRE}, "a\nb a\nb") == b"X X"


def test_an_empty_literal_from_an_attribute_fails_line_by_line() -> None:
    properties = {"Replacement Strategy": "Literal Replace", "Search Value": "${x}", "Replacement Value": "y"}

    assert [output.content for output in trigger(properties, "ab")["failure"]] == [b"ab"]


def test_a_search_value_of_dot_star_replaces_all_without_a_search() -> None:
    properties = {"Search Value": ".*", "Replacement Value": "$1"}

    assert replaced(properties, "a\nb") == b"$1\n$1"


def test_attribute_values_in_the_search_are_plain_text() -> None:
    properties = {"Search Value": "^${start}", "Replacement Value": "x"}

    assert replaced(properties, "a.c\nabc", start="a.c") == b"x\nabc"


def test_the_replacement_is_evaluated_for_each_match() -> None:
    properties = {"Search Value": "([a-z])([0-9])?", "Replacement Value": "${'$1':toUpper()}-${'$2'}-${suffix}"}

    assert replaced(properties, "a1 b", suffix="$1!") == b"A-1-$1! B--$1!"


def test_an_expression_that_fails_on_a_match_fails_the_content() -> None:
    properties = {"Search Value": "[a-z]+", "Replacement Value": "${'$0':toDate('yyyy'):format('yy')}"}

    [output] = trigger(properties, "secret")["failure"]

    assert (output.content, output.penalized) == (b"secret", False)


@pytest.mark.parametrize(
    ("properties", "cause"),
    [
        ({"Search Value": "[a-z]+", "Replacement Value": "${'$0':toDate('yyyy')}"}, "fails on what was found"),
        ({"Search Value": "a", "Replacement Value": "${x:toDate('yyyy')}"}, "fails on what was found"),
        ({"Replacement Strategy": "Append", "Replacement Value": "${x:toDate('yyyy')}"}, "fails on the flowfile's"),
        ({"Maximum Buffer Size": "1 B", **ENTIRE}, "more than Maximum Buffer Size"),
        ({"Search Value": "(e|ee)+$", "Regular Expression Timeout": "1 ms"}, "took longer than 0.001 sec"),
    ],
)
def test_the_cause_of_a_failure_quotes_neither_content_nor_attributes(properties: dict[str, str], cause: str) -> None:
    retry = RetryPolicy(frozenset({"failure"}))
    runner = TestRunner(ReplaceText(properties), retry=retry, sensitive_attributes=frozenset({"x"}))

    bulletins = runner.trigger("secret" + "e" * 60 + "a secret", x="hidden").bulletins

    assert cause in bulletins[-1].message
    assert not any(word in str(bulletins) for word in ("secret", "hidden"))


def test_a_reference_to_a_missing_group_rolls_back_but_only_if_something_matches() -> None:
    properties = {"Search Value": "x", "Replacement Value": "$1"}

    assert trigger(properties, "axb").failed
    assert replaced(properties, "ab") == b"ab"


@pytest.mark.parametrize("mode", ["Line-by-Line", "Entire text"])
def test_a_search_that_does_not_end_in_time_fails(mode: str) -> None:
    properties = {"Search Value": "(x|xx)+$", "Regular Expression Timeout": "20 ms", "Evaluation Mode": mode}
    content = b"x" * 60 + b"!"

    assert [output.content for output in trigger(properties, content)["failure"]] == [content]


def test_content_beyond_the_buffer_fails_where_it_has_to_be_searched() -> None:
    small = {"Maximum Buffer Size": "4 B", "Search Value": "a", "Replacement Value": "b", **ENTIRE}

    assert replaced(small, "aaaa") == b"bbbb"
    assert trigger(small, "aaaaa")["failure"][0].content == b"aaaaa"
    assert replaced({**small, "Replacement Strategy": "Append"}, "aaaaa") == b"aaaaab"


def test_malformed_bytes_become_replacement_characters_line_by_line() -> None:
    properties = {"Search Value": "zzz", "Replacement Value": "b"}

    assert replaced(properties, b"a\xff") == "a\ufffd".encode()
    assert replaced({**properties, **ENTIRE}, b"a\xff") == b"a\xff"
    assert replaced({**properties, **ENTIRE, "Replacement Strategy": "Prepend"}, b"a\xff") == b"ba\xff"


def test_a_text_that_the_character_set_lacks_becomes_a_question_mark() -> None:
    properties = {"Character Set": "ISO-8859-1", "Search Value": "u", "Replacement Value": "ü✓"}

    assert replaced(properties, b"u") == b"\xfc?"


def test_utf_16_is_read_by_its_mark_and_written_big_endian_as_java_does() -> None:
    properties = {"Character Set": "UTF-16", "Search Value": "a", "Replacement Value": "b"}

    assert replaced(properties, b"\xff\xfea\x00") == b"\xfe\xff\x00b"
    assert replaced(properties, b"\x00a") == b"\xfe\xff\x00b"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("${a} ${order.id}", "1 7"),
        ("${nope} ${} ${a", "${nope} ${} ${a"),
        ("$${a}", "${a}"),
        ("${nope:-text} ${a:-text}", "text 1"),
        ("${outer}", "<1>"),
        ("${${name}}", "${${name}}"),
    ],
)
@pytest.mark.parametrize("mode", ["Line-by-Line", "Entire text"])
def test_variables_are_substituted_by_attributes(content: str, expected: str, mode: str) -> None:
    properties = {"Replacement Strategy": "Substitute Variables", "Evaluation Mode": mode}
    attributes = {"a": "1", "order.id": "7", "outer": "<${a}>", "name": "a"}

    assert replaced(properties, content, **attributes) == expected.encode()


def test_a_variable_that_leads_back_to_itself_rolls_back() -> None:
    properties = {"Replacement Strategy": "Substitute Variables"}

    assert trigger(properties, "${a}", a="${b}", b="${a}").failed


@pytest.mark.parametrize(
    "properties",
    [
        {"Search Value": "("},
        {"Search Value": "", "Replacement Strategy": "Literal Replace"},
        {"Replacement Strategy": "Surround", "Text to Prepend": "a"},
        {"Character Set": "UTF-99"},
        {"Character Set": "base64"},
        {"Regular Expression Timeout": "0 sec"},
    ],
)
def test_a_configuration_that_cannot_work_is_refused(properties: dict[str, str]) -> None:
    with pytest.raises(PropertyError):
        ReplaceText(properties).check()


def test_a_wrong_search_value_is_shown_with_its_column() -> None:
    [problem] = ReplaceText({"Search Value": "ab(c"}).problems

    assert (problem.name, problem.column) == ("Search Value", 5)


def test_other_strategies_ignore_a_search_value_that_is_no_regular_expression() -> None:
    ReplaceText({"Search Value": "(", "Replacement Strategy": "Append", "Replacement Value": "x"}).check()


def test_the_name_of_nifi_1_is_taken() -> None:
    assert replaced({"Regular Expression": "a", "Replacement Value": "b"}, "a") == b"b"
