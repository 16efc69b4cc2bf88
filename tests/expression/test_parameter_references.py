import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.errors import ExpressionError
from flowrun.expression import Expression
from flowrun.parameter_reference import (
    NO_PARAMETERS,
    Parameters,
    Reference,
    expression_spans,
    references,
    substitute,
)

PARAMETERS = Parameters(
    {"p": "v", "q r": "w", "el": "${a:toUpper()}", "dollar": "$", "number": "41", "secret": "s"},
    sensitive=frozenset({"secret"}),
    unset=frozenset({"later"}),
)


def value(text: str, **attributes: str) -> str:
    return Expression.parse(text, parameters=PARAMETERS).evaluate(attributes)


@pytest.mark.parametrize(
    ("written", "replaced"),
    [
        ("#{p}", "v"),
        ("<#{p}#{q r}>", "<vw>"),
        ("#{'p'}", "v"),
        ("##{p}", "#{p}"),
        ("###{p}", "#v"),
        ("####{p}", "##{p}"),
        ("text ##{p} #{p}", "text #{p} v"),
        ("#{p}}", "v}"),
        ("#p # {p} ##", "#p # {p} ##"),
        ("#{no end", "#{no end"),
        ("#{bad'name}", "#{bad'name}"),
        ("#{later}", ""),
        ("${a:append(#{p})}", "${a:append(#{p})}"),
        ("${#{p}", "${#{p}"),
        ("${a:append('x)} #{p}", "${a:append('x)} v"),
        ("$${#{p}}", "$${v}"),
        ("${a:append('}')} #{p}", "${a:append('}')} v"),
        ("no references", "no references"),
    ],
)
def test_references_outside_of_expressions_are_replaced(written: str, replaced: str) -> None:
    assert substitute(written, PARAMETERS) == replaced


def test_a_value_is_not_read_for_further_references() -> None:
    assert substitute("#{a}", Parameters({"a": "#{b}", "b": "x"})) == "#{b}"


def test_an_unknown_parameter_is_an_error_with_its_place_and_a_guess() -> None:
    with pytest.raises(ExpressionError) as caught:
        substitute("in #{credential_dir}", Parameters({"credentials_dir": "x"}))

    assert caught.value.column == 4
    assert caught.value.message == "there is no parameter 'credential_dir'; did you mean 'credentials_dir'?"


def test_an_unknown_parameter_is_an_error_inside_of_expressions_too() -> None:
    with pytest.raises(ExpressionError, match="no parameter 'x'") as caught:
        Expression.parse("a ${b:append(#{x})}", parameters=NO_PARAMETERS)

    assert caught.value.column == 14


def test_unknown_parameters_are_null_if_that_is_asked_for() -> None:
    lenient = Parameters(unknown_is_null=True)

    assert substitute("<#{x}>", lenient) == "<>"
    assert Expression.parse("${#{x}:replaceNull('none')}", parameters=lenient).evaluate({}) == "none"


def test_a_parameter_is_a_value_inside_of_expressions() -> None:
    assert value("${#{number}:plus(1)}") == "42"
    assert value("${a:append(#{'q r'}):append(#{\"p\"})}", a="x") == "xwv"
    assert value("${a:append(#{el})}", a="x") == "x${a:toUpper()}"
    assert value("${${#{p}}}", v="found") == "found"
    assert value("${a:append('#{p}')}", a="x") == "x#{p}"


def test_a_value_outside_of_expressions_may_be_one() -> None:
    assert value("#{el}", a="x") == "X"
    assert value("#{dollar}{a}", a="x") == "x"


def test_a_sensitive_parameter_is_null_inside_of_expressions_and_itself_outside() -> None:
    assert value("<#{secret}>") == "<s>"
    assert value("${#{secret}:isNull()}") == "true"


def test_an_expression_knows_its_parameters() -> None:
    expression = Expression.parse("#{p} ${a:append(#{number}):append('${#{secret}}')}", parameters=PARAMETERS)

    assert expression.parameters_used == {"p", "number", "secret"}
    assert expression.uses_sensitive_parameter
    assert not Expression.parse("#{p}", parameters=PARAMETERS).uses_sensitive_parameter
    assert expression.text == "#{p} ${a:append(#{number}):append('${#{secret}}')}"


def test_references_are_listed_with_their_places_inside_and_outside() -> None:
    text = "#{p} ##{no} ${#{q r}:append('#{no}'):append('${#{\"x\"}}')} # #{p}"

    found = references(text)

    assert [text[each.start : each.end] for each in found] == ["#{p}", "#{q r}", '#{"x"}', "#{p}"]
    assert [each.name for each in found] == ["p", "q r", "x", "p"]
    assert [each.inside_expression for each in found] == [False, True, True, False]
    assert found[0] == Reference("p", 0, 4, inside_expression=False)


def test_a_mistake_behind_a_parameter_stands_where_it_was_written() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("#{p}#{q r} ${a:bogus()}", parameters=PARAMETERS)

    assert caught.value.column == 16


def test_a_mistake_in_a_parameter_s_value_names_the_parameter() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("x #{bad}", parameters=Parameters({"bad": "${a:bogus()}"}))

    assert caught.value.message == "in the value of the parameter 'bad': no function 'bogus'"
    assert caught.value.column == 3


def test_what_a_sensitive_parameter_holds_is_not_told() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse("x #{bad}", parameters=Parameters({"bad": "${hush:hush()}"}, sensitive=frozenset({"bad"})))

    assert "hush" not in str(caught.value)


@given(st.text(alphabet="${}'\"\\ab:(", max_size=14).map(lambda text: f"${{{text}}}"), st.booleans())
def test_expressions_stand_where_they_do_whatever_text_is_before_them(text: str, escaped: bool) -> None:
    behind_text = expression_spans(f"x{text}", escaped=escaped)

    assert expression_spans(text, escaped=escaped) == [(start - 1, end - 1) for start, end in behind_text]
