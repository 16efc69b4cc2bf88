import pytest
from tests.expression.kit import failure, mistake, value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${a:startsWith('he')}", "true"),
        ("${a:startsWith('')}", "true"),
        ("${missing:startsWith('')}", "false"),
        ("${a:endsWith(${missing})}", "false"),
        ("${a:contains('ll')}", "true"),
        ("${a:contains('LL')}", "false"),
        ("${n:in(5, 7)}", "true"),
        ("${a:in('x', null)}", "false"),
        ("${missing:in('a', null)}", "false"),
        ("${a:find('l+')}", "true"),
        ("${a:matches('l+')}", "false"),
        ("${a:matches('hel{2}o')}", "true"),
        ("${a:matches(${missing})}", "false"),
        ("${missing:matches('.*')}", "false"),
        ("${a:matches('he${part}o')}", "true"),
        ("${a:indexOf('l')}", "2"),
        ("${a:lastIndexOf('l')}", "3"),
        ("${a:indexOf('')}", "0"),
        ("${a:lastIndexOf('')}", "5"),
        ("${missing:indexOf('x')}", "-1"),
        ("${pair:indexOf('x')}", "2"),
        ("${pair:lastIndexOf('x')}", "2"),
    ],
)
def test_search_functions(text: str, result: str) -> None:
    assert value(text, a="hello", n="7", part="ll", pair="😀x") == result


def test_a_regular_expression_written_out_is_checked_before_the_run() -> None:
    assert mistake("${a:matches('[')}").column == 13
    assert mistake("${a:find(null)}").message == "find(): the regular expression can't be null"


def test_a_regular_expression_out_of_the_data_is_checked_when_it_is_used() -> None:
    assert "matches()" in failure("${a:matches(${b})}", a="x", b="[")
    assert value("${missing:matches(${b})}", b="[") == "false"
