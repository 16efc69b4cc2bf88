import pytest
from tests.expression.kit import failure, mistake, value

ATTRIBUTES = {"abc": "hello world", "xyz": "good bye world", "n1": "5", "n2": "10", "list": "a,b,,c", "trail": "a,b,,"}


@pytest.mark.parametrize(
    ("chain", "result"),
    [
        ("anyAttribute('abc', 'xyz'):contains('bye')", "true"),
        ("anyAttribute('abc', 'missing'):isNull()", "true"),
        ("anyAttribute('abc', 'xyz'):contains('bye'):not()", "true"),
        ("anyAttribute(${abc}):isNull()", "true"),
        ("allAttributes('abc', 'xyz'):contains('world')", "true"),
        ("allAttributes('abc', 'missing'):notNull()", "false"),
        ("allAttributes('abc', 'missing', 'xyz'):join('-')", "hello world--good bye world"),
        ("allAttributes('n1', 'n2'):plus(1):join(',')", "6,11"),
        ("allAttributes('n1', 'n1'):count()", "2"),
        ("allAttributes('abc', 'xyz'):contains('hello'):count()", "1"),
        ("anyMatchingAttribute('n\\d'):gt(7)", "true"),
        ("anyMatchingAttribute('zzz.*'):isNull()", "true"),
        ("anyMatchingAttribute('bc'):notNull()", "false"),
        ("allMatchingAttributes('n[12]', 'n.*'):count()", "4"),
        ("allMatchingAttributes('zzz.*'):count()", "0"),
        ("allMatchingAttributes('zzz.*'):join(',')", ""),
        ("anyDelineatedValue(${list}, ','):equals('')", "true"),
        ("anyDelineatedValue(${trail}, ','):equals('')", "false"),
        ("anyDelineatedValue(${missing}, ','):isNull()", "true"),
        ("anyDelineatedValue(${list}, ${missing}):isNull()", "true"),
        ("allDelineatedValues(${list}, ','):toUpper():join(';')", "A;B;;C"),
        ("allDelineatedValues('1.2', '.'):count()", "0"),
        ("allDelineatedValues('a|b', '\\|'):join('')", "ab"),
        ("allDelineatedValues('true,false', ','):not():count()", "1"),
        ("allDelineatedValues('a,b', ','):join(${missing})", "anullb"),
        ("abc:count()", "1"),
        ("missing:count()", "0"),
        ("abc:isNull():count()", "0"),
        ("missing:join(',')", ""),
        ("literal(${allAttributes('abc', 'xyz'):count()}):plus(1)", "3"),
        ("literal(${abc:count():plus(1)})", "2"),
        ("abc:contains('h'):and(${anyAttribute('n1', 'n2'):gt(7)})", "true"),
    ],
)
def test_chains_over_several_attributes(chain: str, result: str) -> None:
    assert value(f"${{{chain}}}", **ATTRIBUTES) == result


@pytest.mark.parametrize(
    "chain",
    [
        "anyAttribute('abc')",
        "anyAttribute('abc'):toUpper()",
        "anyAttribute('abc'):count()",
        "anyAttribute('abc'):join(',')",
        "allAttributes('abc')",
        "allAttributes('abc'):toUpper()",
        "allAttributes('abc'):count():plus(1)",
        "allAttributes('abc'):count():gt(1)",
        "abc:count():plus(1)",
        "anyAttribute():isNull()",
        "anyAttribute(5):isNull()",
        "anyAttribute(abc):isNull()",
        "anyAttribute(''):isNull()",
        "anyAttribute('${abc}'):isNull()",
        "anyMatchingAttribute('['):isNull()",
        "anyDelineatedValue('a'):isNull()",
        "anyDelineatedValue('a', ',', 'x'):isNull()",
        "literal('${abc:count():plus(1)}')",
    ],
)
def test_chains_that_nothing_unites_are_refused(chain: str) -> None:
    assert mistake(f"${{{chain}}}").column is not None


def test_a_null_for_the_first_value_settles_a_chain_and_later_ones_do_not() -> None:
    assert value("${anyDelineatedValue('true,x', ','):and(${missing})}") == "false"
    assert value("${allDelineatedValues('true,true', ','):and(${missing})}") == "false"
    assert value("${anyDelineatedValue('false,true', ','):or(${missing})}") == "false"


def test_a_delimiter_that_is_no_regular_expression_is_an_error() -> None:
    assert "anyDelineatedValue()" in failure("${anyDelineatedValue('a', '['):isNull()}")


def test_chains_within_chains_do_not_disturb_each_other() -> None:
    text = "${allDelineatedValues('1,2', ','):append(${allDelineatedValues('a,b', ','):join('')}):join('|')}"

    assert value(text) == "1ab|2ab"
