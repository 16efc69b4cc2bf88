"""What the tests of the Expression Language share."""

import pytest

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression import Expression


def value(text: str, **attributes: str) -> str:
    """The value of a property's text for these attributes."""
    return Expression.parse(text).evaluate(attributes)


def mistake(text: str) -> ExpressionError:
    """The error that is found in the text before it is evaluated."""
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    return caught.value


def failure(text: str, **attributes: str) -> str:
    """What is said when a valid expression fails on these attributes."""
    expression = Expression.parse(text)
    with pytest.raises(EvaluationError) as caught:
        expression.evaluate(attributes)
    return str(caught.value)
