import pytest
from tests.expression.kit import mistake, value

from flowrun.expression import Expression, ResultType


@pytest.mark.parametrize(
    "name",
    ["a.b", "a|b", "a#b", "a-b", "a_b", "a@b", "a=b", "a!b", "a%b", "a<b", "a?b", "+a", "-5a", "~", "日本", ".a"],
)
def test_a_bare_name_may_hold_nearly_anything(name: str) -> None:
    assert value(f"${{{name}}}", **{name: "found"}) == "found"


@pytest.mark.parametrize("name", ["a/b", "a*b", "a;b", "a[b", "a]b", "5a", "a b", "."])
def test_some_names_need_quotes(name: str) -> None:
    mistake(f"${{{name}}}")

    assert value(f"${{'{name}'}}", **{name: "found"}) == "found"


@pytest.mark.parametrize("word", ["count", "length", "in", "UUID", "format", "true", "false", "null", "anyAttribute"])
def test_a_word_of_the_language_is_an_attribute_only_in_quotes(word: str) -> None:
    assert mistake(f"${{{word}}}").message.endswith(f"the attribute of that name is ${{'{word}'}}")
    assert value(f"${{'{word}'}}", **{word: "found"}) == "found"


@pytest.mark.parametrize("name", ["counter", "true1", "ip.address", "uuid", "index"])
def test_only_the_exact_word_is_reserved(name: str) -> None:
    assert value(f"${{{name}}}", **{name: "found"}) == "found"


def test_an_expression_may_be_the_name_of_an_attribute() -> None:
    assert value("${${which}}", which="other", other="found") == "found"
    assert value("${'x${n}'}", n="1", x1="found") == "found"
    assert value("${${missing}}") == ""


def test_blanks_and_line_breaks_may_stand_between_all_parts() -> None:
    assert value("${ \t a\r\n : toUpper ( ) : append ( 'x' ) }", a="b") == "Bx"
    assert value("${a:append($ {b})}", a="x", b="y") == "xy"


@pytest.mark.parametrize("text", ["${a # why\n}", "${# first\na}", "${a ## why\n}", '${a # "why"\n}', "${a#b}"])
def test_a_comment_ends_with_its_line(text: str) -> None:
    assert value(text, a="x", **{"a#b": "x"}) == "x"


@pytest.mark.parametrize("text", ["${a # why}", "${a #\n}", "${#\na}"])
def test_a_comment_holds_a_character_and_a_line_end(text: str) -> None:
    mistake(text)


@pytest.mark.parametrize(
    ("argument", "appended"),
    [
        ("5", "5"),
        ("-5", "-5"),
        ("+5", "5"),
        ("007", "7"),
        ("5.", "5.0"),
        (".5", "0.5"),
        ("1e3", "1000.0"),
        ("-1.5E-2", "-0.015"),
        ("true", "true"),
        ("null", ""),
        ("9223372036854775807", "9223372036854775807"),
        ("0" * 5000 + "1", "1"),
    ],
)
def test_numbers_booleans_and_null_are_arguments(argument: str, appended: str) -> None:
    assert value(f"${{a:append({argument})}}", a="x") == f"x{appended}"


@pytest.mark.parametrize(
    "argument", ["b", "0x10", "9223372036854775808", "toUpper()", "${b}:toUpper()", "5a", "", "(1)"]
)
def test_other_things_are_no_arguments(argument: str) -> None:
    mistake(f"${{a:append({argument})}}")


@pytest.mark.parametrize("text", ["${}", "${ }", "${a:}", "${:a}", "${a:toUpper}", "${a:toUpper(}", "${a::toUpper()}"])
def test_an_expression_that_lacks_a_part_is_refused(text: str) -> None:
    mistake(text)


@pytest.mark.parametrize("text", ["${a", "${a:append('x)}", "$ {a}", "{a}", "$a", "$", "", "it's {a} \\ "])
def test_what_is_not_closed_or_no_expression_is_plain_text(text: str) -> None:
    assert value(text, a="x") == text


def test_braces_in_strings_do_not_end_an_expression() -> None:
    assert value("${a:append('}')}", a="x") == "x}"
    assert value("${a:append('{')}", a="x") == "x{"


def test_expressions_and_text_are_put_together() -> None:
    assert value("<${a}|${b}>${missing}", a="x", b="y") == "<x|y>"


def test_a_constant_text_depends_on_nothing() -> None:
    assert Expression.parse("plain").is_constant
    assert Expression.parse("${literal(2):plus(1)} items").is_constant
    assert not Expression.parse("${a}").is_constant
    assert not Expression.parse("${now()}").is_constant
    assert Expression.parse("${literal(2):plus(1)} items").evaluate({}) == "3 items"


def test_what_fails_in_any_case_is_found_when_it_is_evaluated_as_in_nifi() -> None:
    expression = Expression.parse("${literal(1):divide(0)}")

    assert not expression.is_constant


def test_an_expression_knows_the_attributes_it_looks_up() -> None:
    expression = Expression.parse("${a:append(${b})}${'c${literal(1)}'} ${allAttributes('d', 'e'):join(',')}")

    assert expression.attributes_used == {"a", "b", "c1", "d", "e"}
    assert not expression.uses_attributes_by_pattern


def test_an_expression_knows_whether_it_looks_up_others() -> None:
    assert not Expression.parse("${a}").uses_attributes_by_pattern
    assert Expression.parse("${${a}}").uses_attributes_by_pattern
    assert Expression.parse("${anyMatchingAttribute('x.*'):isNull()}").uses_attributes_by_pattern


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("${a:isNull()}", ResultType.BOOLEAN),
        ("${a}", ResultType.STRING),
        ("${a:length()}", ResultType.WHOLE_NUMBER),
        ("${a:toDecimal()}", ResultType.DECIMAL),
        ("${a:plus(1)}", ResultType.NUMBER),
        ("${now()}", ResultType.DATE),
        ("${a:toInstant()}", ResultType.INSTANT),
        ("${anyAttribute('a'):isNull()}", ResultType.BOOLEAN),
        ("${a:isNull()} ", None),
        ("${a:isNull()}${a:isNull()}", None),
        ("true", None),
    ],
)
def test_the_type_of_a_text_that_is_one_expression_is_known(text: str, type_: ResultType | None) -> None:
    assert Expression.parse(text).single_result_type is type_


@pytest.mark.parametrize(("given", "truth"), [("true", True), (" TRUE ", True), ("yes", False), ("", False)])
def test_a_boolean_value_is_read_in_any_case(given: str, truth: bool) -> None:
    assert Expression.parse("${a}").evaluate_boolean({"a": given}) is truth
    assert Expression.parse("${a:isNull():not()}").evaluate_boolean({"a": given})


def test_null_is_no_true() -> None:
    assert not Expression.parse("${missing}").evaluate_boolean({})


def test_a_text_is_read_once() -> None:
    assert Expression.parse("${once}") is Expression.parse("${once}")


def test_a_quote_is_put_over_what_expressions_yield_and_not_over_the_text_around() -> None:
    expression = Expression.parse("(a) ${x}${missing} ${literal('(c)')}")

    assert expression.evaluate({"x": "(b)"}, quote=lambda text: text.replace("(", "[")) == "(a) [b) [c)"
    assert expression.evaluate({"x": "(b)"}) == "(a) (b) (c)"
