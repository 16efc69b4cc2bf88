import pytest
from tests.expression.kit import mistake, value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\n", "\n"),
        (r"\r", "\r"),
        (r"\t", "\t"),
        (r"\\", "\\"),
        (r"\'", "'"),
        (r"\"", '"'),
        (r"\d+", r"\d+"),
        (r"\u0041", r"\u0041"),
        (r"\\t", r"\t"),
        (r"\\\\", r"\\"),
        ("# not a comment", "# not a comment"),
        ("{}", "{}"),
        ("a,b", "a,b"),
    ],
)
def test_escapes_in_strings_are_read_and_other_backslashes_stay(written: str, read: str) -> None:
    assert value(f"${{literal('{written}')}}") == read
    assert value(f'${{literal("{written}")}}') == read


@pytest.mark.parametrize("raw", ["\n", "\r", "\t"])
def test_a_string_holds_no_raw_line_break_or_tab(raw: str) -> None:
    assert "raw line break" in mistake(f"${{a:append('x{raw}y')}}").message


def test_expressions_in_strings_are_evaluated() -> None:
    assert value("${a:append('-${b:toUpper()}-')}", a="x", b="y") == "x-Y-"
    assert value("${a:append('${b:append(\"z\")}')}", a="x", b="y") == "xyz"
    assert value("${n:plus('${n}')}", n="3") == "6"
    assert value("${literal('${missing}'):append('')}") == "null"


def test_an_expression_in_a_string_must_be_right() -> None:
    assert mistake("${a:append('x ${b:bogus()}')}").column == 19
    assert mistake("${a:append('${}')}").column == 15


def test_an_unclosed_expression_in_a_string_is_plain_text() -> None:
    assert value("${a:append('${b')}", a="x") == "x${b"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$${a}", "${a}"),
        ("$$${a}", "$x"),
        ("$$$${a}", "$${a}"),
        ("$$$$${a}", "$$x"),
        ("$$", "$$"),
        ("$$5 and $$6", "$$5 and $$6"),
        ("$5 and ${a}", "$5 and x"),
        ("$$5 and ${a}", "$5 and x"),
        ("$$5 and $${a}", "$5 and ${a}"),
        ("x $$ {y} ${a} $$ {z}", "x $ {y} x $ {z}"),
        ("x{$$}${a}", "x{$$}x"),
        ("x$$$$${a}", "x$x"),
        ("x$$$$${a:toUpper()}", "x$$X"),
        ("$}${a}", "$}${a}"),
        ("\\${a}", "\\x"),
        ("${a}$", "x$"),
        ("${a}${a}", "xx"),
        ("${'a'}${a}", "x${a}"),
    ],
)
def test_dollar_signs_are_halved_as_in_nifi(written: str, read: str) -> None:
    assert value(written, a="x") == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$", "$"),
        ("$$", "$$"),
        ("$$$", "$$$"),
        ("$${b}", "${b}"),
        ("$$${b}", "$y"),
        ("$$$${b}", "$${b}"),
        ("a$${b}c", "a${b}c"),
    ],
)
def test_in_strings_only_dollar_signs_before_braces_are_halved(written: str, read: str) -> None:
    assert value(f"${{literal('{written}')}}", b="y") == read


def test_of_two_escaped_quotes_the_second_ends_the_string_for_the_scanner() -> None:
    assert value(r"${a:append('it\'s')}", a="x") == "xit's"
    assert value(r"${a:append('it\'s Bob\'s')}", a="x") == r"${a:append('it\'s Bob\'s')}"
