"""UpdateAttribute."""

import pytest

from flowrun.errors import PropertyError
from flowrun.testing import TestRunner
from flowrun_processors.update_attribute import UpdateAttribute

STATEFUL = {"Store State": "Store state locally", "Stateful Variables Initial Value": "0"}


def update(properties: dict[str, str], **attributes: str) -> dict[str, str]:
    runner = TestRunner(UpdateAttribute(properties))
    runner.enqueue(b"body", attributes)
    [output] = runner.trigger()["success"]
    assert output.content == b"body"
    return output.attributes


def test_attributes_are_set_from_text_and_expressions() -> None:
    attributes = update({"greeting": "Hello ${name}", "empty": "", "my attr.name": "v"}, name="Ada")

    assert attributes["greeting"] == "Hello Ada"
    assert attributes["empty"] == ""
    assert attributes["my attr.name"] == "v"


def test_expressions_see_the_attributes_as_they_came_in() -> None:
    attributes = update({"a": "${b}", "b": "${a}", "c": "[${d}]", "d": "new"}, a="1", b="2")

    assert (attributes["a"], attributes["b"], attributes["c"]) == ("2", "1", "[]")


def test_the_uuid_stays() -> None:
    runner = TestRunner(UpdateAttribute({"uuid": "mine", "Delete Attributes Expression": ".*"}))
    flowfile = runner.enqueue(b"", {"a": "1"})

    [output] = runner.trigger()["success"]

    assert output.attributes == {"uuid": flowfile.uuid, "filename": flowfile.uuid, "path": "./"}


def test_deletion_takes_whole_names_that_came_in_even_if_they_are_set_here() -> None:
    attributes = update(
        {"Delete Attributes Expression": "a|b.*|new", "a": "set", "new": "set"}, a="1", b="1", bb="1", ab="1", A="1"
    )

    assert not {"a", "b", "bb"} & set(attributes)
    assert (attributes["ab"], attributes["A"], attributes["new"]) == ("1", "1", "set")


def test_deletion_can_come_from_an_attribute() -> None:
    assert "a" not in update({"Delete Attributes Expression": "${doomed}"}, doomed="a|b", a="1")
    assert "a" in update({"Delete Attributes Expression": "${doomed}"}, a="1")


@pytest.mark.parametrize("properties", [{"Delete Attributes Expression": "${bad}"}, {"x": "${bad:toDate('yyyy')}"}])
def test_what_fails_on_the_data_puts_the_flowfile_back(properties: dict[str, str]) -> None:
    runner = TestRunner(UpdateAttribute(properties))
    runner.enqueue(b"", {"bad": "("})
    runner.enqueue(b"", {"bad": "2026"})

    triggered = runner.trigger()

    assert len(triggered["success"]) == 1
    assert len(runner.queued) == 1
    assert triggered.failed


def test_state_counts_across_flowfiles_and_survives() -> None:
    counting = UpdateAttribute({**STATEFUL, "count": "${getStateValue('count'):plus(1)}"})
    runner = TestRunner(counting, state={"count": "7", "other": "kept"})
    for _ in range(3):
        runner.enqueue(b"")

    assert [output.attributes["count"] for output in runner.trigger()["success"]] == ["8", "9", "10"]
    assert runner.state == {"count": "10", "other": "kept"}


def test_siblings_see_the_state_from_before_the_flowfile() -> None:
    lagging = {**STATEFUL, "count": "${getStateValue('count'):plus(1)}", "copy": "${getStateValue('count')}"}
    runner = TestRunner(UpdateAttribute(lagging))
    for _ in range(2):
        runner.enqueue(b"")

    assert [output.attributes["copy"] for output in runner.trigger()["success"]] == ["0", "1"]


def test_a_value_is_stored_even_if_its_attribute_is_deleted() -> None:
    counting = {**STATEFUL, "n": "${getStateValue('n'):plus(1)}", "Delete Attributes Expression": "n"}
    runner = TestRunner(UpdateAttribute(counting))

    [output] = runner.trigger(b"", n="x")["success"]

    assert "n" not in output.attributes
    assert runner.state == {"n": "1"}


def test_a_flowfile_that_fails_leaves_the_state_alone() -> None:
    runner = TestRunner(UpdateAttribute({**STATEFUL, "n": "${getStateValue('n'):plus(1)}", "d": "${x:toDate('yyyy')}"}))
    for x in ("2026", "never", "2027"):
        runner.enqueue(b"", {"x": x})

    outputs = runner.trigger()["success"]

    assert [output.attributes["n"] for output in outputs] == ["1", "2"]


def test_relationships_depend_on_whether_state_is_stored() -> None:
    assert set(UpdateAttribute({}).relationships) == {"success"}
    assert set(UpdateAttribute(STATEFUL).relationships) == {"success", "set state fail"}


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"x": "${a:nosuch()}"}, "nosuch"),
        ({"x": "${UUID(}"}, "UUID"),
        ({" ": "x"}, "can't be the name"),
        ({"Delete Attributes Expression": "("}, "Delete Attributes Expression"),
        ({"Delete Attributes Expression": "${a:length()}"}, "gives text"),
        ({"Store State": "yes"}, "Store State"),
        ({"Store State": "Store state locally"}, "'Stateful Variables Initial Value' is needed"),
        ({"Cache Value Lookup Cache Size": "-1"}, "0 or more"),
        ({"Cache Value Lookup Cache Size": "big"}, "whole number"),
    ],
)
def test_a_wrong_configuration_is_refused(properties: dict[str, str], message: str) -> None:
    with pytest.raises(PropertyError, match=message):
        UpdateAttribute(properties).check()


def test_the_former_name_of_the_cache_size_is_accepted() -> None:
    UpdateAttribute({"canonical-value-lookup-cache-size": "7"}).check()
