import re
import time

import pytest
from tests.expression.kit import failure, mistake, value

from flowrun.expression import Expression, Scope


def test_the_time_now_is_a_date() -> None:
    before = time.time_ns() // 1_000_000
    now = int(value("${now():toNumber()}"))

    assert before <= now <= time.time_ns() // 1_000_000


def test_a_counter_goes_on_through_the_whole_process() -> None:
    first, second = int(value("${nextInt()}")), int(value("${nextInt():plus(0)}"))

    assert second == first + 1


def test_what_is_random_is_new_each_time() -> None:
    assert value("${UUID()}") != value("${UUID()}")
    assert value("${random()}") != value("${random()}")
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", value("${UUID()}"))


@pytest.mark.parametrize("function", ["ip()", "hostname()", "hostname(true)", "thread()"])
def test_the_machine_has_names(function: str) -> None:
    assert value(f"${{{function}}}")


@pytest.mark.parametrize("text", ["${hostname('x')}", "${hostname(${a})}", "${random(5)}", "${a:now()}", "${now}"])
def test_these_functions_stand_at_the_start_and_take_what_they_take(text: str) -> None:
    mistake(text)


def test_a_literal_starts_a_chain() -> None:
    assert value("${literal(5):plus(5)}") == "10"
    assert value("${literal('x'):append('y')}") == "xy"
    assert value("${literal(${missing})}") == "null"


def test_state_is_looked_up_by_key() -> None:
    expression = Expression.parse(
        "${getStateValue('n'):plus(1)}|${getStateValue(${key})}|${getStateValue('x'):isNull()}"
    )

    assert expression.evaluate(Scope({"key": "n"}, state={"n": "7"})) == "8|7|true"
    assert expression.evaluate({}) == "||true"


@pytest.mark.parametrize(
    ("arguments", "uri"),
    [
        ("'https', 'u:p', 'h', 8080, '/p', 'q=1', 'f'", "https://u:p@h:8080/p?q=1#f"),
        ("'https', null, 'h', -1, null, null, null", "https://h"),
        ("'https', null, 'h', '-1', '/a b', 'x=é', 'y z'", "https://h/a%20b?x=é#y%20z"),
        ("null, null, 'h', -1, '/p', null, null", "//h/p"),
        ("'https', null, null, -1, '/100%25', null, null", "https:/100%2525"),
        ("'http', null, '::1', 80, '/', null, null", "http://[::1]:80/"),
        ("'http', 'a@b', '10.0.0.1', 80, '', null, null", "http://a%40b@10.0.0.1:80"),
        ("null, null, null, -1, 'relative', null, null", "relative"),
    ],
)
def test_a_uri_is_put_together_of_seven_parts(arguments: str, uri: str) -> None:
    assert value(f"${{getUri({arguments})}}") == uri


@pytest.mark.parametrize(
    "arguments",
    [
        "'https', null, 'h', -1, 'p', null, null",
        "'1x', null, 'h', -1, '/p', null, null",
        "'http', null, 'h', 1.5, '/p', null, null",
        "'http', null, 'h', null, '/p', null, null",
        "'http', null, 'h h', -1, '/p', null, null",
        "'http', null, 'my_host', -1, '/p', null, null",
        "'http', null, '[::g]', -1, '/p', null, null",
        "'http', null, 'h', -2, '/p', null, null",
        "'http', null, null, -1, null, null, null",
        "'http', null, '', 80, '/p', null, null",
    ],
)
def test_parts_that_make_no_uri_are_an_error(arguments: str) -> None:
    assert "getUri()" in failure(f"${{getUri({arguments})}}")
