"""JSON: looking into a document and changing it, by Jayway's JSONPath."""

from typing import TYPE_CHECKING

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.types import ResultType

if TYPE_CHECKING:
    from flowrun.dialect.jsonpath import JsonPath

_STRING = ResultType.STRING

FUNCTIONS: tuple[Function, ...] = ()
