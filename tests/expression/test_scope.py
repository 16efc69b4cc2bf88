from dataclasses import dataclass

import pytest

from flowrun.expression import Expression, Scope


@dataclass
class Flowfile:
    id: int = 7
    size: int = 1024
    entry_date: float = 1403620278.642
    lineage_start: float = 1403620278.0


def value(name: str, scope: Scope) -> str:
    return Expression.parse(f"${{{name}}}").evaluate(scope)


def test_names_given_by_the_caller_come_first() -> None:
    scope = Scope({"a": "attribute", "b": "attribute"}, extra={"a": "extra"}, flowfile=Flowfile())

    assert value("a", scope) == "extra"
    assert value("b", scope) == "attribute"


def test_a_flowfile_has_properties_which_come_before_its_attributes() -> None:
    scope = Scope({"fileSize": "wrong"}, flowfile=Flowfile(), properties={"lastQueueDate": "5"})

    assert value("flowFileId", scope) == "7"
    assert value("fileSize", scope) == "1024"
    assert value("entryDate", scope) == "1403620278642"
    assert value("lineageStartDate", scope) == "1403620278000"
    assert value("lastQueueDate", scope) == "5"


def test_without_a_flowfile_these_are_names_as_any_other() -> None:
    assert value("fileSize", Scope({"fileSize": "5"})) == "5"
    assert value("fileSize", Scope({})) == ""


def test_the_environment_comes_last_if_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWRUN_TEST", "environment")

    assert value("FLOWRUN_TEST", Scope({}, environment=True)) == "environment"
    assert value("FLOWRUN_TEST", Scope({"FLOWRUN_TEST": "attribute"}, environment=True)) == "attribute"
    assert value("FLOWRUN_TEST", Scope({})) == ""
    assert value("'\ud800'", Scope({}, environment=True)) == ""


def test_patterns_see_all_but_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWRUN_TEST", "environment")
    scope = Scope({"a": "1"}, extra={"b": "2"}, flowfile=Flowfile(), environment=True)

    found = Expression.parse("${allMatchingAttributes('a|b|fileSize|FLOWRUN.*'):join(',')}").evaluate(scope)

    assert sorted(found.split(",")) == ["1", "1024", "2"]


def test_nested_and_repeated_evaluation_see_the_same_names() -> None:
    scope = Scope({"q": "${b}${fileSize}"}, extra={"b": "2"}, flowfile=Flowfile(), state={"s": "3"})

    assert value("q:evaluateELString()", scope) == "21024"
    assert (
        value("allDelineatedValues('x,y', ','):append(${b}):append(${getStateValue('s')}):join('')", scope) == "x23y23"
    )
