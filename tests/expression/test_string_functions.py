import pytest
from tests.expression.kit import failure, mistake, value


@pytest.mark.parametrize(
    ("text", "subject", "result"),
    [
        ("toUpper()", "ß é", "SS É"),
        ("toLower()", "ÜN", "ün"),
        ("trim()", " \t\x01x\xa0 ", "x\xa0"),
        ("length()", "a😀b", "4"),
        ("append(${missing})", "x", "x"),
        ("prepend(5)", "x", "5x"),
        ("replace('o', '$1')", "foo", "f$1$1"),
        ("replace('', '-')", "ab", "-a-b-"),
        ("substring(1, 3)", "a😀b", "😀"),
        ("substring(1)", "abc", "bc"),
        ("substring(4)", "abc", ""),
        ("substring(2, 1)", "abc", ""),
        ("substring(-1)", "abc", ""),
        ("substring(1.9)", "abc", "bc"),
        ("substringBefore('.')", "a.b.c", "a"),
        ("substringBeforeLast('.')", "a.b.c", "a.b"),
        ("substringAfter('.')", "a.b.c", "b.c"),
        ("substringAfterLast('.')", "a.b.c", "c"),
        ("substringBefore('x')", "a.b", "a.b"),
        ("substringAfterLast('')", "a.b", "a.b"),
        ("padLeft(5, 'xy')", "abc", "xyabc"),
        ("padRight(8, '12')", "abc", "abc12121"),
        ("padLeft(5)", "abc", "__abc"),
        ("padLeft(5, '')", "abc", "__abc"),
        ("padLeft(2)", "abc", "abc"),
        ("padLeft('x')", "abc", "abc"),
        ("padRight(2147483648)", "abc", "abc"),
        ("repeat(2)", "ab", "abab"),
        ("repeat(2, 2)", "ab", "abab"),
        ("replaceNull('x')", "", ""),
        ("replaceEmpty('x')", " ", "x"),
        ("compactDelimitedList('::')", "::a::::b::", "a::b"),
        ("trimDelimitedList(',')", ",,a,,b,", "a,,b"),
        ("trimDelimitedList(',')", ",,", ""),
        ("unique(',')", "a,,b,a,,c", "a,,b,c"),
        ("unique('')", "a,a", "a,a"),
    ],
)
def test_string_functions(text: str, subject: str, result: str) -> None:
    assert value(f"${{a:{text}}}", a=subject) == result


@pytest.mark.parametrize(
    "function",
    [
        "substring(0)",
        "substringBefore('x')",
        "substringAfterLast('x')",
        "append('')",
        "repeat(3)",
        "getDelimitedField(1)",
        "unique(',')",
        "compactDelimitedList(',')",
        "escapeXml()",
        "unescapeJson()",
    ],
)
def test_these_make_an_empty_string_of_null(function: str) -> None:
    assert value(f"<${{missing:{function}}}>") == "<>"
    assert value(f"${{missing:{function}:isNull()}}") == "false"


@pytest.mark.parametrize(
    "function",
    [
        "toUpper()",
        "trim()",
        "replace('a', 'b')",
        "replaceAll('a', 'b')",
        "padLeft(5)",
        "urlEncode()",
        "hash('MD5')",
        "base64Decode()",
        "UUID3('')",
        "replaceByPattern('.*:x')",
        "evaluateELString()",
    ],
)
def test_these_leave_null_null(function: str) -> None:
    assert value(f"${{missing:{function}:isNull()}}") == "true"


@pytest.mark.parametrize(
    "function",
    [
        "replace(${missing}, 'x')",
        "substring(${missing})",
        "substring('x')",
        "substringAfterLast(${missing})",
        "indexOf(${missing})",
        "repeat('x')",
        "repeat(0)",
        "repeat(2, 1)",
        "replaceAll('a', ${missing})",
    ],
)
def test_an_argument_that_is_null_or_out_of_range_is_an_error_here(function: str) -> None:
    name = function.partition("(")[0]

    assert f"{name}()" in failure(f"${{a:{function}}}", a="abc")


@pytest.mark.parametrize("function", ["padLeft(2000000000)", "repeat(2000000000)", "toRadix(2, 2000000000)"])
def test_a_text_that_no_attribute_should_hold_is_refused(function: str) -> None:
    assert "16,777,216 is the most" in failure(f"${{a:{function}}}", a="1")


def test_a_random_number_of_repeats_lies_between_both() -> None:
    lengths = {len(value("${a:repeat(1, 3)}", a="x")) for _ in range(100)}

    assert lengths == {1, 2, 3}


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ("1", '"a, b"'),
        ("2", " c\\,d"),
        ("9", ""),
        ("0", ""),
        ("1, ',', '\"', '\\\\', true", "a, b"),
        ("2, ',', '\"', '\\\\', true", " c,d"),
        ("2, 'c'", "\\,d"),
    ],
)
def test_a_field_of_a_line_ends_at_a_delimiter_that_is_neither_quoted_nor_escaped(arguments: str, field: str) -> None:
    assert value(f"${{a:getDelimitedField({arguments})}}", a='"a, b", c\\,d') == field


@pytest.mark.parametrize("arguments", ["1, ''", "1, 'xx'", "1, ',', ','", "${missing}"])
def test_the_marks_of_a_line_are_one_character_each_and_differ(arguments: str) -> None:
    assert "getDelimitedField()" in failure(f"${{a:getDelimitedField({arguments})}}", a="a,b")


def test_a_value_is_evaluated_as_an_expression() -> None:
    assert value("${q:evaluateELString()}", q="id = ${id:plus(1)} $${id}", id="7") == "id = 8 ${id}"
    assert value("${q:evaluateELString()}", q="<#{p}${#{p}}>") == "<>"


@pytest.mark.parametrize("text", ["${id:bogus()}", "${q:evaluateELString()}", "${id:divide(0)}"])
def test_a_value_that_is_no_expression_or_leads_to_itself_is_an_error(text: str) -> None:
    assert "evaluateELString()" in failure("${q:evaluateELString()}", q=text, id="7")


def test_values_that_lead_to_ever_more_values_are_stopped() -> None:
    attributes = {f"a{n}": f"${{a{n + 1}:evaluateELString()}}" * 9 for n in range(15)}

    assert "too many" in failure("${a0:evaluateELString()}", **attributes)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("replaceAll('(l+)', '[$1]')", "he[ll]o"),
        ("replaceAll('(?<x>l+)', '<$${x}>')", "he<ll>o"),
        ("replaceAll('x*', '-')", "-h-e-l-l-o-"),
        ("replaceFirst('l', 'L')", "heLlo"),
        ("replaceFirst('z', 'L')", "hello"),
        ("replaceByPattern('a.*:A,h.*:H,.*:other')", "H"),
        ("replaceByPattern('[:A, (h)ello:$1')", "$1"),
        ("replaceByPattern('')", "hello"),
        ("replaceByPattern(${missing})", "hello"),
    ],
)
def test_what_a_regular_expression_matches_is_replaced(text: str, result: str) -> None:
    assert value(f"${{a:{text}}}", a="hello") == result


def test_a_replacing_regular_expression_is_found_to_be_none_only_when_it_is_used() -> None:
    assert "replaceAll()" in failure("${a:replaceAll('[', 'x')}", a="hello")
    assert "no group 2" in failure("${a:replaceAll('(l)', '$2')}", a="hello")


def test_a_mapping_without_a_text_is_a_mistake() -> None:
    assert "regex:text" in mistake("${a:replaceByPattern('abc')}").message
    assert "regex:text" in failure("${a:replaceByPattern(${b})}", a="x", b="abc:")
