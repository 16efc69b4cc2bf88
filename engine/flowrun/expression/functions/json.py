"""JSON: looking into a document and changing it, by Jayway's JSONPath."""

from typing import TYPE_CHECKING

from flowrun.expression.functions.declaration import Function
from flowrun.expression.types import ResultType

if TYPE_CHECKING:
    pass

_STRING = ResultType.STRING

FUNCTIONS: tuple[Function, ...] = ()
