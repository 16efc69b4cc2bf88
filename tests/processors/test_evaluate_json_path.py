"""EvaluateJsonPath: destinations, return types, what is not found, and contents that are no JSON."""

import json

import pytest

from flowrun.errors import PropertyError
from flowrun.retry import RetryPolicy
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.evaluate_json_path import EvaluateJsonPath

DOCUMENT = json.dumps(
    {
        "name": "Zürich",
        "count": 123456789012345678901234567890,
        "price": 2.50,
        "large": 1e10,
        "nothing": None,
        "yes": True,
        "list": [1, {"a": None}],
        "items": [{"id": 1, "sku": "A"}, {"id": 2, "sku": "B"}],
        "a/b": "x",
    },
    ensure_ascii=False,
)
ATTRIBUTE = {"Destination": "flowfile-attribute"}


def trigger(properties: dict[str, str], content: bytes | str = DOCUMENT, **attributes: str) -> Triggered:
    runner = TestRunner(EvaluateJsonPath(properties))
    runner.enqueue(content, attributes)
    return runner.trigger()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.name", "Zürich"),
        ("name", "Zürich"),
        ("$.count", "123456789012345678901234567890"),
        ("$.price", "2.5"),
        ("$.large", "1.0E10"),
        ("$.nothing", ""),
        ("$.yes", "true"),
        ("$.list[-1].a", ""),
        ("$['a/b']", "x"),
        ("$.items.length()", "2"),
        ("$.missing", ""),
        ("$.nothing.x", ""),
        ("$.list[7]", ""),
    ],
)
def test_a_scalar_becomes_an_attribute(path: str, value: str) -> None:
    [output] = trigger({**ATTRIBUTE, "found": path})["matched"]

    assert output.attributes["found"] == value
    assert output.content == DOCUMENT.encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.list", '[1,{"a":null}]'),
        ("$.items[?(@.id == 1)].sku", '["A"]'),
        ("$.items[?(@.id == 3)].sku", "[]"),
        ("$['name','yes']", '{"name":"Zürich","yes":true}'),
        ("$.name", "Zürich"),
    ],
)
def test_the_return_type_json_takes_objects_and_lists(path: str, value: str) -> None:
    as_json = {"Return Type": "json", "found": path}

    assert trigger({**ATTRIBUTE, **as_json})["matched"][0].attributes["found"] == value
    assert trigger(as_json)["matched"][0].content == value.encode()


@pytest.mark.parametrize("path", ["$.list", "$.items[0]", "$.items[?(@.id == 1)].sku", "$..missing"])
def test_a_list_or_an_object_is_no_scalar_and_no_attribute_is_set(path: str) -> None:
    [output] = trigger({**ATTRIBUTE, "name": "$.name", "found": path})["failure"]

    assert "name" not in output.attributes
    assert not output.penalized


@pytest.mark.parametrize(
    ("behavior", "attributes", "bulletins"),
    [("ignore", {"found": ""}, 0), ("warn", {"found": ""}, 1), ("skip", {"found": "old"}, 0)],
)
def test_what_is_not_found_empties_the_attribute_or_leaves_it(
    behavior: str, attributes: dict[str, str], bulletins: int
) -> None:
    triggered = trigger({**ATTRIBUTE, "Path Not Found Behavior": behavior, "found": "$.missing"}, found="old")

    [output] = triggered["matched"]
    assert attributes.items() <= output.attributes.items()
    assert len(triggered.bulletins) == bulletins


def test_a_path_that_leads_nowhere_leaves_the_content() -> None:
    [output] = trigger({"path": "$.missing"})["unmatched"]

    assert output.content == DOCUMENT.encode()


def test_null_may_be_written_as_a_word() -> None:
    properties = {"Null Value Representation": "the string 'null'", "path": "$.nothing"}

    assert trigger(properties)["matched"][0].content == b"null"
    assert trigger({**properties, **ATTRIBUTE})["matched"][0].attributes["path"] == "null"


def test_without_paths_flowfiles_pass() -> None:
    assert len(trigger(ATTRIBUTE)["matched"]) == 1


@pytest.mark.parametrize(
    "content",
    ["", " \n", "null", "<html>", "{'a': 1}", '{"a": NaN}', '{"a": 1,}', "\ufeff{}", "[" * 100_000, '{"a": "secret'],
)
def test_what_is_not_json_fails_and_the_cause_does_not_quote_it(content: str) -> None:
    runner = TestRunner(EvaluateJsonPath({"path": "$.a"}), retry=RetryPolicy(frozenset({"failure"}), attempts=1))

    [bulletin] = runner.trigger(content).bulletins
    runner.clock.advance(60)
    [output] = runner.trigger()["failure"]

    assert "the content is" in bulletin.message
    assert not any(quoted in bulletin.message for quoted in ("secret", "html", "NaN"))
    assert output.content == content.encode()


def test_what_follows_the_first_value_is_ignored() -> None:
    assert trigger({"path": "$.a"}, '{"a": 1} and more')["matched"][0].content == b"1"


def test_a_string_over_the_limit_fails() -> None:
    properties = {"Max String Length": "10 B", "path": "$.a"}

    assert len(trigger(properties, json.dumps({"a": "x" * 10}))["matched"]) == 1
    assert len(trigger(properties, json.dumps({"a": "x" * 11}))["failure"]) == 1


def test_a_function_that_has_nothing_to_work_on_rolls_back() -> None:
    assert trigger({"path": "$.list[1:].sum()"}).failed


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"one": "$.a", "two": "$.b"},
        {**ATTRIBUTE, "path": ""},
        {**ATTRIBUTE, "path": "  "},
        {**ATTRIBUTE, "path": "$.a[0"},
        {**ATTRIBUTE, "path": "$."},
        {**ATTRIBUTE, " ": "$.a"},
        {**ATTRIBUTE, "Return Type": "string"},
        {**ATTRIBUTE, "Path Not Found Behavior": "fail"},
        {**ATTRIBUTE, "Max String Length": "1000"},
    ],
)
def test_a_configuration_that_cannot_work_is_refused(properties: dict[str, str]) -> None:
    with pytest.raises(PropertyError):
        EvaluateJsonPath(properties).check()


def test_a_dependent_property_is_not_checked_where_it_has_no_meaning() -> None:
    EvaluateJsonPath({"Path Not Found Behavior": "anything", "path": "$.a"}).check()
