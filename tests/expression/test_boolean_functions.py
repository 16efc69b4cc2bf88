import pytest
from tests.expression.kit import failure, value

from flowrun.expression import Expression, Scope


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${missing:isNull()}", "true"),
        ("${empty:isNull()}", "false"),
        ("${empty:notNull()}", "true"),
        ("${missing:isEmpty()}", "true"),
        ("${blank:isEmpty()}", "true"),
        ("${nobreak:isEmpty()}", "false"),
        ("${t:and(${f})}", "false"),
        ("${t:and('TRUE')}", "true"),
        ("${missing:and(true)}", "true"),
        ("${t:and(${missing})}", ""),
        ("${f:or(${t})}", "true"),
        ("${f:or(${missing})}", ""),
        ("${t:or(${missing})}", "true"),
        ("${t:not()}", "false"),
        ("${f:ifElse('a', ${missing})}", ""),
        ("${missing:ifElse('a', 'b')}", "b"),
        ("${t:ifElse(1, 2):plus(1)}", "2"),
        ("${sharp:equalsIgnoreCase('SS')}", "false"),
        ("${accent:equalsIgnoreCase('É')}", "true"),
        ("${missing:equalsIgnoreCase('x')}", "false"),
        ("${n:gt(6.5)}", "true"),
        ("${n:ge(7)}", "true"),
        ("${n:lt('abc')}", "false"),
        ("${n:le(${missing})}", "false"),
        ("${missing:gt(1)}", "false"),
    ],
)
def test_boolean_functions(text: str, result: str) -> None:
    attributes = {"empty": "", "blank": " \t\n", "nobreak": "\xa0", "t": "true", "f": "false", "n": "7"}

    assert value(text, **attributes, sharp="ß", accent="é") == result


def test_not_of_null_is_an_error() -> None:
    assert "not(): the subject is null" in failure("${missing:not()}")


def test_only_the_branch_that_is_chosen_is_evaluated() -> None:
    assert value("${t:ifElse('fine', ${one:divide(0)})}", t="true", one="1") == "fine"


def test_what_decides_leaves_the_argument_alone() -> None:
    assert value("${t:or(${one:divide(0):gt(1)})}", t="true", one="1") == "true"
    assert value("${f:and(${one:divide(0):gt(1)})}", f="false", one="1") == "false"


def test_an_argument_is_evaluated_once_for_all_attributes() -> None:
    expression = Expression.parse("${allDelineatedValues('a,b,c', ','):equals('a'):or(${nextInt():mod(2):equals(5)})}")
    before = int(Expression.parse("${nextInt()}").evaluate({}))

    expression.evaluate(Scope({}))

    assert int(Expression.parse("${nextInt()}").evaluate({})) == before + 2


@pytest.mark.parametrize("text", ['{"a":1}', ' [1, "x"]\n', "{} {}", "[]", '{"a":1,"a":2}'])
def test_a_document_between_braces_or_brackets_is_json(text: str) -> None:
    assert value("${a:isJson()}", a=text) == "true"


@pytest.mark.parametrize(
    "text", ["", "1", '"x"', "{'a':1}", '{"a":1', '{"a":1} x', '{"a":NaN}', '{"a":01}', "[1,]", "{}]"]
)
def test_anything_else_is_no_json(text: str) -> None:
    assert value("${a:isJson()}", a=text) == "false"
