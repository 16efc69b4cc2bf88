from zoneinfo import ZoneInfo

import pytest
from tests.expression.kit import failure, mistake, value

from flowrun.expression import Expression, Scope


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("${literal(1e2)}", "100.0"),
        ("${literal(0.0001)}", "1.0E-4"),
        ("${literal(12345678.9)}", "1.23456789E7"),
        ("${literal(true)}", "true"),
        ("${literal('Infinity'):toDecimal()}", "Infinity"),
        ("${literal(0):toInstant()}", "1970-01-01T00:00:00Z"),
        ("${literal(1):isNull()}", "false"),
    ],
)
def test_values_print_as_in_java(text: str, printed: str) -> None:
    assert value(text) == printed


def test_a_date_prints_in_the_scope_s_zone() -> None:
    expression = Expression.parse("${ms:toDate()}")
    attributes = {"ms": "1403620278642"}

    assert expression.evaluate(Scope(attributes, zone=ZoneInfo("UTC"))) == "Tue Jun 24 14:31:18 UTC 2014"
    assert expression.evaluate(Scope(attributes, zone=ZoneInfo("America/New_York"))) == "Tue Jun 24 10:31:18 EDT 2014"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 42 ", "42"),
        ("-7", "-7"),
        ("0xFF", "255"),
        ("2.9", "2"),
        ("-2.9", "-2"),
        (".5", "0"),
        ("Infinity", "9223372036854775807"),
        ("NaN", "0"),
        ("1e3", ""),
        ("5.", ""),
        ("1,000", ""),
        ("abc", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_a_whole_number_or_null(text: str, number: str) -> None:
    assert value("${a:toNumber()}", a=text) == number


def test_more_than_64_bits_are_an_error() -> None:
    assert "64 bits" in failure("${a:plus(1)}", a="9223372036854775808")


@pytest.mark.parametrize(
    ("text", "truth"), [("true", "yes"), (" TRUE\n", "yes"), ("yes", "no"), ("", "no"), ("1", "no")]
)
def test_only_true_is_true(text: str, truth: str) -> None:
    assert value("${a:ifElse('yes', 'no')}", a=text) == truth


@pytest.mark.parametrize(
    "text",
    [
        "${a:isEmpty():plus(1)}",
        "${a:plus(1):and(true)}",
        "${a:isEmpty():toDate()}",
        "${a:isEmpty():format('yyyy')}",
        "${a:toDate():not()}",
        "${a:plus(true)}",
        "${a:and(1)}",
        "${a:toInstant():toDecimal()}",
        "${a:toDate():toNanos()}",
        "${a:jsonPathSet('$.a', ${b:toDate()})}",
    ],
)
def test_what_can_never_be_converted_is_found_before_the_run(text: str) -> None:
    assert mistake(text).column is not None


def test_a_date_and_an_instant_become_each_other_as_numbers_only() -> None:
    assert value("${ms:toInstant():plusDuration('1 second'):isNull()}", ms="5") == "true"
    assert value("${ms:toDate():plusInstantDuration('1 second'):isNull()}", ms="5") == "true"
    assert value("${ms:toInstant():toNumber():format('ss.SSS', 'UTC')}", ms="5") == "00.005"


def test_null_stays_null_in_every_conversion() -> None:
    for function in ("toNumber()", "toDecimal()", "toString()", "toDate()", "toInstant()", "plus(1)", "not():isNull()"):
        if not function.startswith("not"):
            assert value(f"${{missing:{function}:isNull()}}") == "true"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("${a:equals(7)}", "true"),
        ("${a:toNumber():equals('7')}", "true"),
        ("${a:toNumber():equals(7.0)}", "false"),
        ("${a:toDecimal():equals(7)}", "false"),
        ("${a:plus(0):equals(${a:toDecimal():plus(0)})}", "false"),
        ("${a:toDate():equals(7)}", "true"),
        ("${literal('NaN'):toDecimal():equals(${literal('NaN'):toDecimal()})}", "true"),
        ("${literal(0.0):toDecimal():equals(${literal(-0.0):toDecimal()})}", "false"),
        ("${a:isNull():equals('false')}", "true"),
        ("${a:isNull():equals(false)}", "true"),
        ("${missing:equals(null)}", "false"),
    ],
)
def test_values_are_equal_if_they_are_of_the_same_type_or_print_alike(text: str, truth: str) -> None:
    assert value(text, a="7") == truth
