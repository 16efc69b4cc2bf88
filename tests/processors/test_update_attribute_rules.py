"""The advanced rules of UpdateAttribute."""

from dataclasses import replace

import pytest

from flowrun import Parameters, Rule
from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.update_attribute import UpdateAttribute

MATCHED = "UpdateAttribute.matchedRule"
STATEFUL = {"Store State": "Store state locally", "Stateful Variables Initial Value": "0"}


def rule(name: str, condition: str, actions: dict[str, str]) -> Rule:
    return Rule(name, [condition], actions)


def runner_for(rules: list[Rule], properties: dict[str, str] | None = None, policy: str = "use clone") -> TestRunner:
    return TestRunner(UpdateAttribute({**(properties or {}), "FlowFile Policy": policy}, rules=rules))


def outcome(runner: TestRunner, *names: str, **attributes: str) -> list[tuple[str | None, ...]]:
    runner.enqueue(b"body", attributes)
    outputs = runner.trigger()["success"]
    assert all(output.content == b"body" for output in outputs)
    return [tuple(output.attributes.get(name) for name in names) for output in outputs]


LARGE = rule("large", "${n:gt(100)}", {"size": "large"})
EVEN = rule("even", "${n:mod(2):equals(0)}", {"parity": "even", "size": "even"})


def test_where_no_rule_matches_the_plain_properties_apply() -> None:
    runner = runner_for([LARGE], {"size": "small"})

    assert outcome(runner, "size", MATCHED, n="5") == [("small", None)]


def test_a_rule_that_matches_overrides_a_plain_property() -> None:
    runner = runner_for([LARGE], {"size": "small", "other": "x"})

    assert outcome(runner, "size", "other", MATCHED, n="500") == [("large", "x", "large")]


def test_all_conditions_must_hold() -> None:
    both = replace(LARGE, conditions=["${n:gt(100)}", "${m:gt(100)}"])

    assert outcome(runner_for([both]), MATCHED, n="500") == [(None,)]
    assert outcome(runner_for([both]), MATCHED, n="500", m="500") == [("large",)]


def test_each_rule_that_matches_gets_a_clone() -> None:
    runner = runner_for([LARGE, EVEN], {"size": "small"})

    assert outcome(runner, "size", "parity", MATCHED, n="500") == [
        ("large", None, "large"),
        ("even", "even", "even"),
    ]


def test_with_the_original_the_later_rule_wins() -> None:
    runner = runner_for([LARGE, EVEN], {"size": "small"}, "use original")

    assert outcome(runner, "size", "parity", MATCHED, n="500") == [("even", "even", "even")]


def test_rules_and_properties_see_the_attributes_as_they_came_in() -> None:
    first = rule("first", "${a:equals('1')}", {"a": "2"})
    second = rule("second", "${a:equals('2')}", {"b": "x"})
    third = rule("third", "${a:equals('1')}", {"c": "${a}${d}"})
    runner = runner_for([first, second, third], {"d": "${d}+"}, "use original")

    assert outcome(runner, "a", "b", "c", "d", MATCHED, a="1") == [("2", None, "1", "+", "third")]


def test_a_rule_may_delete_instead_of_the_property() -> None:
    deleting = rule("deleting", "${x:isNull():not()}", {"Delete Attributes Expression": "x|${y}"})
    runner = runner_for([deleting], {"Delete Attributes Expression": "z", "x": "new"})

    assert outcome(runner, "x", "y", "z", x="1", y="y", z="1") == [(None, None, "1")]
    assert outcome(runner, "x", "y", "z", y="1", z="1") == [("new", "1", None)]


def test_a_deletion_that_is_no_regular_expression_puts_the_flowfile_back() -> None:
    deleting = rule("deleting", "${x:isNull():not()}", {"Delete Attributes Expression": "${x}"})
    runner = runner_for([deleting])

    assert runner.trigger(b"", x="(").failed
    assert len(runner.queued) == 1


