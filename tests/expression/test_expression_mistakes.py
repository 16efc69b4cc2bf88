import pytest
from tests.expression.kit import failure, mistake

from flowrun.expression import Expression


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("${filename:substringBefor('.')}", 12, "no function 'substringBefor'; did you mean 'substringBefore'?"),
        ("${a:isnull()}", 5, "no function 'isnull'; did you mean 'isNull'?"),
        ("x ${uuid()}", 5, "no function 'uuid' that can start an expression; did you mean 'UUID'?"),
        ("${toUpper('x')}", 3, "toUpper() needs a subject: write ${…:toUpper(…)}"),
        ("${a.toUpper()}", 3, "a function stands behind a colon: write ${a:toUpper(…)}"),
        ("${a:now()}", 5, "now() has no subject: write ${now(…)}"),
        ("${file name}", 8, "expected ':' or '}', found 'name'; a name that holds blanks stands in quotes"),
        ("${count}", 3, "'count' is a word of the language; the attribute of that name is ${'count'}"),
        ("${a:append(b)}", 12, "a bare name can't be an argument: write ${b} for the attribute, 'b' for the text"),
        ("${a:append(trim())}", 12, "a function can't be an argument by itself: write ${…:trim()}"),
        (
            "${a:append(${b}:trim())}",
            16,
            (
                "expected ',' or ')', found ':'; a function on an argument stands inside of its braces, "
                "as in append(${b:toUpper()})"
            ),
        ),
        ("${a:trim(1)}", 5, "trim() takes no arguments, found 1"),
        ("${a:append()}", 5, "append() takes 1 argument, found 0"),
        ("${a:substring(1,2,3)}", 5, "substring() takes 1 or 2 arguments, found 3"),
        ("${a:in()}", 5, "in() takes at least 1 argument, found 0"),
        ("${a:length():not()}", 5, "length() gives a whole Number, which can't be used as a Boolean"),
        ("${a:toMicros()}", 3, "toMicros() works on an Instant only, the attribute 'a' gives a String"),
        ("${a/b}", 4, "'/' can't be part of a bare name: put the name in quotes"),
        ("${a;b}", 4, "';' has no meaning here"),
        ("${a:plus(9223372036854775808)}", 10, "a whole number must fit in 64 bits"),
        ("ok ${a} ${}", 11, "expected a name, a string, #{…} or ${…}, found '}'"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_mend(text: str, column: int, message: str) -> None:
    error = mistake(text)

    assert (error.column, error.message) == (column, message)


def test_a_mistake_in_an_argument_says_where_in_it() -> None:
    message = mistake("${a:matches('a[')}").message

    assert message.startswith("matches(): ")
    assert message.endswith("(character 2 of the regular expression)")


def test_a_failure_names_the_expression_and_the_function() -> None:
    assert failure("${a:divide(0)}", a="5") == "'${a:divide(0)}': divide(): 5 can't be divided by zero"


@pytest.mark.parametrize(
    "text",
    [
        "${" * 1000 + "a" + "}" * 1000,
        "${a" + ":toUpper()" * 1000 + "}",
        "${a" + ":append(${a" * 100 + ")}" * 100 + "}",
    ],
)
def test_expressions_nest_only_so_deep(text: str) -> None:
    assert "deeply" in mistake(text).message


def test_long_texts_are_no_trouble() -> None:
    assert Expression.parse("${a}" * 5000).evaluate({"a": "x"}) == "x" * 5000
    assert Expression.parse("${a" + ":toUpper()" * 100 + "}").evaluate({"a": "x"}) == "X"
    assert Expression.parse("${a:in(" + ",".join(["'x'"] * 1000) + ")}").evaluate({"a": "x"}) == "true"
