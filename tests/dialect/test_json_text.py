import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.json_text import JsonError, JsonNumber, print_json, print_scalar, read_document, read_json
from flowrun.errors import EvaluationError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a":[1,true,null,"x"]}', {"a": [1, True, None, "x"]}),
        (b' \t\r\n{"a": 1}', {"a": 1}),
        ('{"a":1,"b":2,"a":3}', {"a": 3, "b": 2}),
        ("12345678901234567890123456789", 12345678901234567890123456789),
        ("-0", 0),
        ('"\\u00fc\\ud83d\\ude00\\/"', "ü😀/"),
        ("[1] rest", [1]),
        ("{}x", {}),
        ('"a"x', "a"),
        ("true]", True),
        ("1 2", 1),
        ("null", None),
    ],
)
def test_the_first_value_is_read(text, value):
    assert read_json(text) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, column 1: expected a value, found the end of the text"),
        (" \n ", "line 2, column 2: expected a value, found the end of the text"),
        ("\ufeff1", "found a byte order mark"),
        (b"\xef\xbb\xbf1", "found a byte order mark"),
        (b"\x00{\x00}", "line 1, column 1"),
        ("{'a':1}", "column 2: expected a name in double quotes"),
        ("{a:1}", "column 2: expected a name in double quotes"),
        ('{"a":1,}', "expected a name in double quotes"),
        ("[1,]", "column 4: expected a value"),
        ('{"a" 1}', "column 6: expected ':'"),
        ("[1 2]", "column 4: expected ','"),
        ("01", "column 2: expected a blank or the end"),
        ("1.", "column 2"),
        (".5", "column 1"),
        ("+1", "column 1"),
        ("truex", "column 5"),
        ("1,", "column 2"),
        ('["NaN",\n NaN]', "line 2, column 2: expected a JSON value, found 'NaN]'"),
        ("-Infinity", "column 1: expected a JSON value, found '-Infinity'"),
        ('"a\nb"', "column 3: expected an escape"),
        ('"\\x"', "column 2: expected one of the escapes"),
        ('"\\u12"', "expected four hexadecimal digits"),
        ('"open', "column 1: expected a closing double quote"),
        ("// no\n1", "column 1: expected a value"),
        ("\xa01", "column 1"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5_000, "more than 4,300 digits"),
    ],
)
def test_what_is_not_json_fails_with_its_place(text, said):
    with pytest.raises(EvaluationError) as failed:
        read_json(text)

    assert said in str(failed.value)


def test_trailing_text_can_be_refused():
    assert read_json("[1]\n", trailing=False) == [1]
    with pytest.raises(EvaluationError, match="expected the end of the text, found 'x'"):
        read_json("[1] x", trailing=False)


def test_a_document_is_not_null():
    assert read_document("[null]") == [None]
    with pytest.raises(EvaluationError, match="found null"):
        read_document("null")


def test_bytes_that_are_not_utf_8_become_replacement_characters():
    assert read_json(b'"a\xffb"') == "a\ufffdb"


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert read_json('["\\ud83d","\\ude00\\ud83d","\\\\ud83d","\\ud83d\\ude00"]') == ["?", "??", "\\ud83d", "😀"]


@pytest.mark.parametrize(
    ("text", "maximum", "fits"),
    [
        ('"12345"', 5, True),
        ('"12345"', 4, False),
        ('{"a":{"b":["12345"]}}', 4, False),
        ('{"12345":"1"}', 4, True),
        ('"\\ud83d\\ude00\\u00e9"', 3, True),
        ('"\\ud83d\\ude00\\u00e9"', 2, False),
        ("12345", 4, True),
    ],
)
def test_strings_may_be_limited_in_utf_16_units(text, maximum, fits):
    if fits:
        read_json(text, maximum_string_length=maximum)
    else:
        with pytest.raises(EvaluationError, match=f"at most {maximum} characters"):
            read_json(text, maximum_string_length=maximum)


def test_numbers_print_as_java_does_or_as_they_were():
    value = read_json("[1, 1.10, 1E5, 0.00001, 1e7, -0.0, 12345678901234567890, 1.0000000000000000001]")

    assert print_json(value) == "[1,1.1,100000.0,1.0E-5,1.0E7,-0.0,12345678901234567890,1.0]"
    assert (
        print_json(value, doubles="text") == "[1,1.10,1E5,0.00001,1e7,-0.0,12345678901234567890,1.0000000000000000001]"
    )


def test_a_number_that_was_calculated_prints_as_java_does():
    assert print_scalar(2.5e10, doubles="text") == "2.5E10"


def test_what_json_has_no_number_for_prints_as_a_string():
    assert print_json(read_json("[1e400,-1e400]")) == '["Infinity","-Infinity"]'
    assert print_json(read_json("[1e400]"), doubles="text") == "[1e400]"
    assert print_scalar(read_json("1e400")) == "Infinity"


def test_objects_print_compactly_in_their_order():
    assert print_json(read_json('{ "z": [ ], "a": { }, "é/": ["\\u2028", null, false] }')) == (
        '{"z":[],"a":{},"é/":["\u2028",null,false]}'
    )


def test_control_characters_print_with_upper_case_digits():
    assert print_json('a"\\\b\f\n\r\t\x00\x1f\x7f\\u001f') == '"a\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001F\x7f\\\\u001f"'


def test_scalars_print_without_quotes():
    assert [print_scalar(value) for value in ("a", True, False, 3, 2.0, None)] == ["a", "true", "false", "3", "2.0", ""]
    assert print_scalar(None, null="null") == "null"


def test_a_number_counts_as_a_float_and_keeps_its_text():
    number = read_json("1.10")

    assert isinstance(number, JsonNumber)
    assert (number, number.text) == (1.1, "1.10")


def test_what_is_nested_too_deeply_to_be_printed_fails():
    value = []
    for _ in range(100_000):
        value = [value]

    with pytest.raises(EvaluationError, match="nested too deeply"):
        print_json(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_what_is_printed_can_be_read_again(value):
    text = json.dumps(value)

    read = read_json(text, trailing=False)

    assert read == value
    assert read_json(print_json(read), trailing=False) == value
    assert read_json(print_json(read, doubles="text"), trailing=False) == value


@given(st.text() | st.binary() | st.text(alphabet='{}[]":,\\u0dD8-+1.eE truefalsn\n', max_size=30))
def test_any_text_is_a_value_or_an_evaluation_error(text):
    try:
        value = read_json(text, maximum_string_length=3)
    except EvaluationError:
        return

    assert isinstance(print_json(value), str)


def test_an_error_knows_its_place_and_what_was_expected_there():
    with pytest.raises(JsonError) as caught:
        read_json('{"a":\n 1 "secret"}')

    assert (caught.value.line, caught.value.column) == (2, 4)
    assert caught.value.expected == "',' or the end of the list or object"


def test_an_error_without_a_place_says_nothing_of_one():
    with pytest.raises(JsonError) as caught:
        read_json("[" * 100_000)

    assert (caught.value.line, caught.value.column, caught.value.expected) == (None, None, "")
