"""RouteOnAttribute."""

import pytest

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.route_on_attribute import RouteOnAttribute

ALL = "Route to 'match' if all match"
ANY = "Route to 'match' if any matches"
ROUTES = {"a": "${x:equals('1')}", "b": "${y:equals('1')}"}


def ways(triggered: Triggered) -> list[str]:
    return [name for name in triggered for _ in triggered[name]]


@pytest.mark.parametrize(
    ("strategy", "x", "y", "expected"),
    [
        ("Route to Property name", "1", "0", ["a"]),
        ("Route to Property name", "0", "1", ["b"]),
        ("Route to Property name", "1", "1", ["a", "b"]),
        ("Route to Property name", "0", "0", ["unmatched"]),
        (ALL, "1", "1", ["matched"]),
        (ALL, "1", "0", ["unmatched"]),
        (ANY, "1", "0", ["matched"]),
        (ANY, "0", "0", ["unmatched"]),
        ("Route to 'matched' if all match", "1", "1", ["matched"]),
        ("Route to 'matched' if any matches", "0", "1", ["matched"]),
    ],
)
def test_the_strategy_and_the_expressions_choose_the_way(strategy: str, x: str, y: str, expected: list[str]) -> None:
    triggered = TestRunner(RouteOnAttribute({"Routing Strategy": strategy, **ROUTES})).trigger(b"body", x=x, y=y)

    assert ways(triggered) == expected
    for name in expected:
        [output] = triggered[name]
        assert output.attributes["RouteOnAttribute.Route"] == name
        assert output.content == b"body"


def test_each_match_gets_a_flowfile_of_its_own() -> None:
    triggered = TestRunner(RouteOnAttribute(ROUTES)).trigger(b"body", x="1", y="1", keep="me")

    [first], [second] = triggered["a"], triggered["b"]
    assert first.attributes["uuid"] != second.attributes["uuid"]
    assert first.attributes["keep"] == second.attributes["keep"] == "me"


def test_nothing_to_match_is_all_matched_and_not_any_matched() -> None:
    assert ways(TestRunner(RouteOnAttribute({})).trigger(b"")) == ["unmatched"]
    assert ways(TestRunner(RouteOnAttribute({"Routing Strategy": ALL})).trigger(b"")) == ["matched"]
    assert ways(TestRunner(RouteOnAttribute({"Routing Strategy": ANY})).trigger(b"")) == ["unmatched"]


@pytest.mark.parametrize(
    ("strategy", "relationships"),
    [
        ("Route to Property name", {"a", "b", "unmatched"}),
        (ALL, {"matched", "unmatched"}),
        (ANY, {"matched", "unmatched"}),
    ],
)
def test_relationships_depend_on_the_strategy(strategy: str, relationships: set[str]) -> None:
    assert set(RouteOnAttribute({"Routing Strategy": strategy, **ROUTES}).relationships) == relationships


@pytest.mark.parametrize("name", ["matched", "unmatched", "high value orders"])
def test_a_route_may_have_any_name(name: str) -> None:
    triggered = TestRunner(RouteOnAttribute({name: "${x:isNull():not()}"})).trigger(b"", x="1")

    assert ways(triggered) == [name]


@pytest.mark.parametrize("strategy", ["Route to Property name", ALL, ANY])
def test_an_expression_that_fails_puts_the_flowfile_back(strategy: str) -> None:
    routes = {"a": "${x:isNull():not()}", "b": "${x:toDate('yyyy'):toNumber():gt(0)}"}
    runner = TestRunner(RouteOnAttribute({"Routing Strategy": strategy, **routes}))

    triggered = runner.trigger(b"", x="nonsense")

    assert triggered.failed
    assert ways(triggered) == []
    assert len(runner.queued) == 1


@pytest.mark.parametrize(
    "value",
    ["", "true", "${x}", "${x:length()}", "${x:isNull():toString()}", " ${x:isNull()}", "${x:isNull()}${y:isNull()}",
     "${x:isNull()", "$${x:isNull()}", "${x:nosuch()}"],
)  # fmt: skip
def test_a_value_that_is_not_one_expression_with_a_yes_or_no_is_refused(value: str) -> None:
    with pytest.raises(PropertyError, match=r"a|nosuch"):
        RouteOnAttribute({"a": value}).check()


def test_a_strategy_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PropertyError, match="Routing Strategy"):
        RouteOnAttribute({"Routing Strategy": "Route everything"}).check()
