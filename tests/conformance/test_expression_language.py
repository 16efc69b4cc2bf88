"""NiFi's Expression Language: each case of the table, compiled and evaluated as NiFi does it."""

import re
import time

import pytest
from tests.conformance.tables import Case

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression import Expression, Scope
from flowrun.parameter_reference import Parameters


@pytest.fixture
def system_zone(expression_case: Case, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TZ", expression_case.get("timezone", "UTC"))
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("system_zone")
def test_expression(expression_case: Case) -> None:
    case = expression_case
    wanted = case.get("expect_error")
    if wanted == "syntax":
        with pytest.raises(ExpressionError):
            _parse(case)
        return
    expression = _parse(case)
    scope = Scope(case.get("attributes", {}), state=case.get("state", {}))
    if wanted == "evaluation":
        with pytest.raises(EvaluationError):
            expression.evaluate(scope)
        return
    value = expression.evaluate(scope)

    if "expect_regex" in case:
        assert re.search(case["expect_regex"], value)
    else:
        assert value == case["expect"]


def _parse(case: Case) -> Expression:
    sensitive = frozenset(case.get("sensitive_parameters", ()))
    parameters = Parameters(case.get("parameters", {}), sensitive, unknown_is_null=True)
    return Expression.parse(case["expression"], parameters=parameters)