def test_a_condition_that_fails_puts_the_flowfile_back_and_leaves_no_clone() -> None:
    runner = runner_for([LARGE, rule("dated", "${n:toDate('yyyy-MM-dd'):toNumber():gt(0)}", {"a": "b"})])

    triggered = runner.trigger(b"", n="500000")

    assert triggered.failed
    assert triggered["success"] == []


def test_what_rules_set_is_stored_but_not_which_rule_it_was() -> None:
    counting = rule("counting", "${n:gt(100)}", {"large": "${getStateValue('large'):plus(1)}"})
    runner = runner_for([counting], {**STATEFUL, "all": "${getStateValue('all'):plus(1)}"})
    for n in ("5", "500", "600"):
        runner.enqueue(b"", {"n": n})

    outputs = runner.trigger()["success"]

    assert [output.attributes["all"] for output in outputs] == ["1", "2", "3"]
    assert runner.state == {"all": "3", "large": "2"}


def test_conditions_may_look_at_the_state() -> None:
    once = rule("once", "${getStateValue('done'):equals('0')}", {"done": "1"})
    runner = runner_for([once], STATEFUL)
    runner.enqueue(b"")
    runner.enqueue(b"")

    assert [output.attributes.get(MATCHED) for output in runner.trigger()["success"]] == ["once", None]


def test_state_starts_with_the_initial_value_for_what_any_rule_sets() -> None:
    runner = runner_for([LARGE], {**STATEFUL, "n": "1"})
    runner.trigger(b"", n="5")

    assert runner.state == {"n": "1", "size": "0"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (rule(" ", "${a:isNull()}", {"b": "c"}), "rule 1 has no name"),
        (rule("r", "${a}", {"b": "c"}), "rule 'r': expected one expression that is true or false, found '\\${a}'"),
        (rule("r", "a", {"b": "c"}), "rule 'r': expected one expression that is true or false"),
        (rule("r", "${a:nosuch()}", {"b": "c"}), r"rule 'r': expression '\${a:nosuch\(\)}': .*'nosuch'"),
        (rule("r", "${a:isNull()}", {"b": "${c:nosuch()}"}), r"rule 'r': expression '\${c:nosuch\(\)}': .*'nosuch'"),
        (rule("r", "${a:isNull()}", {" ": "c"}), "expected the name of an attribute"),
        (rule("r", "${a:isNull()}", {"Delete Attributes Expression": "("}), "rule 'r', 'Delete Attributes Expression'"),
    ],
)
def test_a_wrong_rule_is_refused(wrong: Rule, message: str) -> None:
    with pytest.raises(PropertyError, match=message):
        UpdateAttribute({}, rules=[wrong]).check()


def test_parameters_stand_in_conditions_and_actions() -> None:
    parameters = Parameters({"limit": "100", "word": "large"})
    rules = [rule("sized", " ${n:gt(#{limit})}\n", {"size": "#{word} "})]
    runner = TestRunner(UpdateAttribute({}, rules=rules, parameters=parameters))

    assert outcome(runner, "size", n="500") == [("large ",)]
    assert outcome(runner, "size", n="5") == [(None,)]


def test_a_parameter_without_a_value_leaves_open_what_can_be_said_of_a_rule() -> None:
    parameters = Parameters(unset=frozenset({"condition", "names"}))
    rules = [rule("open", "#{condition}", {"Delete Attributes Expression": "(#{names}"})]

    assert UpdateAttribute({}, rules=rules, parameters=parameters).problems == ()


def test_the_reason_is_not_shown_where_a_sensitive_parameter_does_not_fit() -> None:
    parameters = Parameters({"secret": "${hidden:nosuch()}("}, sensitive=frozenset({"secret"}))
    rules = [
        rule("r", "#{secret}", {"Delete Attributes Expression": "#{secret}"}),
        rule("s", "${a:isNull()}", {"Delete Attributes Expression": "(#{secret}"}),
    ]

    messages = [problem.message for problem in UpdateAttribute({}, rules=rules, parameters=parameters).problems]

    assert messages
    assert not any("nosuch" in message or "hidden" in message for message in messages)
